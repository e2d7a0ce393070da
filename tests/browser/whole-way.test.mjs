// From a heart strap to the doctor's screen: a real browser, real Web Bluetooth over an emulated Polar H10, the real portal.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { chromiumPath, launch, Witness } from './chromium.mjs';
import { SAMPLES_PER_FRAME, TRUE_RATE_HZ } from './polar.mjs';
import { databaseReader, Portal, whatIsMissing } from './portal.mjs';
import { dataFolder, meanRateBpm, readRecord, syntheticEcg, syntheticNoise } from './recording.mjs';
import { EmulatedStrap } from './strap.mjs';
import { Clinician, Patient } from './visit.mjs';

const FRAME_S = SAMPLES_PER_FRAME / TRUE_RATE_HZ;
const CARRIED_S = 150;              // more than a test takes, with its questions before and a disconnect in it
const sleep = seconds => new Promise(resolve => setTimeout(resolve, seconds * 1000));

const missing = chromiumPath() ? whatIsMissing() : 'no chromium';
if (missing) console.log(`SKIPPED the whole way from the strap to the doctor's screen is unproved: ${missing}`);
const folder = dataFolder();
if (!folder) console.log('SKIPPED reference recordings are absent: the whole way is proved on synthetic ECG only');
const reader = await databaseReader();
if (!reader) console.log('SKIPPED neither node:sqlite nor python3: stored rows are searched as bytes, not counted');

const mitdb = (name, startS) => readRecord(path.join(folder, 'mitdb'), name, startS, CARRIED_S);
const slow = folder ? mitdb('115', 30) : syntheticEcg({ bpm: 58, durationS: CARRIED_S });
const fast = folder ? mitdb('122', 300) : syntheticEcg({ bpm: 91, durationS: CARRIED_S, seed: 2 });
const noise = folder ? readRecord(path.join(folder, 'nstdb'), 'em', 60, CARRIED_S) : syntheticNoise({ durationS: CARRIED_S });

/** One visit: sets the scene, runs `act`, and keeps screenshots and logs when anything fails. */
async function visit(label, strap, act, { mode = 'real' } = {}) {
  const portal = await Portal.start();
  const browser = await launch();
  const witness = new Witness();
  try {
    const clinician = await Clinician.arrive(browser, portal, witness);
    const invitation = await clinician.newVisit(mode);
    const patient = await Patient.arrive(browser, invitation.url, witness);
    await strap?.attach(browser, patient.page);
    await act({ portal, clinician, patient, invitation, witness });
    await assertNothingLeaked(portal, patient, clinician, witness);
    assert.deepEqual(witness.lines.filter(line => /^\w+ error:/.test(line) && !/status of 4\d\d|ERR_INTERNET_DISCONNECTED/.test(line)), []);
    assert.deepEqual(strap?.errors ?? [], []);
  } catch (error) {
    console.log(`kept for a look: ${await witness.keep(label)}\nstrap: ${strap?.errors.join('; ')}\nportal: ${portal.log}`);
    throw error;
  } finally {
    await strap?.detach();
    await browser.close();
    await portal.stop();
  }
}

async function assertNothingLeaked(portal, patient, clinician, witness) {
  const stored = portal.storedBytes();
  const shown = await clinician.page.content();
  for (const secret of await patient.secrets()) {
    for (const { url, headers, body, method } of witness.requests) {
      const told = `${url}\n${JSON.stringify(headers)}\n${body.toString('latin1')}`;
      assert.ok(!told.includes(secret), `${secret} left the browser in ${method} ${url}`);
    }
    assert.ok(!stored.includes(secret), `${secret} is stored`);
    assert.ok(!shown.includes(secret), `${secret} is shown`);
  }
  for (const { url, body } of witness.requests.filter(r => r.method === 'POST' && /\/(fhir|api\/live)$/.test(r.url))) {
    assert.ok(body.length > 0, `the body of ${url} was not seen: nothing is proved about it`);
  }
}

