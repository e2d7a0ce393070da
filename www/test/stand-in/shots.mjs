// Pictures of every screen, by the stand-ins: node test/stand-in/shots.mjs http://localhost:5180 OUT_DIR [dark]
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [, , base = 'http://localhost:5180', out = '/tmp/pqrst-shots', scheme = 'light'] = process.argv;
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const errors = [];

async function open(path, viewport, scenario = {}) {
  const context = await browser.newContext({ viewport, colorScheme: scheme, deviceScaleFactor: viewport.width < 500 ? 2 : 1 });
  await context.addInitScript((settings) => (globalThis.fakeScenario = settings), scenario);
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(`${path}: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && errors.push(`${path}: ${message.text()}`));
  await page.goto(base + path);
  return page;
}
let count = 0;
const shot = async (page, name) => {
  count += 1;
  const { width } = page.viewportSize();
  await page.screenshot({ path: `${out}/${String(count).padStart(2, '0')}-${name}-${width}.png`, fullPage: true });
};
const by = (page, id) => page.getByTestId(id);

const wide = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };
const beside = { width: 400, height: 800 };

const landing = await open('/', wide);
await shot(landing, 'landing');
await landing.request.delete(`${base}/api/session`);
const doctor = await open('/clinician/', wide);
await by(doctor, 'user').waitFor();
await shot(doctor, 'login');
await by(doctor, 'user').fill('dr.rivera');
await by(doctor, 'password').fill('wrong');
await by(doctor, 'login').click();
await doctor.getByText('is wrong').waitFor();
await by(doctor, 'password').fill('x');
await by(doctor, 'login').click();
await by(doctor, 'new-visit-real').waitFor();
await shot(doctor, 'visits-empty');

async function visit(kind, { scenario, viewport, watch }) {
  const page = await open('/clinician/', viewport);
  await by(page, `new-visit-${kind}`).click();
  const link = await by(page, 'invitation-link').textContent();
  await shot(page, `visit-${kind}-waiting`);
  const patient = await open(link.replace(base, ''), watch.viewport ?? phone, scenario);
  await by(patient, 'confirm-identity').waitFor();
  return { page, patient, link };
}
async function upToStrap(patient, pictures) {
  const take = (name) => (pictures ? shot(patient, name) : undefined);
  await take('patient-identity');
  await by(patient, 'confirm-identity').click();
  await take('patient-symptoms');
  if (pictures) {
    await by(patient, 'symptoms-present').click();
    await take('patient-emergency');
    await by(patient, 'symptoms-back').click();
  }
  await by(patient, 'symptoms-none').click();
  await take('patient-questions');
  await by(patient, 'continue').click();
  await take('patient-questions-missing');
  await by(patient, 'pacemaker-no').click();
  await by(patient, 'posture-sitting').click();
  await by(patient, 'continue').click();
  await patient.waitForTimeout(200);
  await take('patient-fit');
}
const state = (patient, name) => patient.locator(`[data-testid=state][data-state=${name}]`).waitFor({ timeout: 20000 });

// A demonstration that works, with a disconnect.
{
  const { page, patient } = await visit('demo', { scenario: { speed: 2.5, dropAtS: 12 }, viewport: beside, watch: {} });
  await upToStrap(patient, true);
  await shot(page, 'visit-opened');
  await by(patient, 'connect-virtual').click();
  await state(patient, 'contact');
  await shot(patient, 'patient-contact');
  await state(patient, 'settling');
  await patient.waitForTimeout(800);
  await shot(patient, 'patient-settling');
  await state(patient, 'recording');
  await patient.waitForTimeout(3000);
  await shot(patient, 'patient-recording');
  await shot(page, 'visit-recording');
  await state(patient, 'reconnecting');
  await shot(patient, 'patient-reconnecting');
  await patient.waitForTimeout(300);
  await shot(page, 'visit-reconnecting');
  await by(patient, 'verdict').waitFor({ timeout: 30000 });
  await shot(patient, 'patient-usable');
  await by(patient, 'consent').check();
  await by(patient, 'send').click();
  await by(patient, 'sent').waitFor();
  await shot(patient, 'patient-sent');
  await by(page, 'rate-mean').waitFor();
  await shot(page, 'result-demo');
  await page.setViewportSize(wide);
  await shot(page, 'result-demo');
  await page.reload();
  await by(page, 'rate-mean').waitFor();
}
// Noise: two retakes, then not their fault.
{
  const { page, patient, link } = await visit('demo', { scenario: { speed: 12, verdict: 'retake' }, viewport: wide, watch: {} });
  await upToStrap(patient, false);
  await by(patient, 'connect-virtual').click();
  await by(patient, 'verdict').waitFor({ timeout: 30000 });
  await shot(patient, 'patient-retake');
  await by(patient, 'retake').click();
  await by(patient, 'retake').waitFor({ timeout: 30000 });
  await by(patient, 'retake').click();
  await state(patient, 'recording');
  await shot(patient, 'patient-noise');
  await patient.getByText('This is not your fault').first().waitFor({ timeout: 30000 });
  await patient.waitForTimeout(300);
  await shot(patient, 'patient-not-your-fault');
  await patient.route('**/fhir', (route) => route.abort());
  await by(patient, 'consent').check();
  await by(patient, 'send').click();
  await by(patient, 'problem').waitFor({ timeout: 30000 });
  await shot(patient, 'patient-offline');
  const second = await open(link.replace(base, ''), phone);
  await by(second, 'confirm-identity').waitFor();
  await shot(page, 'visit-opened-twice');
  await patient.unroute('**/fhir');
  await by(patient, 'send').click();
  await by(patient, 'sent').waitFor({ timeout: 30000 });
  await by(page, 'rate-mean').waitFor();
  await shot(page, 'result-retake');
}
// A real visit on a wide window, five minutes long, and a failure.
{
  const page = await open('/clinician/', wide);
  await by(page, 'test-300').click();
  await by(page, 'new-visit-real').click();
  const link = await by(page, 'invitation-link').textContent();
  const patient = await open(link.replace(base, ''), wide, { speed: 40 });
  await by(patient, 'confirm-identity').waitFor();
  await upToStrap(patient, true);
  await by(patient, 'connect').click();
  await by(patient, 'problem').waitFor();
  await patient.evaluate(() => {
    Object.defineProperty(navigator, 'bluetooth', { configurable: true, value: { requestDevice: async () => ({}) } });
  });
  await by(patient, 'connect').click();
  await state(patient, 'recording');
  await patient.waitForTimeout(2500);
  await shot(patient, 'patient-recording');
  await by(patient, 'verdict').waitFor({ timeout: 30000 });
  await shot(patient, 'patient-usable');
  await by(patient, 'consent').check();
  await by(patient, 'send').click();
  await by(patient, 'sent').waitFor();
  await by(page, 'rate-mean').waitFor();
  await shot(page, 'result-real');
}
// A blood pressure monitor, beyond a limit of the clinic; then acknowledged.
{
  const { page, patient } = await visit('real', { scenario: { cuff: true, verdict: 'cuff' }, viewport: wide, watch: {} });
  await patient.evaluate(() => {
    Object.defineProperty(navigator, 'bluetooth', { configurable: true, value: { requestDevice: async () => ({}) } });
  });
  await upToStrap(patient, false);
  await by(patient, 'use-cuff').click();
  await by(patient, 'connect-cuff').waitFor();
  await shot(patient, 'patient-cuff-fit');
  await patient.setViewportSize(wide);
  await shot(patient, 'patient-cuff-fit');
  await patient.setViewportSize(phone);
  await by(patient, 'connect-cuff').click();
  for (const [name, title] of [['rest', 'Sit still'], ['measure', 'Measure now'], ['disturbed', 'was disturbed'], ['wait', 'Wait a moment'], ['again', 'Measure again']]) {
    await patient.getByText(title).first().waitFor();
    await patient.waitForTimeout(300);
    await shot(patient, `patient-cuff-${name}`);
    if (name !== 'rest') continue;
    await patient.setViewportSize(wide);
    await shot(patient, 'patient-cuff-rest');
    await patient.setViewportSize(phone);
    await patient.waitForTimeout(1200);
    await shot(page, 'visit-cuff-rest');
  }
  await by(patient, 'consent').waitFor({ timeout: 30000 });
  await shot(patient, 'patient-cuff-result');
  await by(patient, 'consent').check();
  await by(patient, 'send').click();
  await by(patient, 'sent').waitFor();
  await shot(patient, 'patient-cuff-sent');
  await by(page, 'priority').waitFor();
  await shot(page, 'result-cuff-priority');
  await page.setViewportSize(phone);
  await shot(page, 'result-cuff-priority');
  const list = await open('/clinician/', wide);
  await by(list, 'flag-waits').first().waitFor();
  await shot(list, 'visits-flag-waits');
  // The clock of the page runs ahead: overdue.
  await page.evaluate(() => {
    const now = performance.now.bind(performance);
    performance.now = () => now() + 20 * 60_000;
  });
  await page.locator('[data-testid=priority][data-state=overdue]').waitFor();
  await shot(page, 'result-cuff-overdue');
  await by(page, 'acknowledge').click();
  await page.locator('[data-testid=priority][data-state=done]').waitFor();
  await page.setViewportSize(wide);
  await shot(page, 'result-cuff-acknowledged');
}
await shot(await open('/patient/', phone), 'patient-no-link');
await shot(await open('/patient/#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', phone), 'patient-old-link');
await doctor.reload();
await by(doctor, 'new-visit-real').waitFor();
await shot(doctor, 'visits');
console.log(`${count} pictures in ${out}`);
for (const error of errors) console.log('error:', error);
await browser.close();
