import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { load, PqrstError, Session, type SessionEventName } from '../src/index.js';
import { VirtualStrap } from '../src/simulator.js';
import { cores, HEART_RATE, limits, MEASUREMENT, scenario } from './fake-core.js';

const notification = (bpm: number) => ({
  service: HEART_RATE,
  characteristic: MEASUREMENT,
  bytes: Uint8Array.of(0x10, bpm),
  receivedMs: performance.now(),
});
const EVERY: SessionEventName[] = ['state', 'ecg', 'beat', 'heartRate', 'quality', 'gap', 'battery', 'contact', 'progress'];
const strap = () => new VirtualStrap({ device: 'heart-rate', samplesUv: new Float32Array(10), samplingRateHz: 130 });

beforeAll(() => load({ wasm: new Uint8Array() }));
beforeEach(() => Object.assign(scenario, { verdict: 'usable', speed: 1, failWith: '', dropAtS: -1 }));

describe('before anything', () => {
  it('passes on what the core says of an option, with its code', () => {
    expect(() => new Session({ test: 'nonsense' as 'monitor' })).toThrow(expect.objectContaining({ code: 'session.option' }));
  });
  it('says that there is no Web Bluetooth', async () => {
    await expect(new Session({ test: 'monitor' }).connect()).rejects.toMatchObject({ code: 'bluetooth.unavailable' });
  });
});

describe('limits of red flags', () => {
  it('go with the report, without those that are undefined', () => {
    new Session({ test: 'monitor', redFlags: { rateAboveBpm: 130, pauseAboveS: null, systolicAbove: undefined as never } }).finish();
    expect(limits.latest).toEqual({ rateAboveBpm: 130, pauseAboveS: null });
  });
  it('are the usual ones where none are given', () => {
    new Session({ test: 'monitor' }).finish();
    expect(limits.latest).toBeUndefined();
  });
});

describe('events', () => {
  it('keep their order when a handler pushes more', () => {
    const session = new Session({ test: 'monitor' });
    const seen: (number | null)[] = [];
    let deep = 0;
    session.addEventListener('heartRate', ({ detail }) => {
      deep += 1;
      expect(deep).toBe(1);
      seen.push(detail.bpm);
      if (detail.bpm === 60) {
        session.pushNotification(notification(61));
        session.pushNotification(notification(62));
        expect(seen).toEqual([60]);
      }
      deep -= 1;
    });
    session.pushNotification(notification(60));
    expect(seen).toEqual([60, 61, 62]);
    session.dispose();
  });

  it('stop at once when a handler disposes', () => {
    const session = new Session({ test: 'monitor' });
    const seen: unknown[] = [];
    session.addEventListener('heartRate', ({ detail }) => {
      seen.push(detail.bpm);
      session.dispose();
    });
    cores.at(-1)?.queue('heartRate', { bpm: 1, source: 'ecg' });
    session.pushNotification(notification(2));
    expect(seen).toEqual([1]);
    expect(() => session.pushNotification(notification(3))).toThrow(PqrstError);
  });

  it('read a DataView within its own bounds', () => {
    const session = new Session({ test: 'monitor' });
    const seen: unknown[] = [];
    session.addEventListener('heartRate', ({ detail }) => seen.push(detail.bpm));
    const bytes = new DataView(Uint8Array.of(9, 9, 0x10, 71, 9).buffer, 2, 2);
    session.pushNotification({ ...notification(0), bytes });
    expect(seen).toEqual([71]);
    session.dispose();
  });
});

