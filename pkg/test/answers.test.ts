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

  describe('an argument of another type is refused by name, and nothing else suffers', () => {
    const ODD: unknown[] = [undefined, null, 2 ** 53, -1, NaN, true, 1n, Symbol('s'), {}, () => 1, new Date(0)];
    const id = '17'.repeat(16);
    const refused = expect.objectContaining({ code: 'argument.invalid' });
    const report = () => pqrst.analyze(heart(130), { samplingRateHz: 130 });

    it.each(ODD)('texts: %s', async (odd) => {
      const { summary } = report();
      const wrong = odd as string;
      expect(() => pqrst.toFhir(summary, { visitId: wrong, id })).toThrow(refused);
      expect(() => pqrst.toFhir(summary, { visitId: id, id: wrong })).toThrow(refused);
      await expect(pqrst.analyzeRr(wrong)).rejects.toThrow(refused);
      if (odd !== undefined && odd !== null) await expect(pqrst.hrvByRecipe(report(), { recipe: wrong as 'pqrst' })).rejects.toThrow(refused);
      sound(pqrst.toFhir(summary, { visitId: id, id }), 'bundle');
      sound(await pqrst.analyzeRr('800\n810\n790\n'));
    });

    it.each(ODD)('samples and numbers: %s', async (odd) => {
      expect(() => pqrst.analyze(odd as Float32Array, { samplingRateHz: 130 })).toThrow(refused);
      await expect(pqrst.judgeLeads([{ name: 'I', samplingRateHz: 130, samplesUv: odd as Float32Array }])).rejects.toThrow(refused);
      if (typeof odd !== 'number') {
        expect(() => pqrst.analyze(heart(130), { samplingRateHz: odd as number })).toThrow(refused);
      }
      expect(report().verdict.kind).toBe('usable');
    });

    it.each(ODD)('a transport of its own: %s', (odd) => {
      const session = new pqrst.Session({ test: 'monitor' });
      const [service, characteristic] = ['0000180d-0000-1000-8000-00805f9b34fb', '00002a37-0000-1000-8000-00805f9b34fb'];
      const good = { service, characteristic, bytes: new Uint8Array([0, 60]), receivedMs: 0 };
      session.pushSamples(heart(130), 130);
      for (const name of ['service', 'characteristic', 'bytes'] as const) {
        expect(() => session.pushNotification({ ...good, [name]: odd })).toThrow(refused);
      }
      if (typeof odd !== 'number') {
        expect(() => session.pushNotification({ ...good, receivedMs: odd as number })).toThrow(refused);
        expect(() => session.pushDisconnected(odd as number)).toThrow(refused);
      }
      expect(() => session.pushConnected(odd as string[], 0)).toThrow(refused);
      expect(() => session.pushConnected([odd as string], 0)).toThrow(refused);
      expect(() => session.pushSamples(odd as Float32Array, 130)).toThrow(refused);
      const after = session.finish();
      sound(after);
      expect(after.durationS).toBe(SECONDS);
    });

    it.each([undefined, null, 1, 'text', true])('no options at all: %s', async (odd) => {
      const { synth, VirtualStrap } = (await import(/* @vite-ignore */ new URL('../dist/simulator.js', import.meta.url).href)) as typeof import('../src/simulator.js');
      const none = odd as never;
      expect(() => pqrst.analyze(heart(130), none)).toThrow(refused);
      expect(() => pqrst.toFhir(report().summary, none)).toThrow(refused);
      expect(() => new pqrst.Session(none)).toThrow(refused);
      expect(() => new VirtualStrap(none)).toThrow(refused);
      await expect(synth(none)).rejects.toThrow(refused);
      await expect(pqrst.hrvByRecipe(none)).rejects.toThrow(refused);
      await expect(pqrst.respirationOf(none)).rejects.toThrow(refused);
      await expect(pqrst.judgeLeads(none)).rejects.toThrow(refused);
      const session = new pqrst.Session({ test: 'monitor' });
      expect(() => session.pushNotification(none)).toThrow(refused);
    });

    it('of a synthetic ECG', async () => {
      const { synth } = (await import(/* @vite-ignore */ new URL('../dist/simulator.js', import.meta.url).href)) as typeof import('../src/simulator.js');
      const good = { samplingRateHz: 130, durationS: 2, heartRateBpm: 70, seed: 1 };
      expect(await synth(good)).toHaveLength(260);
      const wrong = [{ durationS: NaN }, { durationS: -1 }, { durationS: 1e9 }, { heartRateBpm: 7e7 }, { heartRateBpm: NaN }, { noiseUv: Infinity }, { noiseUv: -1 }];
      for (const part of wrong) await expect(synth({ ...good, ...part })).rejects.toThrow(refused);
    });

    it('limits of red flags before the test and not after it', () => {
      const redFlags = { rateAboveBpm: -1 };
      expect(() => new pqrst.Session({ test: 'rest-30s', redFlags })).toThrow(refused);
    });
  });
});
