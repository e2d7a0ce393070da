// The Bluetooth driver, as built, against radios that misbehave. The radio is made up; the driver, the session and the
// strap's bytes are real.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { load, Session, toFhir } from '../../pkg/dist/index.js';
import { radio, witness } from './radio.mjs';
import { documentedBridge, Shell } from './shell.mjs';

const open = new Set();
const session = (options = { test: 'monitor' }) => {
  const made = new Session(options);
  open.add(made);
  return made;
};
const error = (name, message = '') => new DOMException(message, name);

before(() => load());
after(() => open.forEach((made) => made.dispose()));

const refusals = [
  ['a chooser that was closed', 'NotFoundError', true, 'bluetooth.cancelled'],
  ['no adapter', 'NotFoundError', false, 'bluetooth.noAdapter'],
  ['a page that may not', 'SecurityError', false, 'bluetooth.policy'],
  ['no gesture', 'SecurityError', true, 'bluetooth.notAllowed'],
  // Where availability says nothing, the words do.
  ['no adapter in words', 'NotFoundError', undefined, 'bluetooth.noAdapter', 'Bluetooth adapter not available.'],
  ['a policy in words', 'SecurityError', true, 'bluetooth.policy', 'Access to the feature "bluetooth" is disallowed by permissions policy.'],
];
for (const [what, name, available, code, words = name] of refusals) {
  test(`${what} is told as ${code}`, async () => {
    const made = session();
    const { states } = witness(made);
    const bluetooth = { requestDevice: () => Promise.reject(new DOMException(words, name)) };
    if (available !== undefined) bluetooth.getAvailability = () => Promise.resolve(available);
    await assert.rejects(made.connect({ bluetooth }), { code });
    assert.deepEqual(states().at(-1), { state: 'idle', code });
  });
}

test('a browser without Web Bluetooth, and one that throws instead of rejecting', async () => {
  await assert.rejects(session().connect({ bluetooth: {} }), { code: 'bluetooth.unavailable' });
  const throwing = { requestDevice: () => { throw error('SecurityError'); } };
  await assert.rejects(session().connect({ bluetooth: throwing }), { code: 'bluetooth.notAllowed' });
});

test('a chooser that was closed can be opened again', async () => {
  const made = session();
  await assert.rejects(made.connect({ bluetooth: { requestDevice: () => Promise.reject(error('NotFoundError')) } }));
  const { bluetooth } = await radio();
  const { until } = witness(made);
  const first = until('ecg');
  await made.connect({ bluetooth });
  await first;
});

test('operations never overlap, subscriptions come before the start, and the strap is told to stop', async () => {
  const { bluetooth, seen } = await radio();
  const made = session();
  const { until } = witness(made);
  const first = until('ecg');
  await made.connect({ bluetooth });
  await first;
  const order = seen.calls.map(({ name, uuid, args }) => (name === 'writeValueWithResponse' ? `write ${args[0][0]}` : `${name} ${uuid ?? ''}`));
  const at = (text) => order.findIndex((call) => call.startsWith(text));
  assert.ok(at('startNotifications fb005c82') < at('write 2'), order.join('\n'));
  made.finish();
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.ok(seen.calls.some(({ name, args }) => name === 'writeValueWithResponse' && args[0][0] === 3), 'a stop command');
  assert.deepEqual(seen.overlaps, []);
});

test('a radio with the members of the shape and no more', async () => {
  const { bluetooth } = await radio({ hidden: ['properties', 'getPrimaryServices', 'getCharacteristics'] });
  delete bluetooth.getAvailability;
  const made = session();
  const { until } = witness(made);
  const first = until('ecg');
  await made.connect({ bluetooth });
  await first;
});

test('a first connection that fails is tried again', async () => {
  const faults = { connect: (nth) => (nth === 1 ? Promise.reject(error('NetworkError')) : undefined) };
  const { bluetooth, seen } = await radio({ faults });
  const made = session();
  const { until } = witness(made);
  const first = until('ecg');
  await made.connect({ bluetooth });
  await first;
  assert.equal(seen.calls.filter(({ name }) => name === 'connect').length, 2);
});

test('a device that never answers is told so, and the session can start anew', async () => {
  const { bluetooth } = await radio({ faults: { connect: () => Promise.reject(error('NetworkError')) } });
  const made = session();
  const { states } = witness(made);
  await assert.rejects(made.connect({ bluetooth }), { code: 'transport.connectFailed' });
  assert.equal(states().at(-1).state, 'idle');
});

test('an operation that hangs for ever does not hold the session', { timeout: 40_000 }, async () => {
  const faults = { getPrimaryService: (nth) => (nth === 1 ? new Promise(() => {}) : undefined) };
  const { bluetooth } = await radio({ faults });
  const made = session();
  const { until } = witness(made);
  const first = until('ecg', undefined, 30_000);
  await made.connect({ bluetooth });
  await first;
});

