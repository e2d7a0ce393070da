import { PqrstError, Session, type Context, type Report, type SessionState } from 'pqrst';
import { h, setText } from '../shared/dom.js';
import { DURATION_S, type Live } from '../shared/live.js';
import { SENTENCES } from '../shared/words.js';
import { Attention } from './attention.js';
import { CuffGuide } from './cuff.js';
import type { Invitation, LiveLine } from './portal.js';
import { EXPIRES_MS, LiveRate } from './rate.js';
import { button, liveRegion, screen, type Frame } from './screen.js';
import { Strip } from './strip.js';
import { adviceFor, CUFF_AWAY, CUFF_STATE, HINT, LEFT, STATE } from './words.js';

/** States in which nothing is measured yet. */
const BEFORE: readonly SessionState[] = ['idle', 'choosing', 'connecting'];
/** How often it is asked whether someone watches. */
const WATCHED_MS = 15_000;
/** Below this a battery is called low, as in the summary. */
const LOW_BATTERY_PERCENT = 20;

/** What a test needs, and where it goes from here. */
export interface Run {
  frame: Frame;
  invitation: Invitation;
  context: Context;
  bluetooth: object | undefined;
  /** A strap, or a blood pressure monitor with the number of its user, where it has several. */
  device: { kind: 'strap' } | { kind: 'cuff'; user?: number };
  live: LiveLine;
  /** Asks whether someone watches now; null when that cannot be known. */
  watched(): Promise<boolean | null>;
  /** Repeats so far. */
  retakes: number;
  finished(report: Report): void;
  failed(code: string): void;
}

/** One test on the screen: from the chooser to the report. */
export class RunningTest {
  #run: Run;
  #session: Session;
  #strip = new Strip();
  #durationS: number;
  #simulated: boolean;
  #state: SessionState = 'idle';
  #elapsedS = 0;
  #contact: Live['contact'] = 'unknown';
  /** Percent by whether it is the device beside. */
  #charge = new Map<boolean, number>();
  #rate = new LiveRate();
  #cuff = new CuffGuide();
  /** Readings of home tests that arrived. */
  #readings = 0;
  #reasons: Live['reasons'] = [];
  #reasonsAt = 0;
  #moving = false;
  /** Why the device sends nothing, as far as that is known. */
  #trouble: string | undefined;
  #spoken = '';
  #over = false;
  #heartbeat: ReturnType<typeof setInterval>;
  #attention = new Attention(() => this.#left());
  #askedAt = -Infinity;
  #view = view();

