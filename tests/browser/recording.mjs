// What an emulated strap carries: a stretch of a WFDB record, or an ECG whose beats are known because they were made.
// A recording is {name, samplingRateHz, samplesUv, beatTimesS | null}; beatTimesS is the reference, null when there is none.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** The folder of reference recordings: PQRST_DATA, else `../shared/data` seen from the project's root; null when absent. */
export function dataFolder() {
  const folder = process.env.PQRST_DATA
    ? path.resolve(projectRoot, process.env.PQRST_DATA)
    : path.resolve(projectRoot, '../shared/data');
  return fs.existsSync(path.join(folder, 'mitdb')) ? folder : null;
}

// WFDB annotation codes that stand for a beat (wfdb ecgcodes.h, `isqrs`).
const BEAT_CODES = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 25, 30, 34, 35, 38, 41]);

/** Beat places (sample numbers) of a WFDB annotation file (MIT format: u16 words, code in the upper 6 bits). */
export function decodeBeatAnnotations(bytes) {
  const word = at => bytes[at] | (bytes[at + 1] << 8);
  const beats = [];
  let time = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const code = word(at) >> 10;
    const low = word(at) & 1023;
    if (word(at) === 0) break;
    if (code === 59) {            // SKIP: a 32-bit interval, its high half first
      time += (word(at + 2) << 16) | word(at + 4);
      at += 4;
    } else if (code === 63) {     // AUX: `low` bytes of text, padded to even
      at += low + (low & 1);
    } else if (code < 60) {
      time += low;
      if (BEAT_CODES.has(code)) beats.push(time);
    }
  }
  return beats;
}

/** Both channels of WFDB format 212: three bytes hold two 12-bit two's-complement samples. */
export function decodeFormat212(bytes) {
  const count = Math.floor(bytes.length / 3);
  const channels = [new Int16Array(count), new Int16Array(count)];
  const signed = value => (value > 2047 ? value - 4096 : value);
  for (let i = 0; i < count; i++) {
    const middle = bytes[3 * i + 1];
    channels[0][i] = signed(bytes[3 * i] | ((middle & 0x0f) << 8));
    channels[1][i] = signed(bytes[3 * i + 2] | ((middle & 0xf0) << 4));
  }
  return channels;
}

/** The first lead of a two-lead format-212 record from `startS` for `durationS`, with its beats where annotated. */
export function readRecord(folder, name, startS, durationS) {
  const file = extension => path.join(folder, `${name}.${extension}`);
  const [header, firstSignal] = fs.readFileSync(file('hea'), 'latin1').split(/\r?\n/).filter(l => l && !l.startsWith('#'));
  const samplingRateHz = Number(header.split(/\s+/)[2]);
  const [dat, format, gainField, , zeroField] = firstSignal.split(/\s+/);
  if (format !== '212' || !(samplingRateHz > 0)) throw new Error(`${name}: not a format-212 record`);
  const gain = parseFloat(gainField);                            // units of the converter per millivolt
  const zero = /\((-?\d+)\)/.exec(gainField) ? Number(/\((-?\d+)\)/.exec(gainField)[1]) : Number(zeroField);
  const [lead] = decodeFormat212(fs.readFileSync(path.join(folder, dat)));
  const first = Math.round(startS * samplingRateHz);
  const part = lead.subarray(first, first + Math.round(durationS * samplingRateHz));
  const samplesUv = Float32Array.from(part, value => ((value - zero) / gain) * 1000);
  const beatTimesS = fs.existsSync(file('atr'))
    ? decodeBeatAnnotations(fs.readFileSync(file('atr')))
        .map(sample => (sample - first) / samplingRateHz)
        .filter(time => time >= 0 && time < durationS)
    : null;
  return { name, samplingRateHz, samplesUv, beatTimesS };
}

/** Numbers in [0, 1) from a seed (mulberry32): the same in every run. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** An ECG with known beats: five Gaussian waves a beat on a respiratory-modulated rate, a little muscle noise. */
export function syntheticEcg({ bpm, durationS, seed = 1, samplingRateHz = 500 }) {
  const waves = [[-0.17, 0.025, 110], [-0.025, 0.009, -90], [0, 0.011, 1100], [0.027, 0.01, -210], [0.24, 0.045, 260]];
  const random = randomFrom(seed);
  const beatTimesS = [];
  for (let time = 0.4; time < durationS; ) {
    beatTimesS.push(time);
    time += (60 / bpm) * (1 + 0.03 * Math.sin(2 * Math.PI * 0.25 * time));
  }
  const samplesUv = Float32Array.from({ length: Math.round(durationS * samplingRateHz) }, () => (random() - 0.5) * 20);
  for (const beat of beatTimesS) {
    const from = Math.max(0, Math.floor((beat - 0.4) * samplingRateHz));
    const to = Math.min(samplesUv.length, Math.ceil((beat + 0.6) * samplingRateHz));
    for (let i = from; i < to; i++) {
      const t = i / samplingRateHz - beat;
      for (const [at, width, peak] of waves) samplesUv[i] += peak * Math.exp(-(((t - at) / width) ** 2) / 2);
    }
  }
  return { name: `synthetic ${bpm} bpm`, samplingRateHz, samplesUv, beatTimesS };
}

/** No heart at all: random steps and wide-band noise of the size that a rubbed electrode makes. */
export function syntheticNoise({ durationS, seed = 7, samplingRateHz = 500 }) {
  const random = randomFrom(seed);
  let drift = 0;
  const samplesUv = Float32Array.from({ length: Math.round(durationS * samplingRateHz) }, () => {
    drift = 0.995 * drift + (random() - 0.5) * 400;
    return drift + (random() - 0.5) * 1500;
  });
  return { name: 'synthetic noise', samplingRateHz, samplesUv, beatTimesS: null };
}

/** The sample at `timeS` by a Hann-windowed sinc that also keeps out what lies above half of `targetRateHz`. */
export function sampleAt(recording, timeS, targetRateHz) {
  const { samplesUv, samplingRateHz } = recording;
  const cutoff = Math.min(1, targetRateHz / samplingRateHz);      // of the recording's own half rate
  const reach = Math.ceil(12 / cutoff);
  const centre = timeS * samplingRateHz;
  let sum = 0;
  let weights = 0;
  for (let i = Math.ceil(centre - reach); i <= Math.floor(centre + reach); i++) {
    if (i < 0 || i >= samplesUv.length) continue;
    const x = (i - centre) * cutoff;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    const weight = sinc * (0.5 + 0.5 * Math.cos((Math.PI * (i - centre)) / (reach + 1)));
    sum += weight * samplesUv[i];
    weights += weight;
  }
  return weights === 0 ? 0 : sum / weights;
}

/** Mean rate over the reference beats inside the stretches: RR intervals that cross from one to the next do not count. */
export function meanRateBpm(beatTimesS, stretches) {
  let time = 0;
  let intervals = 0;
  for (const { startS, endS } of stretches) {
    const inside = beatTimesS.filter(beat => beat >= startS && beat < endS);
    if (inside.length < 2) continue;
    time += inside.at(-1) - inside[0];
    intervals += inside.length - 1;
  }
  return intervals === 0 ? null : (60 * intervals) / time;
}