/** What of the recording went out while the test recorded, and the hole in it. */
function recorded(strap, begunAt, endedAt) {
  const [startS, endS] = [begunAt, endedAt].map(at => (at - strap.startedAt) / 1000);
  const stretches = strap.sentStretches()
    .map(part => ({ startS: Math.max(part.startS, startS), endS: Math.min(part.endS, endS) }))
    .filter(part => part.endS > part.startS);
  assert.equal(stretches.length, 2, 'one disconnect inside the recording');
  return { stretches, gapS: stretches[1].startS - stretches[0].endS };
}

const numberOf = async locator => {
  const text = (await locator.first().textContent()).trim();
  const found = /\d+/.exec(text);
  assert.ok(found, `no number in "${text}"`);
  return Number(found[0]);
};

async function assertReplayChangesNothing(portal, sent) {
  const before = await portal.results();
  const headers = Object.fromEntries(Object.entries(sent.headers).filter(([name]) =>
    ['authorization', 'content-type', 'pqrst-recorded-ago-ms'].includes(name)));
  const replay = await fetch(sent.url, { method: 'POST', headers, body: sent.body });
  assert.equal(replay.status, 200, 'a replay is accepted');
  assert.equal(await replay.text(), sent.answer, 'a replay is answered as the first time');
  const stranger = await fetch(sent.url, { method: 'POST', headers: { ...headers, authorization: `Bearer ${'A'.repeat(43)}` }, body: sent.body });
  assert.equal(stranger.status, 401, 'another token is refused');
  assert.equal((await stranger.json()).resourceType, 'OperationOutcome');
  assert.deepEqual(await portal.results(), before, 'the stored rows have changed');
}

async function assertClinicianSaw(clinician, rateBpm) {
  const seen = await clinician.seen();
  assert.ok(new Set(seen['live-state']).size >= 3, `live states: ${seen['live-state'].join(' | ')}`);
  assert.ok(seen['live-state'].some(text => /\d+\D+30/.test(text)), `no progress: ${seen['live-state'].join(' | ')}`);
  const rates = seen['live-rate'].map(text => Number(/\d+/.exec(text)?.[0])).filter(rate => rate > 0);
  assert.ok(rates.some(rate => Math.abs(rate - rateBpm) <= 10), `live rates ${rates.join(' ')} against ${rateBpm}`);
}

async function strapToScreen(label, recording, contact, batteryPercent) {
  const strap = new EmulatedStrap({ recording, falseBpm: 171, contact, batteryPercent });
  await visit(label, strap, async ({ portal, clinician, patient, invitation, witness }) => {
    // The page asks the portal for the visit first: both screens show the same code.
    const code = patient.get('visit-code').first();
    await code.waitFor({ timeout: 15_000 });
    assert.equal((await code.textContent()).trim(), invitation.code, 'both screens show the visit code');
    await patient.answerAndConnect();
    const begunAt = await patient.recordedFor(10);
    assert.ok(!new URL(patient.page.url()).hash, 'the token has left the address bar');
    const low = patient.get('battery').filter({ visible: true });
    assert.deepEqual(await low.allTextContents(), batteryPercent < 20 ? [`The battery of the device is low: ${batteryPercent}\u00a0%. Charge or change it after the test.`] : []);
    if (batteryPercent < 20) console.log(`kept for a look: ${await witness.keep(`${label}-low-battery`)}`);
    await strap.walkAway();
    await sleep(3);
    strap.comeBack();
    await patient.verdict();
    const endedAt = performance.now();
    const states = new Set(patient.liveStates().map(live => live.state));
    for (const state of ['recording', 'reconnecting']) assert.ok(states.has(state), `live states: ${[...states].join(' ')}`);
    assert.ok(patient.liveStates().every(live => live.simulated === false));
    assert.ok(patient.liveStates().every(live => live.bpm !== strap.falseBpm), 'the rate that the strap claims is not shown as measured');
    const sent = await patient.consentAndSend();
    assert.equal(sent.status, 201);
    assert.deepEqual(strap.written.at(-1)?.bytes, Uint8Array.of(3, 0), 'the strap was told to stop');

    await clinician.get('rate-mean').first().waitFor({ timeout: 15_000 });
    const { stretches, gapS } = recorded(strap, begunAt, endedAt);
    const reference = meanRateBpm(recording.beatTimesS, stretches);
    const shown = await numberOf(clinician.get('rate-mean'));
    console.log(`${recording.name}: reference ${reference.toFixed(1)} bpm, shown ${shown}, strap's own claim ${strap.falseBpm}`);
    assert.ok(Math.abs(shown - reference) <= 1, `mean rate ${shown}, annotated ${reference.toFixed(2)}`);
    await assertClinicianSaw(clinician, reference);

    assert.equal(await clinician.get('gap').count(), 1, 'one disconnect is one gap');
    const shownGapS = Number(await clinician.get('gap').getAttribute('data-duration-s'));
    console.log(`${recording.name}: gap ${gapS.toFixed(2)} s, shown ${shownGapS}`);
    assert.ok(Math.abs(shownGapS - gapS) <= FRAME_S, `gap ${shownGapS} s, truly ${gapS.toFixed(2)} s`);
    assert.match(await clinician.get('device-class').first().textContent(), /chest\s?strap/i);
    assert.match(await clinician.get('verdict').first().textContent(), /usable/i);
    assert.equal(await clinician.get('simulated').filter({ visible: true }).count(), 0);

    const rows = await portal.results();
    if (rows) assert.equal(rows.length, 1, 'one delivery is one row');
    await assertReplayChangesNothing(portal, sent);
  });
}

