// Devices of the table through Chromium's own Web Bluetooth: connected, lost in the middle, taken up again, reported.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromiumPath, launch, Witness } from './chromium.mjs';
import { syntheticEcg } from './recording.mjs';

const dist = fileURLToPath(new URL('../../pkg/dist/', import.meta.url));
const missing = chromiumPath() ? (fs.existsSync(path.join(dist, 'index.js')) ? null : 'no package in pkg/dist: cargo xtask build') : 'no chromium';
if (missing) console.log(`SKIPPED devices through the browser are unproved: ${missing}`);

const RATE_HZ = 250;
const AWAY_S = 3;
const sleep = seconds => new Promise(resolve => setTimeout(resolve, seconds * 1000));

const told = { ecg: log => log.samples > 500, rate: log => log.rates.length > 2, readings: log => log.readings.length > 0 };

/** What each says, when the link breaks, and what the report then holds. */
const DEVICES = [
  { device: 'polar-h10', says: 'ecg', holds: report => report.device.class === 'chestStrapEcg' },
  { device: 'movesense', says: 'ecg', holds: report => report.device.class === 'chestStrapEcg' },
  { device: 'viatom', says: 'ecg', holds: report => report.device.class === 'ecgMonitor' && report.limits.includes('timingUnverified') },
  { device: 'heart-rate', says: 'rate', holds: report => report.device.class === 'heartRateSensor' && report.rr.length > 4 },
  {
    device: 'blood-pressure', says: 'readings',
    holds: ({ readings: [first] }) => first.panel === 'bloodPressure' && first.values[0].value === 128 && first.limits.includes('singleReading'),
    // The first thing it tells is what it remembers; the patient's own reading comes after the break.
    middle: log => log.left.length > 0,
    leftOut: ['reading.otherUser', 'reading.stored'],
  },
  { device: 'pulse-oximeter', says: 'readings', holds: ({ readings: [first] }) => first.panel === 'pulseOximetry' && first.values[0].highest === 97 },
];

const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' };

