import { h, setText } from '../shared/dom.js';
import type { Live } from '../shared/live.js';
import { QUALITY, word } from '../shared/words.js';
import type { VisitDetail } from './portal.js';
import { LIVE_STATE, PRESSURE_STATE } from './words.js';

/** A live status older than this says nothing about now. */
const EXPIRES_MS = 5000;

/** Contact in one word. */
const CONTACT_NOW: Record<Live['contact'], string> = { yes: 'yes', no: 'no', unknown: 'unknown' };

/** While the strap is linked; in other states its values say nothing about now. */
const LINKED: readonly Live['state'][] = ['contact', 'settling', 'recording'];

/** While a test is under way, with or without its link at the moment. */
const MEASURING: readonly Live['state'][] = [...LINKED, 'reconnecting'];

/** How a running test stands. What is older than five seconds is withdrawn, never frozen. */
export class LiveView {
  readonly element: HTMLElement;
  #readings: HTMLElement;
  #live: Live | null;
  #at: number;
  #openedOn: number;
  #connected = true;
  #view = {
    state: h('p', { testid: 'live-state', class: 'live-state', role: 'status' }),
    bar: h('progress', { max: 1, value: 0, 'aria-label': 'Recorded so far' }),
    rate: h('dd', { testid: 'live-rate', class: 'number' }),
    contact: h('dd', { testid: 'live-contact' }),
    signal: h('dd', { testid: 'live-signal' }),
    lost: h('p', { class: 'notice warn', role: 'status' }),
  };

  constructor(detail: VisitDetail) {
    this.#openedOn = detail.openedOn;
    this.#live = detail.live;
    // A status that came with the page may be of any age: it counts as old until the next one.
    this.#at = detail.live && detail.status === 'live' ? performance.now() : -Infinity;
    const { state, bar, rate, contact, signal, lost } = this.#view;
    this.#readings = h(
      'dl',
      { class: 'rates' },
      h('div', { class: 'rate' }, h('dt', {}, 'Rate now'), rate),
      h('div', { class: 'rate' }, h('dt', {}, 'Skin contact'), contact),
      h('div', { class: 'rate' }, h('dt', {}, 'Signal'), signal),
    );
    this.element = h('section', { class: 'block live', 'aria-label': 'Live' }, lost, state, bar, this.#readings);
    this.refresh();
  }

  /** Takes the newest status. */
  tell(live: Live): void {
    this.#live = live;
    this.#at = performance.now();
    this.refresh();
  }

  /** The link was opened on so many devices. */
  opened(openedOn: number): void {
    this.#openedOn = openedOn;
    this.refresh();
  }

  /** Whether this page hears the portal. */
  connected(connected: boolean): void {
    this.#connected = connected;
    this.refresh();
  }

  /** Whether the status shown comes from simulated data. */
  get simulated(): boolean {
    return this.#live?.simulated === true;
  }

  /** Brings the view up to date with the clock. */
  refresh(): void {
    const { state, bar, rate, contact, signal, lost } = this.#view;
    const live = this.#live;
    const fresh = this.#connected && performance.now() - this.#at < EXPIRES_MS;
    const linked = fresh && live !== null && LINKED.includes(live.state);
    setText(lost, this.#connected ? '' : 'This page has lost the portal. Live values are withdrawn until it is back.');
    lost.hidden = this.#connected;
    setText(state, this.#sentence(live, fresh));
    state.dataset.state = live?.state ?? 'waiting';
    // Before the strap is connected there is nothing to read.
    this.#readings.hidden = !live || !MEASURING.includes(live.state) || live.bloodPressure !== null;
    bar.hidden = !live || live.durationS <= 0 || live.elapsedS <= 0;
    bar.value = live && live.durationS > 0 ? Math.min(1, live.elapsedS / live.durationS) : 0;
    setText(rate, linked && live.bpm !== null ? `${live.bpm} bpm` : '–');
    setText(contact, linked ? CONTACT_NOW[live.contact] : '–');
    const reasons = linked ? live.reasons.map((reason) => word(QUALITY, reason)).join(', ') : '';
    setText(signal, reasons || (linked && live.state === 'recording' ? 'clear' : '–'));
  }

  #sentence(live: Live | null, fresh: boolean): string {
    if (!live) return this.#openedOn > 0 ? 'Link opened, patient is preparing' : 'Waiting for the patient to open the link';
    const series = live.bloodPressure && live.state !== 'finished' && live.state !== 'failed' ? live.bloodPressure : null;
    const words = series ? PRESSURE_STATE[series] : word(LIVE_STATE, live.state);
    const counted = live.elapsedS > 0 && (live.state === 'recording' || live.state === 'reconnecting');
    const progress = counted ? `${words}, ${live.elapsedS} of ${live.durationS} s` : words;
    if (fresh || live.state === 'finished' || live.state === 'failed') return progress;
    return `No news from the patient’s device. Last: ${progress.charAt(0).toLowerCase()}${progress.slice(1)}`;
  }
}
