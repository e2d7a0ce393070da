// Times every stage in wasm: `node stages.mjs MODULE FOLDER RATE..` prints the lines that the native program prints, on the
// signals that it left. Frames cross the boundary as in a page, each one copied; the unit gets the signal in one piece.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const ROUNDS = 20;
const [module, folder, ...rates] = process.argv.slice(2);
const { Pass, stages, frameLength } = createRequire(import.meta.url)(path.resolve(module));
const frame = frameLength();
const [unit] = stages();

function once(stage, rate, samples) {
  const piece = stage === unit ? samples.length : frame;
  const started = performance.now();
  const pass = Pass.of(stage, rate);
  for (let at = 0; at < samples.length; at += piece) pass.push(samples.subarray(at, at + piece));
  pass.finish();
  return (performance.now() - started) * 1e6 / samples.length;
}

for (const rate of rates.map(Number)) {
  const bytes = fs.readFileSync(path.join(folder, `${rate}.f32`));
  const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const best = new Map(stages().map(stage => [stage, Infinity]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [stage, ns] of best) best.set(stage, Math.min(ns, once(stage, rate, samples)));
  for (const [stage, ns] of best) console.log(`${rate} ${stage} ${ns.toFixed(3)}`);
}
