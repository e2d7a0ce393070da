import type { Summary } from 'pqrst';
import { h, setText } from '../shared/dom.js';
import { seriesMean } from '../shared/readings.js';
import { ago, RED_FLAG } from '../shared/words.js';
import type { Acknowledgement, Result } from './portal.js';

type Flag = Summary['redFlags'][number];

/** What lies beyond a limit of the clinic, who is to acknowledge it, and until when. `refresh` keeps its times true. */
export class PriorityView {
  readonly element: HTMLElement;
  readonly result: string;
  #acknowledgement: Acknowledgement;
  #receivedAgoMs: number;
  #shownAt: number;
  #status = h('p', { testid: 'acknowledgement', role: 'status' });
  #problem = h('p', { class: 'problem', role: 'alert' });
  #button: HTMLButtonElement;

  /**
   * @param toldAt when the portal told this result, by `performance.now()`
   * @param acknowledge stores it, and tells under which name
   */
  constructor({ id, summary, receivedAgoMs }: Result, acknowledgement: Acknowledgement, toldAt: number, acknowledge: (result: string) => Promise<string>) {
    this.#shownAt = toldAt;
    this.result = id;
    this.#acknowledgement = acknowledgement;
    this.#receivedAgoMs = receivedAgoMs;
    this.#button = h('button', { type: 'button', class: 'primary', testid: 'acknowledge', onclick: () => void this.#press(acknowledge) }, 'Acknowledge');
    this.element = h(
      'section',
      { class: 'block priority stack', testid: 'priority', 'aria-label': 'Priority' },
      h('h2', {}, 'Look at this first'),
      h('ul', {}, ...summary.redFlags.map((flag) => h('li', { testid: 'red-flag', 'data-flag': flag.flag, 'data-priority': flag.priority }, words(flag, summary)))),
      h('p', { class: 'small' }, 'Beyond a limit of the clinic. A hint, to be checked by a clinician.'),
      this.#status,
      h('div', { class: 'row' }, this.#button, this.#problem),
    );
    this.refresh();
  }

  /** Whether nobody has acknowledged it yet. */
  get waits(): boolean {
    return this.#acknowledgement.done === null;
  }

  /** Brings the times up to date. */
  refresh(): void {
    const { responsible, withinMs, done } = this.#acknowledgement;
    const sinceMs = performance.now() - this.#shownAt;
    const leftMs = withinMs - this.#receivedAgoMs - sinceMs;
    const state = done ? 'done' : leftMs < 0 ? 'overdue' : 'waiting';
    this.element.dataset.state = state;
    this.#button.hidden = state === 'done';
    if (done) setText(this.#status, `Acknowledged by ${done.by}, ${ago(done.agoMs + sinceMs)} ago`);
    else if (state === 'overdue') setText(this.#status, `Overdue for ${ago(-leftMs)}: to be acknowledged by ${responsible} within ${ago(withinMs)}`);
    else setText(this.#status, `To be acknowledged by ${responsible} within ${ago(withinMs)}: ${clock(leftMs)} left`);
  }

  async #press(acknowledge: (result: string) => Promise<string>): Promise<void> {
    this.#button.disabled = true;
    setText(this.#problem, '');
    try {
      const by = await acknowledge(this.result);
      this.#receivedAgoMs += performance.now() - this.#shownAt;
      this.#shownAt = performance.now();
      this.#acknowledgement = { ...this.#acknowledgement, done: { by, agoMs: 0 } };
    } catch {
      setText(this.#problem, 'This could not be stored. Try again.');
    } finally {
      this.#button.disabled = false;
      this.refresh();
    }
  }
}

function words({ flag, value, limit, evidence }: Flag, { bloodPressure }: Summary): string {
  const [name, unit] = (RED_FLAG as Record<string, [string, string] | undefined>)[flag] ?? [flag, ''];
  const mean = evidence === null ? bloodPressure?.mean : null;
  const numbers = bloodPressure && mean ? seriesMean(bloodPressure) : `${value} ${unit}`;
  // Which of the two the number is: it was rounded away from its limit.
  const which = !mean ? '' : Math.abs(value - mean.systolic) <= Math.abs(value - mean.diastolic) ? ' systolic' : ' diastolic';
  return `${name}: ${numbers}; limit ${limit}${which}${evidence === null ? '' : `, from ${evidence.startS} to ${evidence.endS} s`}`;
}

/** `4:05 min`. */
function clock(ms: number): string {
  const s = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')} min`;
}
