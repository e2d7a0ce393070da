// The two people of a visit, each at an own browser context, acting on what the pages show (data-testid).
import assert from 'node:assert/strict';
import { CANARY_NAME, EmulatedStrap } from './strap.mjs';

const sleep = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

/** Clicks what is wanted as it appears, `continue` in between, until `goal` says that it is enough. */
async function walk(page, wanted, goal, timeoutS) {
  const open = new Set(wanted);
  const deadline = Date.now() + timeoutS * 1000;
  const ready = async id => {
    const found = page.getByTestId(id).first();
    return (await found.isVisible()) && (await found.isEnabled()) ? found : null;
  };
  while (!(await goal(open))) {
    if (Date.now() > deadline) throw new Error(`the patient's page is stuck; still open: ${[...open].join(', ')}`);
    let next = null;
    for (const id of open) {
      next = await ready(id);
      if (next === null) continue;
      open.delete(id);
      break;
    }
    next ??= await ready('continue');
    await next?.click({ timeout: 5_000 });
    await sleep(next === null ? 100 : 50);
  }
}

export class Clinician {
  static async arrive(browser, portal, witness) {
    const clinician = new Clinician();
    clinician.context = await browser.newContext({ viewport: { width: 400, height: 900 } });
    clinician.page = await clinician.context.newPage();
    witness.watch(clinician.page, 'clinician');
    await clinician.page.goto(`${portal.origin}/clinician/`);
    await clinician.page.getByTestId('user').fill(portal.user);
    await clinician.page.getByTestId('password').fill(portal.password);
    await clinician.page.getByTestId('login').click();
    return clinician;
  }

  get(id) {
    return this.page.getByTestId(id);
  }

  /** Makes a 30 s visit and returns the link and the visit code that its page shows. */
  async newVisit(mode) {
    await this.get('test-30').first().click();
    await this.get(`new-visit-${mode}`).click();
    const link = this.get('invitation-link').first();
    await link.waitFor();
    const url = await link.evaluate(element => element.href ?? element.value ?? element.textContent.trim());
    const code = (await this.get('visit-code').first().textContent()).trim();
    // What the page shows live is collected from here on; a reload would lose it.
    await this.page.evaluate(() => {
      window.__seen = { 'live-state': [], 'live-rate': [], 'live-contact': [] };
      const look = () => {
        for (const [id, list] of Object.entries(window.__seen)) {
          const text = document.querySelector(`[data-testid="${id}"]`)?.textContent.trim();
          if (text && text !== list.at(-1)) list.push(text);
        }
      };
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
      look();
    });
    return { url: new URL(url, this.page.url()).href, code };
  }

  /** What was shown live so far, in order; an error when the page was reloaded meanwhile. */
  async seen() {
    const seen = await this.page.evaluate(() => window.__seen ?? null);
    assert.ok(seen, "the clinician's page was reloaded");
    return seen;
  }
}

export class Patient {
  /** @param clock true where the test moves the page's clock on */
  static async arrive(browser, url, witness, { clock = false } = {}) {
    const patient = new Patient();
    patient.witness = witness;
    patient.browser = browser;
    patient.context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    await EmulatedStrap.prepare(patient.context);
    patient.page = await patient.context.newPage();
    witness.watch(patient.page, 'patient');
    if (clock) await patient.page.clock.install();
    await patient.page.goto(url);
    return patient;
  }

  get(id) {
    return this.page.getByTestId(id);
  }

  /** From the first screen through every question, until this button is there. */
  async answerTo(button) {
    const questions = ['confirm-identity', 'symptoms-none', 'pacemaker-no', 'posture-sitting'];
    await walk(this.page, questions, () => this.get(button).isVisible(), 60);
  }

  /** From the first screen to the strap, through every question. */
  async answerAndConnect(button = 'connect') {
    const questions = ['confirm-identity', 'symptoms-none', 'pacemaker-no', 'posture-sitting'];
    await walk(this.page, [...questions, button], open => !open.has(button), 60);
  }

  /** What the page told the portal while the test ran: the bodies of POST /api/live. */
  liveStates() {
    const posts = this.witness.requests.filter(r => r.page === 'patient' && r.url.endsWith('/api/live'));
    return posts.map(({ body, at }) => ({ ...JSON.parse(body.toString('utf8')), at }));
  }

  /** Waits until the recording has lasted `seconds`; returns when (performance.now()) it had begun. */
  async recordedFor(seconds, timeoutS = 60) {
    const deadline = Date.now() + timeoutS * 1000;
    for (;;) {
      const recording = this.liveStates().find(live => live.state === 'recording');
      if (recording) {
        const begun = recording.at - recording.elapsedS * 1000;
        await sleep(Math.max(0, begun + seconds * 1000 - performance.now()));
        return begun;
      }
      if (Date.now() > deadline) throw new Error('the test never began to record');
      await sleep(100);
    }
  }

  async verdict(timeoutS = 90) {
    await this.get('verdict').first().waitFor({ timeout: timeoutS * 1000 });
    return (await this.get('verdict').first().textContent()).trim();
  }

  /** Consents without a network, closes the page, and opens the link again in a new one. */
  async failToSendAndComeBack(url) {
    await this.context.setOffline(true);
    await this.get('consent').check();
    await this.get('send').click();
    await this.get('kept').waitFor({ timeout: 60_000 });
    await this.page.close();
    await this.context.setOffline(false);
    this.page = await this.context.newPage();
    this.witness.watch(this.page, 'patient');
    await this.page.goto(url);
    await this.get('unsent').waitFor({ timeout: 15_000 });
  }

  /** Consents and sends; returns the POST and its answer. */
  async consentAndSend() {
    const answered = this.page.waitForResponse(r => r.request().method() === 'POST' && new URL(r.url()).pathname === '/fhir', { timeout: 60_000 });
    answered.catch(() => {});
    const sent = () => this.get('sent').first().isVisible();
    await walk(this.page, ['consent', 'send'], sent, 30);
    const response = await answered;
    const request = response.request();
    return {
      url: request.url(), headers: await request.allHeaders(), body: request.postDataBuffer(),
      status: response.status(), answer: await response.text(),
    };
  }

  /** What must be in no request: the strap's name, and the number that this browser gave it. */
  async secrets() {
    const id = await this.page.evaluate(() => window.__strapDevice?.id ?? null);
    return [CANARY_NAME, CANARY_NAME.split(' ').at(-1), ...(id ? [id] : [])];
  }
}
