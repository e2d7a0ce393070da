import { load, PqrstError, type BluetoothLike, type Context, type Report } from 'pqrst';
import { h } from '../shared/dom.js';
import { DURATION_S } from '../shared/live.js';
import { RememberedBluetooth } from './bluetooth.js';
import { askFile } from './file.js';
import { advice, showCuffFit, showFit } from './fit.js';
import { LinkError, LiveLine, openInvitation, takeToken, type Invitation } from './portal.js';
import { askAbout, askIdentity, askSymptoms, sayCall, sayNotYours } from './questions.js';
import { RETAKES, showResult } from './result.js';
import { deliveryOf, showUnsent } from './sending.js';
import { UnsentResults } from './unsent.js';
import { RunningTest, type Run } from './running.js';
import { button, screen, type Frame } from './screen.js';

/** Begins with the invitation; every later screen follows from the one before. */
async function start(): Promise<void> {
  const frame: Frame = { invitation: null, confirmed: false };
  const token = takeToken();
  if (token === null) return sayProblem(frame, 'link.missing', null);
  screen(frame, null, 'One moment', h('p', { role: 'status' }, 'Your invitation is being opened.'));
  // Loaded while the patient reads; a failure is told when the strap is to be connected.
  load().catch(() => undefined);
  try {
    const invitation = await openInvitation(token);
    await new Visit(token, invitation).open();
  } catch (thrown) {
    const code = thrown instanceof LinkError ? thrown.code : 'link.network';
    sayProblem(frame, code, code === 'link.network' ? () => void start() : null);
  }
}

function sayProblem(frame: Frame, code: string, again: (() => void) | null): void {
  screen(frame, null, 'This did not work', advice(code), again ? button('Try again', 'again', again) : null);
}

/** One visit, screen by screen. */
class Visit {
  #token: string;
  #invitation: Invitation;
  #frame: Frame;
  #live: LiveLine;
  #context: Context = { symptoms: 'notAsked', pacemaker: 'notAsked', posture: 'notAsked' };
  #bluetooth: RememberedBluetooth | undefined;
  #device: Run['device'] = { kind: 'strap' };
  #retakes = 0;
  #unsent: UnsentResults;

  constructor(token: string, invitation: Invitation) {
    this.#token = token;
    this.#invitation = invitation;
    this.#frame = { invitation, confirmed: false };
    this.#live = new LiveLine(token);
    this.#unsent = new UnsentResults(token);
  }

  /** Begins with what an earlier page could not send, where there is something. */
  async open(): Promise<void> {
    const unsent = await this.#unsent.find();
    if (!unsent || !(await load().then(() => true, () => false))) return this.begin();
    const frame = { ...this.#frame, confirmed: true };
    try {
      showUnsent(deliveryOf(unsent, { frame, invitation: this.#invitation, token: this.#token, unsent: this.#unsent }), () => this.begin());
    } catch {
      // Kept by another version of this page, which this one cannot read.
      await this.#unsent.forget();
      this.begin();
    }
  }

  begin(): void {
    const confirmed = (): void => {
      this.#frame = { ...this.#frame, confirmed: true };
      this.#symptoms();
    };
    askIdentity(this.#frame, this.#invitation, confirmed, () => sayNotYours(this.#frame, () => this.begin()));
  }

  #symptoms(): void {
    const none = (): void => {
      this.#context = { ...this.#context, symptoms: 'none' };
      this.#questions();
    };
    askSymptoms(this.#frame, this.#invitation, none, () => sayCall(this.#frame, this.#invitation, () => this.#symptoms()));
  }

  #questions(): void {
    const answered = (answers: Pick<Context, 'pacemaker' | 'posture'>): void => {
      this.#context = { ...this.#context, ...answers };
      this.#fit(null);
    };
    askAbout(this.#frame, answered, () => this.#symptoms());
  }

  #fit(problem: string | null): void {
    const demo = this.#invitation.mode === 'demo';
    const connectVirtual = demo ? (): void => void this.#virtual() : null;
    const file = (): void => this.#file();
    const cuff = (): void => this.#cuffFit(null);
    const connect = (): void => void this.#real({ kind: 'strap' });
    showFit(this.#frame, { connect, connectVirtual, cuff, file, back: () => this.#questions() }, problem);
  }

  #cuffFit(problem: string | null): void {
    const connect = (user?: number): void => void this.#real(user === undefined ? { kind: 'cuff' } : { kind: 'cuff', user });
    showCuffFit(this.#frame, { connect, back: () => this.#fit(null) }, problem);
  }

  #file(): void {
    askFile(this.#frame, {
      // What is summed up here must load before it can be shown.
      finished: (report, ageMs) => void load().then(() => this.#result(report, ageMs), () => this.#fit('wasm.load')),
      back: () => this.#fit(null),
    });
  }

  async #real(device: Run['device']): Promise<void> {
    this.#device = device;
    // Looked up late: an extension may supply it after the page has loaded.
    const { bluetooth } = navigator as { bluetooth?: BluetoothLike };
    if (!bluetooth) return this.#again('bluetooth.unavailable');
    this.#bluetooth = new RememberedBluetooth(bluetooth);
    await this.#test();
  }

  /** Back to putting the device on. */
  #again(problem: string | null): void {
    if (this.#device.kind === 'cuff') this.#cuffFit(problem);
    else this.#fit(problem);
  }

  async #virtual(): Promise<void> {
    this.#device = { kind: 'strap' };
    try {
      const { synth, VirtualStrap } = await import('pqrst/simulator');
      const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
      const durationS = DURATION_S[this.#invitation.test] + 60;
      const samplesUv = await synth({ samplingRateHz: 130, durationS, heartRateBpm: 68, seed });
      this.#bluetooth = new RememberedBluetooth(new VirtualStrap({ device: 'polar-h10', samplesUv, samplingRateHz: 130, jitterMs: 20, seed }));
      await this.#test();
    } catch (thrown) {
      this.#fit(thrown instanceof PqrstError ? thrown.code : 'wasm.failed');
    }
  }

  async #test(): Promise<void> {
    try {
      await load();
    } catch {
      return this.#again('wasm.load');
    }
    new RunningTest({
      frame: this.#frame,
      invitation: this.#invitation,
      context: this.#context,
      bluetooth: this.#bluetooth,
      device: this.#device,
      live: this.#live,
      watched: () => openInvitation(this.#token).then(({ watched }) => watched, () => null),
      retakes: this.#retakes,
      finished: (report) => this.#result(report),
      failed: (code) => {
        this.#bluetooth?.forget();
        this.#again(code === 'stopped' ? null : code);
      },
    });
  }

  /** `ageMs`: how old the recording is already, where it comes from a file. */
  #result(report: Report, ageMs = 0): void {
    const fromFile = report.test === 'recording';
    showResult({
      frame: this.#frame,
      invitation: this.#invitation,
      token: this.#token,
      report,
      // A file does not become clearer by reading it again.
      retakes: fromFile ? RETAKES : this.#retakes,
      endedAt: { wall: Date.now() - ageMs, steady: performance.now() - ageMs },
      unsent: this.#unsent,
      retake: (otherDevice) => {
        this.#retakes += 1;
        if (otherDevice) this.#bluetooth?.forget();
        void this.#test();
      },
    });
  }
}

// Another invitation pasted into this tab.
addEventListener('hashchange', () => location.hash.length > 1 && location.reload());
// A page that the browser brings back from its memory has let its strap go.
addEventListener('pageshow', (event) => event.persisted && location.reload());
void start();