const options = { skip: missing ?? false, timeout: 240_000 };

test('a slow heart through a strap that tells its contact', options, () => strapToScreen('slow', slow, true, 83));

test('a fast heart through a strap that keeps silent about contact', options, () => strapToScreen('fast', fast, null, 12));

test('noise alone asks for a retake and delivers no rate', options, async () => {
  const strap = new EmulatedStrap({ recording: noise, falseBpm: 66, contact: true });
  await visit('noise', strap, async ({ portal, clinician, patient }) => {
    await patient.answerAndConnect();
    await patient.verdict(120);
    assert.ok(patient.liveStates().every(live => live.bpm !== strap.falseBpm), 'the rate that the strap claims stands in for no signal');
    assert.ok(await patient.get('retake').first().isVisible(), 'the patient is offered another try');
    assert.equal(await clinician.get('rate-mean').filter({ visible: true }).count(), 0, 'no rate is made of noise');
    const rows = await portal.results();
    for (const { summary } of rows ?? []) assert.notEqual(JSON.parse(summary).verdict.kind, 'usable');
  });
});

test('a demo visit runs on the virtual strap, says so on both screens, and its result outlives a closed page', options, async () => {
  await visit('demo', null, async ({ portal, clinician, patient, invitation }) => {
    await patient.answerAndConnect('connect-virtual');
    await patient.recordedFor(2);
    await patient.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    assert.match(await patient.get('away').textContent(), /out of sight/, 'a page that comes back into sight says what that means');
    await patient.verdict(120);
    assert.ok(patient.liveStates().every(live => live.simulated === true));
    await patient.failToSendAndComeBack(invitation.url);
    assert.equal((await portal.results())?.length ?? 0, 0, 'nothing was stored before it was sent');
    const sent = await patient.consentAndSend();
    assert.equal(sent.status, 201);
    await clinician.get('rate-mean').first().waitFor({ timeout: 15_000 });
    assert.ok(await clinician.get('simulated').first().isVisible(), 'the watermark is missing');
    const [row] = (await portal.results()) ?? [null];
    if (row) assert.equal(JSON.parse(row.summary).simulated, true);
    await patient.page.goto('about:blank');
    await patient.page.goto(invitation.url);
    await patient.get('confirm-identity').waitFor();
    assert.equal(await patient.get('unsent').count(), 0, 'what was sent is not offered again');
  }, { mode: 'demo' });
});
