// Times every stage in wasm: `node stages.mjs MODULE FOLDER RATE..` prints the lines that the native program prints, on the
// signals that it left. Frames cross the boundary as in a page, each one copied; the unit gets 5 s at
// once.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const ROUNDS = 20, PARTS = 60;
const [module, folder, ...rates] = process.argv.slice(2);
const { Pass, stages, frameLength } = createRequire(import.meta.url)(path.resolve(module));
const frame = frameLength();
const [unit] = stages();

/** A pass; `best` holds the least milliseconds of each part so far, and of the end. */
function once(stage, rate, samples, best) {
  const length = Math.ceil(samples.length / PARTS);
  const piece = stage === unit ? length : frame;
  let since = performance.now();
  let part = 0;
  const stop = () => {
    const now = performance.now();
    best[part] = Math.min(best[part], now - since);
    part += 1;
    since = now;
  };
  const pass = Pass.of(stage, rate);
  for (let at = 0; at < samples.length; at += length) {
    const end = Math.min(at + length, samples.length);
    for (let from = at; from < end; from += piece) pass.push(samples.subarray(from, Math.min(from + piece, end)));
    stop();
  }
  pass.finish();
  stop();
}

const signals = rates.map(Number).map(rate => {
  const bytes = fs.readFileSync(path.join(folder, `${rate}.f32`));
  const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  return { rate, samples, best: new Map(stages().map(stage => [stage, new Array(PARTS + 1).fill(Infinity)])) };
});
for (let round = 0; round < ROUNDS; round++)
  for (const { rate, samples, best } of signals)
    for (const [stage, parts] of best) once(stage, rate, samples, parts);
for (const { rate, samples, best } of signals) {
  for (const [stage, parts] of best) {
    const ms = parts.reduce((sum, part) => sum + part, 0);
    console.log(`${rate} ${stage} ${(ms * 1e6 / samples.length).toFixed(3)}`);
  }
}