  constructor(run: Run) {
    this.#run = run;
    this.#durationS = DURATION_S[run.invitation.test];
    this.#simulated = (run.bluetooth as { simulated?: boolean } | undefined)?.simulated === true;
    const { device, invitation } = run;
    this.#session = new Session({
      test: invitation.test,
      context: run.context,
      simulated: this.#simulated,
      retakes: run.retakes,
      motion: true,
      ...(invitation.redFlags ? { redFlags: invitation.redFlags } : {}),
      ...(device.kind === 'cuff' && device.user !== undefined ? { devices: { user: device.user } } : {}),
    });
    this.#heartbeat = setInterval(() => this.#beat(), 1000);
    this.#listen();
    this.#draw();
    void this.#connect();
  }

  async #connect(): Promise<void> {
    try {
      await this.#session.connect(this.#run.bluetooth ? { bluetooth: this.#run.bluetooth as never } : {});
    } catch (thrown) {
      this.#fail(thrown instanceof PqrstError ? thrown.code : 'session.failed');
    }
  }

  #listen(): void {
    const session = this.#session;
    session.addEventListener('state', ({ detail }) => this.#enter(detail.state, detail.code));
    session.addEventListener('ecg', ({ detail }) => {
      this.#trouble = undefined;
      // Devices that send a rate only have no trace to show.
      this.#view.trace.hidden = false;
      this.#rate.ecg();
      this.#strip.push(detail.samplesUv, detail.startS, detail.samplingRateHz);
    });
    session.addEventListener('heartRate', ({ detail }) => {
      this.#trouble = undefined;
      // Whether ECG comes as well is known by the time of recording.
      if (detail.source === 'device' && this.#state !== 'recording') return;
      this.#rate.heard(detail.bpm, detail.source, performance.now());
      this.#show();
    });
    session.addEventListener('contact', ({ detail }) => {
      if (detail.beside) return;
      this.#contact = detail.contact;
      this.#show();
    });
    session.addEventListener('battery', ({ detail }) => {
      // One device's full battery is no news of another's.
      this.#charge.set(detail.beside, detail.percent);
      const low = [...this.#charge].filter(([, percent]) => percent < LOW_BATTERY_PERCENT);
      const words = low.map(([beside, percent]) => `The battery of the ${beside ? 'other ' : ''}device is low: ${percent}\u00a0%.`);
      setText(this.#view.battery, [...words, 'Charge or change it after the test.'].join(' '));
      this.#view.battery.hidden = low.length === 0;
    });
    session.addEventListener('quality', ({ detail }) => {
      this.#reasons = detail.reasons;
      this.#rate.judged(detail.usable, performance.now());
      this.#reasonsAt = performance.now();
      this.#show();
    });
    session.addEventListener('bloodPressure', ({ detail }) => {
      this.#cuff.tell(detail);
      this.#show();
    });
    session.addEventListener('reading', () => {
      this.#readings += 1;
      this.#trouble = undefined;
    });
    session.addEventListener('readingLeftOut', ({ detail }) => {
      this.#cuff.leftOut(detail.code);
      this.#show();
    });
    session.addEventListener('motion', ({ detail }) => {
      this.#moving = detail.moving;
      this.#show();
    });
    session.addEventListener('progress', ({ detail }) => {
      this.#elapsedS = detail.elapsedS;
      this.#show();
    });
  }

  #draw(): void {
    const { state, text, count, note, bar, readings, bpm, contactLine, spoken, trace, away, battery, unwatched } = this.#view;
    readings.append(h('p', {}, 'Heart rate ', bpm), contactLine);
    trace.append(this.#strip.element, h('figcaption', { class: 'small' }, 'As the strap sends it. Not to scale.'));
    unwatched.hidden = this.#run.invitation.watched;
    screen(
      this.#run.frame,
      5,
      'The test',
      h('section', { class: 'card stack test-card', 'aria-label': 'State of the test' }, state, text, count, note, bar),
      away,
      trace,
      readings,
      battery,
      spoken,
      h('div', { class: 'actions' }, button('Stop the test', 'finish-early', () => this.#stop(), '')),
      unwatched,
    );
    this.#show();
  }

  #enter(state: SessionState, code: string | undefined): void {
    if (this.#over) return;
    // That a link broke is told by the state itself.
    if (code !== undefined && code !== 'transport.disconnected') this.#trouble = code;
    else if (state !== this.#state) this.#trouble = undefined;
    this.#state = state;
    // Without a link nothing is known of now.
    if (state === 'reconnecting') {
      this.#rate.forget();
      this.#contact = 'unknown';
      this.#moving = false;
    }
    this.#show();
    this.#tell();
    // What was recorded before the link was lost for good is judged, not thrown away.
    if (state === 'failed' && this.#hasSomething()) this.#finish();
    else if (state === 'failed') this.#fail(code ?? 'session.failed');
    if (state === 'finished') this.#finish();
  }

  #show(): void {
    if (this.#showCuff()) return;
    const { state, text, count, bar, readings, bpm, contact, contactLine, trace } = this.#view;
    const words = (this.#run.device.kind === 'cuff' ? CUFF_STATE[this.#state] : undefined) ?? STATE[this.#state];
    state.dataset.state = this.#state;
    // Without a link the trace is of the past.
    trace.classList.toggle('stale', this.#state === 'reconnecting');
    setText(state, words.title);
    const left = Math.max(0, Math.ceil(this.#durationS - this.#elapsedS));
    const counting = this.#state === 'recording' || (this.#state === 'reconnecting' && this.#elapsedS > 0);
    const hint = this.#state === 'recording' ? this.#troubles().map((reason) => HINT[reason]).find(Boolean) : undefined;
    const trouble = this.#troubleWords();
    setText(text, trouble ?? hint ?? words.text);
    text.classList.toggle('hint', (trouble ?? hint) !== undefined);
    setText(count, counting ? remaining(left) : '');
    count.hidden = false;
    // Nothing is measured before the strap is connected.
    bar.hidden = readings.hidden = BEFORE.includes(this.#state);
    bar.value = Math.min(1, this.#elapsedS / this.#durationS);
    const rate = this.#rate.at(performance.now());
    setText(bpm, rate === null ? '–' : `${rate} a minute`);
    setText(contact, this.#contact);
    // Many straps do not say: then there is no line about it.
    contactLine.hidden = this.#contact === 'unknown';
    this.#announce(left);
  }

  /** Whether a blood pressure monitor alone is linked: then its series stands on the screen. */
  #showCuff(): boolean {
    const guidance = this.#elapsedS > 0 ? null : this.#cuff.at(performance.now());
    if (!guidance || this.#state === 'failed') return false;
    const { state, text, count, note, bar, readings } = this.#view;
    state.dataset.state = this.#state;
    state.dataset.cuff = this.#cuff.next ?? '';
    setText(state, guidance.title);
    const trouble = this.#troubleWords();
    setText(text, trouble ?? guidance.text);
    text.classList.toggle('hint', trouble !== undefined);
    setText(count, guidance.count);
    count.hidden = guidance.count === '';
    setText(note, guidance.note || (this.#state === 'reconnecting' ? CUFF_AWAY : ''));
    bar.hidden = readings.hidden = true;
    return true;
  }

  /** What is the matter with the device while the test goes on, and what to do. */
  #troubleWords(): string | undefined {
    if (this.#trouble === undefined) return undefined;
    const { cause, remedy } = adviceFor(this.#trouble, this.#run.device.kind === 'cuff' ? 'cuff' : 'strap');
    return `${cause} ${remedy}`;
  }

  /** Whether there is anything to report. */
  #hasSomething(): boolean {
    return this.#elapsedS >= 1 || this.#readings > 0;
  }

  /** Screen readers hear the time at a few points only. */
  #announce(left: number): void {
    if (this.#state !== 'recording') return;
    const point = [240, 180, 120, 60, 30, 20, 10].findLast((at) => left <= at && at < this.#durationS);
    const words = point === undefined ? '' : `${remaining(point)}.`;
    if (words === this.#spoken) return;
    this.#spoken = words;
    setText(this.#view.spoken, words);
  }

  #freshReasons(): Live['reasons'] {
    return performance.now() - this.#reasonsAt < EXPIRES_MS ? this.#reasons : [];
  }

  /** What to say something about now: windows are judged some seconds later, movement is told at once. */
  #troubles(): Live['reasons'] {
    const reasons = this.#freshReasons();
    return this.#moving && !reasons.includes('motion') ? [...reasons, 'motion'] : reasons;
  }

  #beat(): void {
    this.#show();
    this.#tell();
    if (performance.now() - this.#askedAt < WATCHED_MS) return;
    this.#askedAt = performance.now();
    void this.#run.watched().then((watched) => {
      if (watched !== null) this.#view.unwatched.hidden = watched;
    });
  }

  /** The page was out of sight; some devices stop listening to the strap meanwhile. */
  #left(): void {
    if (this.#cuff.next === null && (this.#state === 'recording' || this.#state === 'reconnecting')) setText(this.#view.away, LEFT);
  }

  #tell(): void {
    this.#run.live.tell({
      state: this.#state,
      elapsedS: Math.floor(this.#elapsedS),
      durationS: this.#durationS,
      contact: this.#contact,
      bpm: this.#rate.at(performance.now()),
      bloodPressure: this.#cuff.next,
      reasons: this.#freshReasons(),
      simulated: this.#simulated,
    });
  }

  #stop(): void {
    const recorded = this.#state === 'recording' || this.#state === 'reconnecting';
    if (this.#readings > 0 || (recorded && this.#hasSomething())) this.#finish();
    else this.#fail('stopped');
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    try {
      const report = this.#session.finish();
      if (this.#state !== 'finished') {
        this.#state = 'finished';
        this.#tell();
      }
      this.#end();
      this.#run.finished(report);
    } catch (thrown) {
      this.#over = false;
      this.#fail(thrown instanceof PqrstError ? thrown.code : 'session.failed');
    }
  }

  #fail(code: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#state = code === 'stopped' ? 'idle' : 'failed';
    this.#tell();
    this.#end();
    this.#run.failed(code);
  }

  #end(): void {
    clearInterval(this.#heartbeat);
    this.#strip.stop();
    this.#session.dispose();
    this.#attention.end();
  }
}

function remaining(seconds: number): string {
  if (seconds < 60) return `${seconds} ${seconds === 1 ? 'second' : 'seconds'} left`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min left`;
}

/** The parts of the screen that change. */
function view() {
  const contact = h('strong', { testid: 'contact' });
  return {
    contact,
    contactLine: h('p', {}, 'Skin contact ', contact),
    state: liveRegion({ 'data-testid': 'state', class: 'state' }),
    text: liveRegion({ class: 'state-text' }),
    count: h('p', { class: 'count number', testid: 'countdown' }),
    note: liveRegion({ class: 'note', 'data-testid': 'reading-note' }),
    bar: h('progress', { max: 1, value: 0, 'aria-label': 'Recorded so far' }),
    readings: h('div', { class: 'row spread readings' }),
    bpm: h('strong', { class: 'number', testid: 'rate' }, '–'),
    spoken: liveRegion({ class: 'visually-hidden' }),
    trace: h('figure', { class: 'trace', hidden: true }),
    away: liveRegion({ class: 'missing', 'data-testid': 'away' }),
    battery: liveRegion({ class: 'note', 'data-testid': 'battery', hidden: '' }),
    unwatched: h('p', { class: 'notice warn', testid: 'unwatched' }, SENTENCES.unwatched),
  };
}
