// A radio that misbehaves: wraps the simulator's devices, watches that GATT operations never overlap, and injects faults.
import { VirtualStrap, synth } from '../../pkg/dist/simulator.js';

const OPERATIONS = ['connect', 'getPrimaryService', 'getCharacteristic', 'startNotifications', 'readValue', 'writeValueWithResponse', 'writeValueWithoutResponse'];

/** A strap whose ECG is synthetic, behind a radio with the faults given: `{[operation]: (call) => promise | undefined}`. */
export async function radio({ device = 'polar-h10', heartRateBpm = 70, moves = [], faults = {}, hidden = [] } = {}) {
  const samplesUv = await synth({ samplingRateHz: 130, durationS: 90, heartRateBpm, seed: 11 });
  const strap = new VirtualStrap({ device, samplesUv, samplingRateHz: 130, seed: 11, moves });
  const seen = { overlaps: [], calls: [], open: 0 };
  const wrap = (target) => {
    if (target === null || typeof target !== 'object' || target instanceof DataView) return target;
    return new Proxy(target, {
      get(object, name) {
        if (hidden.includes(name)) return undefined;
        const value = Reflect.get(object, name, object);
        if (typeof value !== 'function') return name === 'gatt' ? wrap(value) : value;
        return OPERATIONS.includes(name) ? operation(object, name, value) : value.bind(object);
      },
      has: (object, name) => !hidden.includes(name) && name in object,
    });
  };
  const operation = (object, name, method) => async (...args) => {
    if (seen.open > 0) seen.overlaps.push(name);
    seen.open += 1;
    seen.calls.push({ name, args, uuid: object.uuid });
    try {
      // A real stack takes its time: an overlap would show.
      await new Promise((resolve) => setTimeout(resolve, 2));
      const fault = faults[name]?.(seen.calls.filter((call) => call.name === name).length, args, object);
      if (fault !== undefined) return wrap(await fault);
      return wrap(await method.apply(object, args));
    } finally {
      seen.open -= 1;
    }
  };
  return {
    strap,
    seen,
    bluetooth: {
      simulated: true,
      getAvailability: () => Promise.resolve(true),
      requestDevice: async (options) => wrap(await strap.requestDevice(options)),
    },
  };
}

/** Everything a session says, and a promise of the first event that fits. */
export function witness(session) {
  const said = [];
  const waiting = [];
  for (const type of ['state', 'ecg', 'beat', 'heartRate', 'quality', 'gap', 'battery', 'contact', 'command', 'motion']) {
    session.addEventListener(type, ({ detail }) => {
      said.push({ type, detail });
      for (const wait of waiting.splice(0)) (wait.fits(type, detail) ? wait.done(detail) : waiting.push(wait));
    });
  }
  const until = (type, fits = () => true, ms = 20_000) =>
    new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`no ${type} within ${ms} ms; ${JSON.stringify(states())}`)), ms);
      waiting.push({ fits: (t, detail) => t === type && fits(detail), done: (detail) => (clearTimeout(timer), done(detail)) });
    });
  const states = () => said.filter(({ type }) => type === 'state').map(({ detail }) => detail);
  return { said, until, states };
}
