// A stand-in for the wasm module, for the unit tests of the TypeScript half and for looking at the pages without a build.
// It computes nothing: the reports it gives are canned.
import { reportOf } from './canned.js';
import type { CoreEvent, CoreNotification, CoreOptions } from '../src/wasm-types.js';

export const HEART_RATE = '0000180d-0000-1000-8000-00805f9b34fb';
export const MEASUREMENT = '00002a37-0000-1000-8000-00805f9b34fb';

/** Settings that a test sets from outside. */
export const scenario = { verdict: 'usable', speed: 1, failWith: '', dropAtS: -1, cuff: false, ...(globalThis as { fakeScenario?: object }).fakeScenario };

/** Every core that was made, for tests to look into. */
export const cores: SessionCore[] = [];

export default async function init(options: { module_or_path: unknown }): Promise<void> {
  await Promise.resolve();
  if (options.module_or_path === 'broken') throw new Error('no wasm here');
}

const RATE = 130;
const beat = (phase: number): number =>
  90 * Math.exp(-(((phase - 0.2) / 0.035) ** 2)) -
  120 * Math.exp(-(((phase - 0.345) / 0.009) ** 2)) +
  1050 * Math.exp(-(((phase - 0.37) / 0.011) ** 2)) -
  230 * Math.exp(-(((phase - 0.395) / 0.01) ** 2)) +
  260 * Math.exp(-(((phase - 0.62) / 0.055) ** 2));

export function giveWeights(): void {}

export class SessionCore {
  static depth = 0;
  readonly options: CoreOptions;
  freed = false;
  ticks = 0;
  #queue: CoreEvent[] = [];
  #wake: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #clock = 0;
  #recorded = 0;
  #state = 'idle';
  #nth = 0;

  constructor(options: CoreOptions, wake: () => void) {
    if (!['rest-30s', 'rest-5min', 'monitor'].includes(options.test)) {
      throw Object.assign(new Error('unknown test'), { code: 'session.option' });
    }
    this.options = options;
    this.#wake = wake;
    cores.push(this);
  }

