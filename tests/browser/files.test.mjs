// A recording in a file, through the patient's page to the doctor's screen: read in a worker, named nowhere.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { chromiumPath, launch, Witness } from './chromium.mjs';
import { Portal, whatIsMissing } from './portal.mjs';
import { syntheticEcg } from './recording.mjs';
import { Clinician, Patient } from './visit.mjs';

const missing = chromiumPath() ? whatIsMissing() : 'no chromium';
if (missing) console.log(`SKIPPED a day in a file, from the patient's page to the doctor's screen, is unproved: ${missing}`);

const CANARY = 'CANARY Wilhelmina 19340507';
const BPM = 66;
const RATE_HZ = 250;
const UV_PER_UNIT = 2.5;
const TILE_S = 600;

/** So many hours of ECG as EDF, one lead; the same ten minutes again and again. */
function writeEdf(file, hours) {
  const fixed = (text, width) => String(text).padEnd(width);
  const records = hours * 3600;
  const header = fixed('0', 8) + fixed(CANARY, 80) + fixed(`Startdate 07-MAY-1934 ${CANARY}`, 80) + '07.05.34' + '12.00.00' +
    fixed(512, 8) + fixed('', 44) + fixed(records, 8) + fixed(1, 8) + fixed(1, 4) +
    fixed('ECG II', 16) + fixed('', 80) + fixed('uV', 8) + fixed(-32768 * UV_PER_UNIT, 8) + fixed(32767 * UV_PER_UNIT, 8) +
    fixed(-32768, 8) + fixed(32767, 8) + fixed('', 80) + fixed(RATE_HZ, 8) + fixed('', 32);
  const { samplesUv } = syntheticEcg({ bpm: BPM, durationS: TILE_S, samplingRateHz: RATE_HZ, seed: 9 });
  const tile = Buffer.from(Int16Array.from(samplesUv, uv => Math.round(uv / UV_PER_UNIT)).buffer);
  fs.writeFileSync(file, Buffer.concat([Buffer.from(header, 'latin1'), ...Array(records / TILE_S).fill(tile)]));
}

async function visit(label, act) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pqrst-files-'));
  const portal = await Portal.start();
  const browser = await launch();
  const witness = new Witness();
  try {
    const clinician = await Clinician.arrive(browser, portal, witness);
    const invitation = await clinician.newVisit('demo');
    const patient = await Patient.arrive(browser, invitation.url, witness);
    await patient.answerAndConnect('use-file');
    await act({ folder, portal, clinician, patient, witness });
    assert.deepEqual(witness.lines.filter(line => /^\w+ error:/.test(line) && !/status of 401/.test(line)), []);
  } catch (error) {
    console.log(`kept for a look: ${await witness.keep(label)}`);
    throw error;
  } finally {
    await browser.close();
    await portal.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

test('a day of ECG: progress, cancelled, read again, sent without a name', { skip: missing || false, timeout: 420_000 }, async () => {
  await visit('files-day', async ({ folder, portal, patient, witness }) => {
    const file = path.join(folder, `${CANARY}.edf`);
    writeEdf(file, 24);
    await patient.get('file').setInputFiles(file);
    // The page goes on while the worker reads: its bar moves and its button is heard.
    await patient.page.waitForFunction(() => document.querySelector('progress')?.value > 0, null, { timeout: 60_000 });
    await patient.get('file-cancel').click();
    await patient.get('drop').waitFor({ timeout: 5_000 });
    await patient.get('file').setInputFiles(file);
    const { values: seen, longest } = await patient.page.evaluate(() => new Promise(resolve => {
      const values = new Set();
      let longest = 0;
      const watch = new PerformanceObserver(list => list.getEntries().forEach(({ duration }) => (longest = Math.max(longest, duration))));
      watch.observe({ type: 'longtask' });            // tells of tasks of 50 ms and more
      const look = () => {
        const bar = document.querySelector('progress');
        if (!bar) return resolve({ values: [...values], longest });
        values.add(bar.value);
        setTimeout(look, 10);
      };
      look();
    }));
    assert.equal(longest, 0, `a task of the page took ${longest} ms`);
    assert.ok(seen.length > 10 && seen.every((value, i) => i === 0 || value > seen[i - 1]), `the bar showed ${seen.length} values`);
    await patient.get('age-0').waitFor({ timeout: 120_000 });
    await patient.get('age-2').click();
    await patient.get('age-continue').click();
    await patient.verdict();
    const sent = await patient.consentAndSend();
    assert.equal(sent.status, 201);
    assert.ok(Math.abs(Number(sent.headers['pqrst-recorded-ago-ms']) - 7 * 86_400_000) < 120_000, 'as old as the patient said');
    const bundle = JSON.parse(sent.body.toString('utf8'));
    const summary = JSON.stringify(bundle).match(/\{\\"schema\\".*?\\"meanBpm\\":\{\\"value\\":(\d+)/);
    assert.ok(summary && Math.abs(Number(summary[1]) - BPM) <= 1, 'the rate that was made');
    for (const word of CANARY.split(' ')) {
      const told = witness.requests.filter(r => r.body.toString('latin1').includes(word) || r.url.includes(word));
      assert.deepEqual(told.map(r => r.url), [], `${word} left the browser`);
      assert.ok(!portal.storedBytes().includes(word), `${word} is stored`);
    }
  });
});

test('several files belong together, and what cannot be read is explained', { skip: missing || false, timeout: 120_000 }, async () => {
  await visit('files-set', async ({ folder, patient }) => {
    const put = (name, content) => fs.writeFileSync(path.join(folder, name), content);
    const { samplesUv } = syntheticEcg({ bpm: BPM, durationS: 40, samplingRateHz: RATE_HZ, seed: 4 });
    const samples = Int16Array.from(samplesUv, Math.round);
    const sum = samples.reduce((sum, x) => (sum + x) & 0xffff, 0);
    const header = checksum => put('r.hea', `r 1 ${RATE_HZ} ${samples.length}\nr.dat 16 1/uV 16 0 0 ${checksum} 0 II\n`);
    header(sum ^ 1);
    put('r.dat', Buffer.from(samples.buffer));
    put('holiday.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
    const problem = async code => assert.equal(await patient.get('problem').getAttribute('data-code', { timeout: 30_000 }), code);
    await patient.get('file').setInputFiles(path.join(folder, 'holiday.jpg'));
    await problem('import.unknownFormat');
    await patient.get('file').setInputFiles(path.join(folder, 'r.hea'));
    await patient.page.waitForFunction(() => document.querySelector('[data-testid=problem]')?.dataset.code === 'import.missing', null, { timeout: 30_000 });
    const both = ['r.hea', 'r.dat'].map(name => path.join(folder, name));
    await patient.get('file').setInputFiles(both);
    await patient.get('damaged').waitFor({ timeout: 30_000 });
    await patient.get('age-back').click();
    header(sum);
    await patient.get('file').setInputFiles(both);
    await patient.get('age-0').click({ timeout: 30_000 });
    assert.equal(await patient.get('damaged').count(), 0);
    await patient.get('age-continue').click();
    await patient.verdict();
    assert.equal(await patient.get('verdict').getAttribute('data-kind'), 'usable');
  });
});