/** The page at `/`, the package below `/pqrst/`. */
async function serve() {
  const page = fileURLToPath(new URL('./devices.test.html', import.meta.url));
  const server = http.createServer(({ url }, response) => {
    const file = url === '/' ? page : path.join(dist, path.normalize(url.replace(/^\/pqrst\//, '')));
    if (!fs.existsSync(file)) return response.writeHead(url === '/favicon.ico' ? 204 : 404).end();
    response.setHeader('content-type', TYPES[path.extname(file)] ?? 'text/plain').end(fs.readFileSync(file));
  });
  await new Promise(resolve => server.listen(0, resolve));
  return { server, address: `http://127.0.0.1:${server.address().port}/` };
}

/** A page with this device in reach. */
async function visit(device, act) {
  const { CANARY_NAME, EmulatedVirtual } = await import('./virtual.mjs');
  const { server, address } = await serve();
  const browser = await launch();
  const witness = new Witness();
  const { samplesUv } = syntheticEcg({ bpm: 72, durationS: 90, samplingRateHz: RATE_HZ, seed: 3 });
  const emulated = await EmulatedVirtual.of({ device, samplesUv: Float32Array.from(samplesUv), samplingRateHz: RATE_HZ });
  try {
    const context = await browser.newContext();
    await EmulatedVirtual.prepare(context);
    const page = await context.newPage();
    witness.watch(page, 'plain');
    await page.goto(address);
    await page.waitForFunction(() => window.ready);
    await emulated.attach(browser, page);
    const log = () => page.evaluate(() => window.log);
    const until = async (fits, seconds = 40) => {
      for (const end = performance.now() + seconds * 1000; performance.now() < end; await sleep(0.1)) {
        const now = await log();
        if (fits(now)) return now;
      }
      throw new Error(`not within ${seconds} s: ${JSON.stringify(await log())} ${emulated.errors}`);
    };
    await act({ page, emulated, log, until });
    assert.deepEqual(emulated.errors, []);
    assert.deepEqual(witness.lines.filter(line => /^\w+ error:/.test(line)), []);
    const said = JSON.stringify(await page.evaluate(() => window.finish()));
    assert.ok(!said.includes(CANARY_NAME) && !said.includes('1A2B3C4D'), 'the name is nowhere');
  } catch (error) {
    console.log(`kept: ${await witness.keep(device)}`, emulated.errors);
    throw error;
  } finally {
    await emulated.detach();
    await browser.close();
    server.close();
  }
}

for (const { device, says, middle = told[says], holds, leftOut = [] } of DEVICES) {
  test(`${device}: connected, lost, taken up again, reported`, { skip: missing || false, timeout: 150_000 }, async () => {
    await visit(device, async ({ page, emulated, log, until }) => {
      await page.click('#first');
      await until(middle);
      await emulated.walkAway();
      await until(({ states }) => states.at(-1).state === 'reconnecting');
      await sleep(AWAY_S);
      const before = await log();
      emulated.comeBack();
      await until(now => now.samples > before.samples + 500 || now.rates.length > before.rates.length + 3 || now.readings.length > before.readings.length);
      const report = await page.evaluate(() => window.finish());
      assert.ok(holds(report), JSON.stringify({ device: report.device, readings: report.readings, limits: report.limits }));
      assert.equal(report.transport.reconnects, 1);
      assert.equal(report.summary.transport.reconnects, 1);
      assert.deepEqual(report.summary.readings.map(({ panel }) => panel), report.readings.map(({ panel }) => panel));
      assert.equal(report.readings.length > 0, says === 'readings');
      if (says === 'ecg') {
        const breaks = report.gaps.filter(({ cause }) => cause === 'disconnected');
        assert.equal(breaks.length, 1, JSON.stringify(report.gaps));
        assert.ok(breaks[0].durationS > AWAY_S - 0.5, JSON.stringify(breaks));
      }
      const { left } = await log();
      for (const code of leftOut) assert.ok(left.includes(code), `${code} of ${left}`);
    });
  });
}

/** A browser whose adapter is in this state, and a page in it. */
async function bare({ adapter, features, hash = '' }, act) {
  const { server, address } = await serve();
  const browser = await launch(features);
  const page = await browser.newPage();
  try {
    const ble = await browser.newBrowserCDPSession();
    const chooser = await page.context().newCDPSession(page);
    if (adapter) await ble.send('BluetoothEmulation.enable', { state: adapter, leSupported: true });
    await chooser.send('DeviceAccess.enable');
    const answered = new Set();
    chooser.on('DeviceAccess.deviceRequestPrompted', ({ id }) => {
      if (answered.has(id)) return;
      answered.add(id);
      chooser.send('DeviceAccess.cancelPrompt', { id }).catch(() => {});
    });
    await page.goto(address + hash);
    await page.waitForFunction(() => window.ready);
    const refused = async (frame) => {
      await frame.waitForFunction(() => window.log?.refused, null, { timeout: 20_000 });
      return frame.evaluate(() => window.log.refused);
    };
    await act({ page, address, refused });
  } finally {
    await browser.close();
    server.close();
  }
}

const REASONS = [
  ['no Web Bluetooth', { features: '' }, 'bluetooth.unavailable'],
  ['no adapter', { adapter: 'absent' }, 'bluetooth.noAdapter'],
  ['a closed chooser', { adapter: 'powered-on' }, 'bluetooth.cancelled'],
];
for (const [what, browser, code] of REASONS) {
  test(`${what}: ${code}`, { skip: missing || false, timeout: 60_000 }, async () => {
    await bare(browser, async ({ page, refused }) => {
      await page.click('#first');
      assert.equal(await refused(page), code);
    });
  });
}

test('a frame that may not: bluetooth.policy', { skip: missing || false, timeout: 60_000 }, async () => {
  await bare({ adapter: 'powered-on' }, async ({ page, address, refused }) => {
    // A frame of another origin may use Bluetooth only where the page around it says so.
    const inner = address.replace('127.0.0.1', 'localhost');
    await page.setContent(`<iframe src="${inner}" width="600" height="300"></iframe>`);
    const frame = await (await page.waitForSelector('iframe')).contentFrame();
    await frame.waitForFunction(() => window.ready);
    await frame.click('#first');
    assert.equal(await refused(frame), 'bluetooth.policy');
  });
});

test('an adapter that is off: the browser keeps its chooser, and the session waits', { skip: missing || false, timeout: 60_000 }, async () => {
  await bare({ adapter: 'powered-off' }, async ({ page }) => {
    await page.click('#first');
    await sleep(2);
    const { states, refused: yet } = await page.evaluate(() => window.log);
    assert.deepEqual([states.at(-1).state, yet], ['choosing', null]);
    // After a while it says what may be the matter, and goes on waiting.
    await page.waitForFunction(() => window.log.states.at(-1).code === 'bluetooth.noChooser', null, { timeout: 20_000 });
    assert.equal((await page.evaluate(() => window.log)).refused, null);
  });
});

test('no press: bluetooth.notAllowed', { skip: missing || false, timeout: 60_000 }, async () => {
  await bare({ adapter: 'powered-on', hash: '#at-once' }, async ({ page, refused }) => {
    assert.equal(await refused(page), 'bluetooth.notAllowed');
  });
});