  #alive<T>(call: () => T): T {
    if (this.freed) throw new Error('null pointer passed to rust');
    // A real core refuses a call into a call, too.
    if (SessionCore.depth > 0) throw new Error('recursive use of an object');
    SessionCore.depth += 1;
    try {
      return call();
    } finally {
      SessionCore.depth -= 1;
    }
  }

  queue(type: string, detail: object): void {
    this.#queue.push({ type, detail });
  }

  #to(state: string, code?: string): void {
    this.#state = state;
    this.queue('state', code ? { state, code } : { state });
  }

  pushNotification(_s: string, _c: string, bytes: Uint8Array): void {
    this.#alive(() => this.queue('heartRate', { bpm: bytes[1] ?? null, source: 'device' }));
  }

  pushConnected(services: string[]): void {
    this.#alive(() => this.queue('command', { kind: 'subscribe', source: '', service: services[0], characteristic: MEASUREMENT }));
  }

  pushDisconnected(): void {
    this.#alive(() => this.#to('reconnecting'));
  }

  pushSamples(samplesUv: Float32Array, samplingRateHz: number, startS = 0): void {
    this.#alive(() => this.queue('ecg', { samplesUv, startS, samplingRateHz }));
  }

  async connect(bluetooth: { requestDevice(options: object): Promise<unknown> }): Promise<void> {
    this.#alive(() => this.#to('choosing'));
    this.#wake();
    await bluetooth.requestDevice({ filters: [{ services: [HEART_RATE] }] });
    if (scenario.failWith !== '') {
      this.#to('failed', scenario.failWith);
      this.#wake();
      throw Object.assign(new Error('it failed'), { code: scenario.failWith });
    }
    this.#to('connecting');
    this.#wake();
    await new Promise((resolve) => setTimeout(resolve, 300 / scenario.speed));
    this.#to('contact');
    if (scenario.cuff) {
      this.#sit();
      return;
    }
    this.queue('battery', { percent: 80 });
    this.#wake();
    this.#timer = setInterval(() => this.#stream(), 100);
  }

  /** A rested series in a few seconds: the times on the screen are those of a real one. */
  #sit(): void {
    const step = (afterS: number, next: string, inS: number | null, counted: number, notCounted: string | null = null): void => {
      setTimeout(() => {
        const mean = next === 'done' ? { systolic: 183, diastolic: 97, readings: 2 } : null;
        this.queue('bloodPressure', { next, atMs: inS === null ? null : performance.now() + 1000 * inS, counted, notCounted, mean });
        if (counted > 0 || notCounted !== null) this.queue('reading', {});
        if (next === 'done') this.#to('finished');
        this.#wake();
      }, (1000 * afterS) / scenario.speed);
    };
    step(0, 'rest', 245, 0);
    step(3, 'rest', 0, 0);
    step(6, 'rest', 0, 0, 'disturbed');
    step(9, 'measureAgain', 48, 1);
    step(12, 'measureAgain', 0, 1);
    step(15, 'done', null, 2);
    this.#wake();
  }

  #stream(): void {
    const before = this.#clock;
    this.#clock += 0.1 * scenario.speed;
    const t = this.#clock;
    const at = (s: number): boolean => before < s && t >= s;
    if (at(1.5)) this.queue('contact', { contact: 'yes' });
    if (at(2)) this.#to('settling');
    if (at(5)) this.#to('recording');
    if (scenario.dropAtS > 0 && at(5 + scenario.dropAtS)) this.#to('reconnecting');
    if (scenario.dropAtS > 0 && at(9 + scenario.dropAtS)) {
      this.#to('recording');
      this.queue('gap', { startS: scenario.dropAtS, durationS: 4, cause: 'disconnected' });
    }
    if (this.#state !== 'reconnecting' && t > 1.5) this.#ecg(Math.max(1.5, before), t);
    this.#progress(t - before);
    this.#wake();
  }

  #ecg(from: number, to: number): void {
    const noisy = scenario.verdict === 'retake';
    const first = Math.round(from * RATE);
    const samplesUv = Float32Array.from({ length: Math.round(to * RATE) - first }, (_, i) => {
      const s = (first + i) / RATE;
      const drift = s < 4 ? 2500 * Math.exp(-(s - 1.5) * 1.6) : 0;
      return beat((s * 1.2) % 1) + drift + 40 * Math.sin(s * 1.3) + (noisy ? 900 * (Math.random() - 0.5) : 25 * (Math.random() - 0.5));
    });
    this.queue('ecg', { samplesUv, startS: first / RATE, samplingRateHz: RATE });
    if (Math.floor(to * 1.2) > this.#nth) {
      this.#nth = Math.floor(to * 1.2);
      if (!noisy) {
        this.queue('beat', { id: this.#nth, timeS: to, rrMs: 833, confidence: 0.99, late: false });
        this.queue('heartRate', { bpm: 72, source: 'ecg' });
      }
      this.queue('quality', noisy ? { score: 0.2, usable: false, reasons: ['motion'] } : { score: 0.96, usable: true, reasons: [] });
    }
  }

  #progress(seconds: number): void {
    if (this.#state !== 'recording') return;
    const durationS = this.options.test === 'rest-5min' ? 300 : 30;
    this.#recorded = Math.min(durationS, this.#recorded + seconds);
    this.queue('progress', { elapsedS: this.#recorded, durationS });
    if (this.#recorded >= durationS) {
      this.#to('finished');
      clearInterval(this.#timer);
    }
  }

  async disconnect(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.resolve();
  }

  tick(): void {
    this.#alive(() => (this.ticks += 1));
  }

  finish(): object {
    return this.#alive(() => {
      clearInterval(this.#timer);
      if (this.#state !== 'finished') this.#to('finished');
      return reportOf(scenario.verdict, this.options);
    });
  }

  nextRemote(): undefined {}

  remoteSaid(): void {}
  isForeign(): boolean {
    return false;
  }

  drain(): CoreEvent[] {
    return this.#alive(() => this.#queue.splice(0));
  }

  free(): void {
    this.freed = true;
    clearInterval(this.#timer);
  }
}

export class VirtualStrapCore {
  #subscribed = new Set<string>();
  #written: Uint8Array[] = [];
  #connected = false;
  services(): string[] {
    return [HEART_RATE];
  }
  characteristics(service: string): { uuid: string; properties: string[] }[] {
    return service === HEART_RATE
      ? [
          { uuid: MEASUREMENT, properties: ['notify'] },
          { uuid: '00002a39-0000-1000-8000-00805f9b34fb', properties: ['write', 'read'] },
        ]
      : [];
  }
  connect(): void {
    this.#connected = true;
  }
  disconnect(): void {
    this.#connected = false;
    this.#subscribed.clear();
  }
  write(_s: string, _c: string, bytes: Uint8Array): void {
    if (bytes[0] !== 1) throw new Error('0x80');
    this.#written.push(bytes);
  }
  read(): Uint8Array {
    return this.#written.at(-1) ?? new Uint8Array();
  }
  subscribe(_s: string, characteristic: string): void {
    this.#subscribed.add(characteristic);
  }
  unsubscribe(_s: string, characteristic: string): void {
    this.#subscribed.delete(characteristic);
  }
  poll(nowMs: number): CoreNotification[] {
    if (!this.#connected || !this.#subscribed.has(MEASUREMENT)) return [];
    return [{ service: HEART_RATE, characteristic: MEASUREMENT, bytes: Uint8Array.of(0x10, 72, 0, 4), receivedMs: nowMs }];
  }
  free(): void {}
}

export class RecordCore {
  readonly format = 'wfdb';
  progress = 0;
  #left = 0;
  #freed = false;
  leads(): string[] {
    return ['MLII', 'V5'];
  }
  samplingRatesHz(): Float64Array {
    return Float64Array.of(360, 360);
  }
  find(lead?: string): number | undefined {
    const place = lead === undefined ? 0 : this.leads().indexOf(lead);
    return place < 0 ? undefined : place;
  }
  start(): void {
    this.#left = 3;
  }
  next(): Float32Array | undefined {
    if (this.#freed) throw new Error('null pointer passed to rust');
    this.progress = 1 - this.#left / 3;
    return this.#left-- > 0 ? new Float32Array(1200) : undefined;
  }
  marks(): object[] {
    return [];
  }
  convert(_format: string, name: string): object {
    return { files: [[`${name}.csv`, new Uint8Array(3)]], roundingUv: 0 };
  }
  free(): void {
    this.#freed = true;
  }
}

export const firstFile = (_files: object, names: string[]): string | undefined => names.find((name) => name.endsWith('.hea'));

export const places = (): Float64Array => Float64Array.of(77.2, 370.6);

export const annotations = (): Uint8Array => new Uint8Array();

export function synth(options: { samplingRateHz: number; durationS: number }): Float32Array {
  return new Float32Array(options.samplingRateHz * options.durationS);
}

export class AnalysisCore {
  constructor(rate: number) {
    if (!(rate > 0)) throw Object.assign(new Error('not a rate'), { code: 'analyze.rate' });
  }
  push(): void {}
  finish(): object {
    return reportOf('usable', { test: 'recording' });
  }
  free(): void {}
}

/** The limits of red flags that the latest report was made with. */
export const limits: { latest?: object | undefined } = {};

/** The stand-in takes any limits. */
export function checkRedFlags(): void {}

/** The stand-in's sessions end with a report already. */
export const report = (recorded: object, redFlags?: object): object => {
  limits.latest = redFlags;
  return recorded;
};

export function toFhir(summary: object, visitId: string, id: string): object {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ resource: { resourceType: 'Observation', id, subject: { identifier: { value: visitId } }, component: [{ valueString: JSON.stringify(summary) }] } }],
  };
}