describe('finish, pushNotification and dispose', () => {
  const calls: [string, (session: Session) => void][] = [
    ['finish', (session) => expect(session.finish().schema).toBe('pqrst.report.v1')],
    ['pushNotification', (session) => session.pushNotification(notification(70))],
    ['dispose', (session) => session.dispose()],
  ];
  for (const [name, call] of calls) {
    for (const event of EVERY) {
      it(`${name} inside ${event}`, async () => {
        Object.assign(scenario, { speed: 40, dropAtS: 3 });
        const session = new Session({ test: 'rest-30s' });
        const reached = new Promise<void>((resolve, reject) => {
          session.addEventListener(
            event,
            () => {
              try {
                call(session);
                resolve();
              } catch (error) {
                reject(error as Error);
              }
            },
            { once: true },
          );
        });
        await Promise.all([session.connect({ bluetooth: strap() }), reached]);
        session.dispose();
      });
    }
    it(`${name} while the chooser is open`, async () => {
      const session = new Session({ test: 'rest-30s' });
      const real = strap();
      const bluetooth = {
        requestDevice: async (options: object) => {
          call(session);
          return real.requestDevice(options as never);
        },
      };
      await session.connect({ bluetooth });
      session.dispose();
    });
  }

  it('finish gives the same report again', () => {
    const session = new Session({ test: 'monitor' });
    expect(session.finish()).toBe(session.finish());
    expect(session.state).toBe('finished');
  });
});

describe('a session', () => {
  it('carries a failure as state and as error, with one code', async () => {
    scenario.failWith = 'bluetooth.connect';
    const session = new Session({ test: 'rest-30s' });
    const codes: unknown[] = [];
    session.addEventListener('state', ({ detail }) => codes.push(detail.code));
    await expect(session.connect({ bluetooth: strap() })).rejects.toMatchObject({ code: 'bluetooth.connect' });
    expect(codes.at(-1)).toBe('bluetooth.connect');
  });

  it('marks what a simulated transport sends', async () => {
    const session = new Session({ test: 'rest-30s' });
    await session.connect({ bluetooth: strap() });
    expect(session.finish().simulated).toBe(true);
    session.dispose();
  });

  it('tells the core the time until it is finished', () => {
    vi.useFakeTimers();
    const session = new Session({ test: 'monitor' });
    const core = cores.at(-1);
    session.pushNotification(notification(60));
    vi.advanceTimersByTime(1000);
    expect(core?.ticks).toBe(4);
    session.finish();
    vi.advanceTimersByTime(1000);
    expect(core?.ticks).toBe(4);
    vi.useRealTimers();
  });

  it('lets the device go when the page goes away, and no more after dispose', async () => {
    const listeners = new Map<string, () => void>();
    vi.stubGlobal('addEventListener', (type: string, listener: () => void) => listeners.set(type, listener));
    vi.stubGlobal('removeEventListener', (type: string) => listeners.delete(type));
    const session = new Session({ test: 'rest-30s' });
    await session.connect({ bluetooth: strap() });
    const stop = vi.spyOn(cores.at(-1) as { disconnect(): Promise<void> }, 'disconnect');
    listeners.get('pagehide')?.();
    expect(stop).toHaveBeenCalledTimes(1);
    session.dispose();
    expect(listeners.has('pagehide')).toBe(false);
    vi.unstubAllGlobals();
  });

  it('offers one family of devices when asked to', async () => {
    const asked: { filters?: { namePrefix?: string }[] }[] = [];
    const real = strap();
    const bluetooth = {
      requestDevice: (options: object) => {
        asked.push(options);
        return real.requestDevice({ filters: [{ services: ['heart_rate'] }] });
      },
    };
    const session = new Session({ test: 'monitor', device: 'polar-h10' });
    await session.connect({ bluetooth });
    expect(asked[0]?.filters?.[0]?.namePrefix).toBe('Polar');
    session.dispose();
  });

  it('takes undefined options as left out', () => {
    const session = new Session({ test: 'monitor', context: undefined, retakes: undefined, device: undefined });
    expect(Object.keys(cores.at(-1)?.options ?? {})).toEqual(['test']);
    session.dispose();
  });

  it('frees its memory once the device has been let go', async () => {
    const session = new Session({ test: 'monitor' });
    const core = cores.at(-1);
    session.pushNotification(notification(60));
    session.dispose();
    session.dispose();
    expect(core?.freed).toBe(false);
    await new Promise((resolve) => setTimeout(resolve));
    expect(core?.freed).toBe(true);
  });
});