test('a chooser that never comes is told of while it is awaited', { timeout: 30_000 }, async () => {
  const made = session();
  const { until } = witness(made);
  const told = until('state', ({ code }) => code === 'bluetooth.noChooser');
  void made.connect({ bluetooth: { requestDevice: () => new Promise(() => {}) } });
  assert.equal((await told).state, 'choosing');
});

// Which operation fails after the link stands, and how: all end with a fresh link and ECG.
const broken = [
  ['getCharacteristic', 'hangs', () => new Promise(() => {})],
  ['startNotifications', 'hangs', () => new Promise(() => {})],
  ['readValue', 'hangs', () => new Promise(() => {})],
  ['writeValueWithResponse', 'hangs', () => new Promise(() => {})],
  ['startNotifications', 'is of a link that is gone', () => Promise.reject(error('InvalidStateError'))],
  ['writeValueWithResponse', 'is of a link that is gone', () => Promise.reject(error('NetworkError'))],
];
for (const [operation, how, fault] of broken) {
  test(`a fresh link is made where ${operation} ${how}`, { timeout: 60_000 }, async () => {
    const { bluetooth, seen } = await radio({ faults: { [operation]: (nth) => (nth === 1 ? fault() : undefined) } });
    const made = session();
    const { until } = witness(made);
    const first = until('ecg', undefined, 45_000);
    await made.connect({ bluetooth });
    await first;
    assert.equal(seen.calls.filter(({ name }) => name === 'connect').length, 2);
    // What hangs was let go with its link, so nothing was asked for beside it.
    const beside = seen.calls.slice(seen.calls.findIndex(({ name }) => name === operation) + 1);
    assert.equal(beside[0].name, 'connect');
    made.dispose();
  });
}

test('a command that is taken without an answer only is sent so', { timeout: 30_000 }, async () => {
  const { bluetooth, seen } = await radio({ faults: { writeValueWithResponse: () => Promise.reject(error('NotSupportedError')) } });
  const made = session();
  const { until } = witness(made);
  const first = until('ecg');
  await made.connect({ bluetooth });
  await first;
  assert.ok(seen.calls.some(({ name }) => name === 'writeValueWithoutResponse'));
  made.dispose();
});

for (const device of ['pulse-oximeter', 'blood-pressure', 'heart-rate']) {
  test(`a ${device} that must be paired first is asked again, and says so where that does not help`, { timeout: 90_000 }, async () => {
    const refusing = (times) => ({ startNotifications: (nth) => (nth <= times ? Promise.reject(error('SecurityError')) : undefined) });
    const paired = await radio({ device, faults: refusing(1) });
    const patient = session({ test: 'monitor', devices: { user: 1 } });
    const heard = new Promise((resolve) => {
      for (const type of ['reading', 'heartRate']) patient.addEventListener(type, resolve, { once: true });
    });
    await patient.connect({ bluetooth: paired.bluetooth });
    await heard;
    patient.dispose();
    const { bluetooth } = await radio({ device, faults: refusing(Infinity) });
    const made = session({ test: 'monitor', devices: { user: 1 } });
    const { until } = witness(made);
    const told = until('state', ({ code }) => code === 'gatt.notPermitted', 60_000);
    await made.connect({ bluetooth });
    await told;
    made.dispose();
  });
}

test('a device that was let go is not said to come back', { timeout: 40_000 }, async () => {
  const { bluetooth } = await radio();
  const made = session();
  const { until } = witness(made);
  await made.connect({ bluetooth });
  await until('state', ({ state }) => state === 'recording');
  await made.disconnect();
  assert.equal(made.state, 'idle');
  assert.ok(made.finish().durationS > 0);
});

test('a disconnect leaves one gap, and the record goes on', { timeout: 40_000 }, async () => {
  const { bluetooth, strap } = await radio();
  const made = session();
  const { until, states } = witness(made);
  await made.connect({ bluetooth });
  await until('state', ({ state }) => state === 'recording');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const lost = until('state', ({ state }) => state === 'reconnecting');
  strap.disconnect();
  await lost;
  await new Promise((resolve) => setTimeout(resolve, 1200));
  const gap = until('gap');
  strap.reconnectable();
  const { startS, durationS, cause } = await gap;
  assert.equal(cause, 'disconnected');
  assert.ok(durationS > 1 && durationS < 6, `${durationS}`);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const report = made.finish();
  assert.equal(report.gaps.length, 1);
  assert.equal(report.gaps[0].startS, startS);
  assert.equal(report.transport.reconnects, 1);
  assert.equal(report.simulated, true);
  assert.ok(states().some(({ code }) => code === 'transport.disconnected'));
});

