// The emulator itself: does a page that speaks plain Web Bluetooth get the bytes of a Polar H10?
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import test from 'node:test';
import { chromiumPath, launch, Witness } from './chromium.mjs';
import { answerControl, encodeEcgFrame, encodeHeartRate, SAMPLES_PER_FRAME, TRUE_RATE_HZ } from './polar.mjs';
import { decodeBeatAnnotations, decodeFormat212, meanRateBpm, sampleAt, syntheticEcg } from './recording.mjs';
import { CANARY_NAME, EmulatedStrap } from './strap.mjs';

const hex = bytes => Buffer.from(bytes).toString('hex');
const sleep = seconds => new Promise(resolve => setTimeout(resolve, seconds * 1000));

test('format 212 unpacks two signed 12-bit samples from three bytes', () => {
  const [first, second] = decodeFormat212(Uint8Array.of(0x01, 0x80, 0xff, 0xff, 0x7f, 0x00));
  assert.deepEqual([...first], [1, -1]);
  assert.deepEqual([...second], [-1793, 1792]);
});

test('annotations: skips, text and rhythm marks move time and are no beats', () => {
  const word = (code, low) => [low & 255, (code << 2) | (low >> 8)];
  const bytes = Uint8Array.from([
    ...word(28, 5), ...word(63, 3), 0x28, 0x4e, 0x00, 0x00,      // rhythm mark with text "(N", padded
    ...word(1, 10), ...word(59, 0), 0x01, 0x00, 0x00, 0x00,      // beat at 15, then skip 65536
    ...word(5, 1), 0, 0,
  ]);
  assert.deepEqual(decodeBeatAnnotations(bytes), [15, 15 + 65536 + 1]);
});

test('a stretch boundary is not counted as an interval', () => {
  const beats = [0, 1, 2, 3, 10, 10.5, 11];
  assert.equal(meanRateBpm(beats, [{ startS: 0, endS: 4 }, { startS: 9, endS: 12 }]), (60 * 5) / 4);
  assert.equal(meanRateBpm(beats, [{ startS: 4, endS: 9 }]), null);
});

test('resampling keeps a sine below the new half rate and drops one above it', () => {
  const tone = frequency => ({
    samplingRateHz: 500, samplesUv: Float32Array.from({ length: 2000 }, (_, i) => 1000 * Math.sin((2 * Math.PI * frequency * i) / 500)),
  });
  const largest = frequency => Math.max(...Array.from({ length: 200 }, (_, k) => Math.abs(sampleAt(tone(frequency), 1 + k / 130, 130))));
  assert.ok(Math.abs(largest(15) - 1000) < 20, `15 Hz: ${largest(15)}`);
  assert.ok(largest(110) < 50, `110 Hz: ${largest(110)}`);
});

test('bytes equal the published ones', () => {
  assert.equal(hex(encodeEcgFrame(2_000_000_000n, [-32766, 32770])), '000094357700000000000280ff028000');
  assert.equal(hex(encodeHeartRate(75, null)), '104b3303');
  const strap = { streaming: false, start() { this.streaming = true; }, stop() { this.streaming = false; } };
  assert.equal(hex(answerControl(strap, [1, 0])), 'f0010000000001820001010e00');
  assert.equal(hex(answerControl(strap, [2, 0, 0, 1, 0x82, 0, 1, 1, 0x0e, 0])), 'f00200000000');
  assert.equal(hex(answerControl(strap, [2, 0, 0, 1, 0x82, 0, 1, 1, 0x0e, 0])), 'f0020006');
  assert.equal(hex(answerControl(strap, [3, 0])), 'f003000000');
  assert.equal(hex(answerControl(strap, [6])), 'f0060001');
});

function decodeFrame(text) {
  const bytes = Buffer.from(text, 'hex');
  assert.equal(bytes.length, 10 + 3 * SAMPLES_PER_FRAME);
  assert.equal(bytes[0], 0);
  assert.equal(bytes[9], 0);
  const samples = Array.from({ length: SAMPLES_PER_FRAME }, (_, i) => bytes.readIntLE(10 + 3 * i, 3));
  return { lastS: Number(bytes.readBigUInt64LE(1) - 599_616_000_000_000_000n) / 1e9, samples };
}

const noBrowser = chromiumPath() ? false : 'no chromium: the strap emulator is unproved';
if (noBrowser) console.log(`SKIPPED ${noBrowser}`);

test('a plain page connects, streams, loses the link and streams again', { skip: noBrowser, timeout: 60_000 }, async () => {
  const page = fs.readFileSync(new URL('./strap.test.html', import.meta.url));
  const server = http.createServer((_, response) => response.setHeader('content-type', 'text/html').end(page));
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const browser = await launch();
  const witness = new Witness();
  const recording = syntheticEcg({ bpm: 72, durationS: 40 });
  const strap = new EmulatedStrap({ recording, falseBpm: 171 });
  try {
    const context = await browser.newContext();
    await EmulatedStrap.prepare(context);
    const tab = await context.newPage();
    witness.watch(tab, 'plain');
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    await strap.attach(browser, tab);
    await tab.click('button');
    const frames = n => tab.waitForFunction(count => window.log.frames.length >= count, n, { timeout: 20_000 });
    await frames(5);
    await strap.walkAway();
    await sleep(2);
    strap.comeBack();
    const before = await tab.evaluate(() => window.log.frames.length);
    await frames(before + 4);
    await tab.evaluate(() => window.stop());
    const log = await tab.evaluate(() => window.log);

    assert.equal(log.device, CANARY_NAME);
    assert.equal(log.disconnects, 1);
    assert.ok(log.refusals.length > 1, 'a strap out of reach refused no connection');
    assert.ok(log.refusals.every(name => name === 'NetworkError'), String(log.refusals));
    assert.equal(log.features.slice(0, 4), '0f05');
    assert.equal(log.battery, '53');
    assert.deepEqual(log.control.filter(answer => !answer.startsWith('0f')),
      ['f0010000000001820001010e00', 'f00200000000', 'f0010000000001820001010e00', 'f00200000000', 'f003000000']);
    assert.ok(log.heartRate.length >= 3 && log.heartRate.every(bytes => bytes.startsWith('16ab')));

    const decoded = log.frames.map(decodeFrame);
    let holes = 0;
    for (let i = 1; i < decoded.length; i++) {
      const step = decoded[i].lastS - decoded[i - 1].lastS;
      if (Math.abs(step - SAMPLES_PER_FRAME / TRUE_RATE_HZ) > 1e-6) holes += 1;
    }
    assert.equal(holes, 1, 'frames are contiguous but for the disconnect');
    const [first, second] = strap.sentStretches();
    assert.ok(second.startS - first.endS > 2, 'what was sampled meanwhile is lost');
    for (const { lastS, samples } of decoded) {
      const expected = sampleAt(recording, lastS, TRUE_RATE_HZ);
      assert.ok(Math.abs(samples.at(-1) - expected) <= 1, `${samples.at(-1)} is not ${expected} at ${lastS}`);
    }
    assert.deepEqual(strap.errors, []);
  } catch (error) {
    console.log(`kept: ${await witness.keep('strap')}`, strap.errors);
    throw error;
  } finally {
    await strap.detach();
    await browser.close();
    server.close();
  }
});
