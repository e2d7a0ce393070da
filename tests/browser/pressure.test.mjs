// A rested series of blood pressures from the cuff to the doctor's screen, and the red flag that it raises. The clock of the patient's
// page is moved on, so that five minutes of rest pass at once.
import assert from 'node:assert/strict';
import test from 'node:test';
import { chromiumPath, launch, Witness } from './chromium.mjs';
import { EmulatedCuff } from './cuff.mjs';
import { Portal, whatIsMissing } from './portal.mjs';
import { Clinician, Patient } from './visit.mjs';

const missing = chromiumPath() ? whatIsMissing() : 'no chromium';
if (missing) console.log(`SKIPPED the way of a blood pressure is unproved: ${missing}`);

const RESPONSIBLE = 'Cardiology on call';
const NOTICE = 'Please stay where we can reach you today.';
const CLINIC = { redFlags: { systolicAbove: 170 }, redFlagNotice: NOTICE, responsible: RESPONSIBLE, acknowledgeWithinMin: 10 };

test('a rested series leads the patient, reaches the doctor, and is acknowledged', { skip: missing ?? false, timeout: 120_000 }, async () => {
  const portal = await Portal.start({ clinic: CLINIC });
  const browser = await launch();
  const witness = new Witness();
  const cuff = new EmulatedCuff();
  try {
    const clinician = await Clinician.arrive(browser, portal, witness);
    const invitation = await clinician.newVisit('real');
    const patient = await Patient.arrive(browser, invitation.url, witness, { clock: true });
    await cuff.attach(browser, patient.page);
    const shows = text => patient.page.getByText(text).first().waitFor({ timeout: 10_000 });
    const minutes = async count => patient.page.clock.fastForward(count * 60_000);

    await patient.answerTo('use-cuff');
    await patient.get('use-cuff').click();
    await patient.get('connect-cuff').click();
    await shows('Sit still');
    assert.match(await patient.get('countdown').textContent(), /First reading in [45]:\d\d/);
    await clinician.page.getByText('patient rests before the first reading').waitFor({ timeout: 10_000 });
    await cuff.measure({ systolic: 190, diastolic: 110 });
    await shows('came before the rest was over');
    await minutes(5);
    await shows('Measure now');
    await cuff.measure({ systolic: 180, diastolic: 99, moved: true });
    await shows('was disturbed');
    await cuff.measure({ systolic: 178, diastolic: 98 });
    await shows('Wait a moment');
    assert.match(await patient.get('countdown').textContent(), /Measure again in (1:00|0:5\d)/);
    await minutes(1);
    await shows('Measure again');
    await cuff.measure({ systolic: 174, diastolic: 94 });
    await shows('Your readings are ready');

    // One neutral sentence in the clinic's words; who is responsible is nowhere.
    assert.equal(await patient.get('looked-at-first').textContent(), NOTICE);
    assert.ok((await patient.get('payload').textContent()).includes('176 / 96 mmHg, mean of 2 rested readings'));
    const sent = await patient.consentAndSend();
    assert.equal(sent.status, 201);
    assert.ok(!(await patient.page.content()).includes(RESPONSIBLE));
    const bundle = JSON.parse(sent.body.toString('utf8'));
    const mean = bundle.entry.map(({ resource }) => resource).find(({ method }) => method);
    assert.deepEqual(mean.component.map(({ valueQuantity }) => valueQuantity.value), [176, 96, 2]);
    assert.equal(mean.derivedFrom.length, 2);

    await clinician.get('priority').waitFor({ timeout: 15_000 });
    assert.equal(await clinician.get('red-flag').getAttribute('data-flag'), 'pressureHigh');
    assert.match(await clinician.get('red-flag').textContent(), /176 \/ 96 mmHg, mean of 2 rested readings; limit 170 systolic/);
    assert.match(await clinician.get('acknowledgement').textContent(), /To be acknowledged by Cardiology on call within 10 min: (10:00|9:\d\d) min left/);
    assert.match(await clinician.get('pressure-series').textContent(), /2 counted; 1 not counted, before the rest was over; 1 not counted, moved/);
    await clinician.get('acknowledge').click();
    await clinician.page.getByText(/Acknowledged by clinician, \d+ s ago/).waitFor({ timeout: 10_000 });
    await clinician.page.reload();
    await clinician.page.getByText(/Acknowledged by clinician, \d+ s ago/).waitFor({ timeout: 10_000 });

    const heard = witness.requests.filter(({ page }) => page === 'patient').map(({ url, headers, body }) => `${url} ${JSON.stringify(headers)} ${body}`).join('\n');
    for (const secret of await patient.secrets()) assert.ok(!heard.includes(secret), `${secret} left the browser`);
    assert.deepEqual(witness.lines.filter(line => /^\w+ error:/.test(line) && !/status of 401/.test(line)), []);
    assert.deepEqual(cuff.errors, []);
  } catch (error) {
    console.log(`kept for a look: ${await witness.keep('pressure')}\ncuff: ${cuff.errors.join('; ')}\nportal: ${portal.log}`);
    throw error;
  } finally {
    await cuff.detach();
    await browser.close();
    await portal.stop();
  }
});