test('a strap that refuses ECG still gives its heart rate', { timeout: 40_000 }, async () => {
  const faults = {
    getPrimaryService: (_, [uuid]) => (String(uuid).startsWith('fb005c80') ? Promise.reject(error('NotFoundError')) : undefined),
  };
  const { bluetooth } = await radio({ faults, heartRateBpm: 80 });
  const made = session();
  const { until } = witness(made);
  await made.connect({ bluetooth });
  for (let i = 0; i < 8; i += 1) await until('heartRate');
  const report = made.finish();
  assert.equal(report.source, 'device');
  assert.ok(report.rr.length >= 5);
  assert.deepEqual(report.limits, ['noWaveform']);
});

test('a strap that is asked for its acceleration says whether the body moves', { timeout: 40_000 }, async () => {
  for (const motion of [true, false]) {
    const { bluetooth } = await radio();
    const made = session({ test: 'monitor', motion });
    const { until } = witness(made);
    await made.connect({ bluetooth });
    const judged = await until('quality');
    const report = made.finish();
    assert.equal(judged.moving, motion ? false : null, 'a virtual chest at rest');
    assert.equal(report.motionPercent, motion ? 0 : null);
    assert.ok(report.quality.length >= 3);
  }
});

test('a wearer who moves is told of while it happens', { timeout: 40_000 }, async () => {
  const { bluetooth } = await radio({ moves: [[8, 60]] });
  const made = session({ test: 'monitor', motion: true });
  const { until } = witness(made);
  await made.connect({ bluetooth });
  assert.equal((await until('motion')).moving, true);
  while (!(await until('quality')).moving);
  const report = made.finish();
  assert.ok(report.motionPercent > 0, `${report.motionPercent}`);
});

test('finish and dispose from inside every event, and while connecting', { timeout: 60_000 }, async () => {
  for (const type of ['state', 'ecg', 'battery', 'contact', 'heartRate']) {
    const { bluetooth } = await radio();
    const made = session();
    const done = new Promise((resolve) => made.addEventListener(type, () => resolve(made.finish()), { once: true }));
    await made.connect({ bluetooth }).catch(({ code }) => assert.equal(code, 'session.closed'));
    assert.ok((await done).verdict);
    made.dispose();
  }
  const { bluetooth } = await radio();
  const made = session();
  const connecting = made.connect({ bluetooth }).catch(() => {});
  made.dispose();
  await connecting;
});

test('a rarer device loads its module and sends its ECG, and is told to stop', { timeout: 40_000 }, async () => {
  const { bluetooth, seen } = await radio({ device: 'movesense' });
  const made = session();
  const { until } = witness(made);
  const first = until('ecg');
  await made.connect({ bluetooth });
  assert.equal((await first).samplingRateHz, 250);
  await until('beat');
  const report = made.finish();
  assert.equal(report.device.class, 'chestStrapEcg');
  assert.ok(report.transport.samples > 250);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const written = seen.calls.filter(({ name }) => name === 'writeValueWithResponse').map(({ args }) => args[0][0]);
  assert.deepEqual(written, [1, 2], 'subscribe, unsubscribe');
  assert.deepEqual(seen.overlaps, []);
});

test('a recorder that has to be asked is asked', { timeout: 40_000 }, async () => {
  const { bluetooth } = await radio({ device: 'viatom' });
  const made = session();
  const { until } = witness(made);
  await made.connect({ bluetooth });
  await until('ecg');
  await until('beat');
  const report = made.finish();
  assert.equal(report.device.class, 'ecgMonitor');
  assert.ok(report.limits.includes('timingUnverified'));
});

test('a home test gives readings with their limits, and no ECG', { timeout: 40_000 }, async () => {
  const { bluetooth } = await radio({ device: 'pulse-oximeter' });
  const made = session();
  const reading = new Promise((resolve) => made.addEventListener('reading', ({ detail }) => resolve(detail), { once: true }));
  await made.connect({ bluetooth });
  const { panel, loinc, values, limits } = await reading;
  assert.deepEqual([panel, loinc], ['pulseOximetry', '59408-5']);
  assert.deepEqual(values[0], { quantity: 'oxygenSaturation', loinc: '59408-5', unit: '%', value: 97 });
  assert.ok(limits.includes('skinTone') && limits.includes('coldFingers'));
});

test('of a shared monitor only the fresh reading of the chosen user is told', { timeout: 40_000 }, async () => {
  const { bluetooth } = await radio({ device: 'blood-pressure' });
  const made = session({ test: 'monitor', devices: { user: 1 } });
  const left = [];
  made.addEventListener('readingLeftOut', ({ detail }) => left.push(detail.code));
  const reading = new Promise((resolve) => made.addEventListener('reading', ({ detail }) => resolve(detail), { once: true }));
  await made.connect({ bluetooth });
  const told = await reading;
  assert.deepEqual(left, ['reading.stored', 'reading.otherUser']);
  assert.equal(told.values[0].value, 128);
  assert.ok(told.ageS >= 0 && told.ageS < 60, `${told.ageS}`);
  assert.ok(!/user|202\d/.test(JSON.stringify(told)), 'neither user nor date');
});

