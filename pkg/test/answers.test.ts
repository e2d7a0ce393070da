import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';

// What was built, with the real wasm module.
const built = new URL('../dist/index.js', import.meta.url);
const there = existsSync(built) && existsSync(new URL('../dist/wasm/pqrst_bg.wasm', import.meta.url));
if (!there) console.log('SKIPPED the package is not built (cargo xtask build): answers to odd input are unproved in JavaScript');

type Package = typeof import('../src/index.js');
let pqrst: Package;
beforeAll(async () => {
  if (!there) return;
  pqrst = (await import(/* @vite-ignore */ built.href)) as Package;
  await pqrst.load();
});

const SECONDS = 31;
const of = (hz: number, value: (i: number) => number) => Float32Array.from({ length: SECONDS * hz }, (_, i) => value(i));
/** Uniform on +-1 (Knuth's linear congruential generator, 32 bit). */
const noise = () => {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
};
const heart = (hz: number) => of(hz, (i) => 1000 * Math.exp(-0.5 * ((((i / hz) % 1) - 0.5) / 0.011) ** 2));

const HOPELESS: Record<string, (hz: number) => Float32Array> = {
  zeros: (hz) => of(hz, () => 0),
  'NaN': (hz) => of(hz, () => NaN),
  infinity: (hz) => of(hz, () => Infinity),
  'the largest number': (hz) => of(hz, () => 3.4e38),
  subnormals: (hz) => of(hz, (i) => (1 + (i % 5)) * 1.4e-45),
  'rails in turn': (hz) => of(hz, (i) => (i % 2 ? 20_000 : -20_000)),
  'rails for a second each': (hz) => of(hz, (i) => (Math.floor(i / hz) % 2 ? 20_000 : -20_000)),
  'white noise': (hz) => of(hz, ((next) => () => 800 * next())(noise())),
  'a random walk': (hz) => {
    const next = noise();
    let at = 0;
    return of(hz, () => (at += (400 / Math.sqrt(hz)) * next()));
  },
};

/** Nulls stand only where a reason stands beside them or where the type says so; numbers are finite. */
function sound(value: unknown, path = 'report'): void {
  if (typeof value === 'number') expect(Number.isFinite(value), path).toBe(true);
  if (typeof value !== 'object' || value === null) return;
  if ('algorithm' in value && 'evidence' in value && 'reason' in value) {
    const { reason, evidence } = value;
    expect(evidence === null, path).toBe(typeof reason === 'string');
  }
  for (const [key, inner] of Object.entries(value)) sound(inner, `${path}.${key}`);
}

describe.skipIf(!there)('an answer to every input, through the real module', () => {
  for (const hz of [50, 130, 500, 2000]) {
    it.each(Object.keys(HOPELESS))(`%s at ${hz} Hz`, (name) => {
      const report = pqrst.analyze(HOPELESS[name]!(hz), { samplingRateHz: hz });
      sound(report);
      expect(report.verdict.kind).toBe('retake');
      expect(report.verdict.reasons.length).toBeGreaterThan(0);
      expect(report.rhythm.regularity).toBe('cannotSay');
      expect(['poorQuality', 'tooFewBeats']).toContain(report.heartRate.meanBpm.reason);
      expect(report.heartRate.meanBpm.value).toBeNull();
      expect(report.hrv.rmssdMs.reason).toBe('tooShort');
      sound(report.summary, 'summary');
      sound(pqrst.toFhir(report.summary, { visitId: '17'.repeat(16), id: report.id }), 'bundle');
    });
  }

  it.each([0, 1, 2, 65])('%i samples', (count) => {
    const report = pqrst.analyze(heart(130).slice(0, count), { samplingRateHz: 130 });
    sound(report);
    expect(report.verdict.kind).not.toBe('usable');
    expect(report.heartRate.meanBpm.value).toBeNull();
    if (count === 0) expect([report.verdict.reasons, report.heartRate.meanBpm.reason]).toEqual([['noData'], 'noSignal']);
  });

  it.each([NaN, Infinity, -130, 0, 49.9, 2000.1])('a rate of %d Hz is refused with its code', (samplingRateHz) => {
    expect(() => pqrst.analyze(heart(130), { samplingRateHz })).toThrow(expect.objectContaining({ code: 'samplingRate.unsupported' }));
  });

  it('a live rate ends with the reason', () => {
    const hz = 130;
    const session = new pqrst.Session({ test: 'monitor' });
    const told: (number | string | null)[] = [];
    session.addEventListener('heartRate', ({ detail }) => {
      expect(detail.bpm === null).toBe(detail.reason !== null);
      told.push(detail.bpm === null ? detail.reason : Math.round(detail.bpm));
    });
    const ecg = heart(hz).map((x, i) => (i < 20 * hz ? x : 0));
    for (let at = 0; at < ecg.length; at += 73) session.pushSamples(ecg.slice(at, at + 73), hz);
    session.pushSamples(heart(hz), hz, { startS: 60 });
    const report = session.finish();
    sound(report);
    expect(told).toContain(60);
    const reasons = told.filter((item) => typeof item === 'string');
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(['tooFewBeats', 'poorQuality', 'noSignal']).toContain(reason);
  });
});