test('what the page learns of a home test is in its report and summary', { timeout: 40_000 }, async () => {
  const { bluetooth } = await radio({ device: 'blood-pressure' });
  const made = session({ test: 'monitor', devices: { user: 1 } });
  const reading = new Promise((resolve) => made.addEventListener('reading', resolve, { once: true }));
  await made.connect({ bluetooth });
  await reading;
  const { readings, summary } = made.finish();
  assert.deepEqual(readings.map(({ panel, count, values: [first] }) => [panel, count, first.value]), [['bloodPressure', 1, 128]]);
  assert.deepEqual(summary.readings[0].values, readings[0].values);
  const bundle = toFhir(summary, { visitId: '17'.repeat(16), id: summary.id });
  assert.deepEqual(bundle.entry.map(({ resource }) => resource.code.coding[0].code), ['11524-6', '85354-9']);
});

test('an oximeter beside a strap', { timeout: 60_000 }, async () => {
  const strap = await radio();
  const oximeter = await radio({ device: 'pulse-oximeter' });
  const made = session();
  const { until, states } = witness(made);
  const [ecg, reading] = [until('ecg'), new Promise((resolve) => made.addEventListener('reading', ({ detail }) => resolve(detail), { once: true }))];
  await made.connect({ bluetooth: strap.bluetooth });
  await assert.rejects(made.connect({ bluetooth: oximeter.bluetooth }), { code: 'session.connected' });
  await made.connect({ bluetooth: oximeter.bluetooth, another: true });
  await ecg;
  assert.equal((await reading).panel, 'pulseOximetry');
  oximeter.strap.disconnect();
  await until('beat');
  assert.ok(states().every(({ state }) => state !== 'reconnecting'), 'the second device is no news of the test');
  const report = made.finish();
  assert.deepEqual([report.device.class, report.readings[0].panel], ['chestStrapEcg', 'pulseOximetry']);
  assert.equal(report.transport.reconnects, 0);
  const stopped = () => strap.seen.calls.some(({ name, args }) => name === 'writeValueWithResponse' && args[0][0] === 3);
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.ok(stopped(), 'the strap is told to stop');
});

test('a shell that carries the bytes of a strap, a recorder and a monitor', { timeout: 60_000 }, async () => {
  const bridge = await documentedBridge();
  for (const [device, what] of [['polar-h10', 'ecg'], ['viatom', 'ecg'], ['movesense', 'ecg'], ['blood-pressure', 'reading']]) {
    const made = session({ test: 'monitor', devices: { user: 1 } });
    const shell = await Shell.of(device);
    bridge(made, shell, 'shell');
    const until = (type) => new Promise((resolve) => made.addEventListener(type, ({ detail }) => resolve(detail), { once: true }));
    const first = until(what);
    await shell.connect();
    await first;
    if (what === 'ecg') {
      // The link breaks and comes back: one handshake more, and the record goes on.
      await shell.lose();
      assert.equal(made.state, 'reconnecting', device);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const again = until('ecg');
      await shell.connect();
      await again;
    }
    const report = made.finish();
    if (what === 'reading') assert.equal(report.readings[0].values[0].value, 128);
    else assert.deepEqual([report.transport.reconnects, report.transport.badFrames], [1, 0], device);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(shell.linked, false, `${device} is let go`);
    made.dispose();
  }
});

test('values of a rarer device are read without a handshake', { timeout: 40_000 }, async () => {
  const made = session();
  const reading = new Promise((resolve) => made.addEventListener('reading', ({ detail }) => resolve(detail), { once: true }));
  const short = (id) => `0000${id}-0000-1000-8000-00805f9b34fb`;
  // 120 over 80 mm[Hg], neither time nor user.
  const bytes = Uint8Array.of(0, 120, 0, 80, 0, 93, 0);
  made.pushNotification({ service: short('1810'), characteristic: short('2a35'), bytes, receivedMs: performance.now() });
  assert.deepEqual((await reading).values.map(({ value }) => value), [120, 80, 93]);
  assert.equal(made.finish().readings.length, 1);
});

test('Web Bluetooth that an extension supplies after the page has loaded is found', async (t) => {
  const made = session();
  await assert.rejects(made.connect(), { code: 'bluetooth.unavailable' });
  const { bluetooth } = await radio();
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { bluetooth } });
  t.after(() => before && Object.defineProperty(globalThis, 'navigator', before));
  const { until } = witness(made);
  const first = until('ecg');
  await made.connect();
  await first;
});
