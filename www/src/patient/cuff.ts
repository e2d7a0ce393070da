import type { SessionEventDetails } from 'pqrst';
import { COUNTS_NOT, LEFT_OUT } from './words.js';

type Step = SessionEventDetails['bloodPressure'];

/** What stands on the screen: a title, what to do, and how long. */
export interface Guidance {
  title: string;
  text: string;
  count: string;
  /** About the reading that was taken last; empty when there is nothing to say. */
  note: string;
}

const STILL = 'Lean back, feet flat on the floor, the arm with the cuff on a table at the height of your heart. Please do not talk.';

/** Leads a patient through a rested series of blood pressures. The core keeps the series; this finds the words. */
export class CuffGuide {
  #step: Step | undefined;
  #note = '';

  /** Where the series stands, as the session said last; nothing before the monitor is linked. */
  get next(): Step['next'] | null {
    return this.#step?.next ?? null;
  }

  /** A reading was taken, or the series began. */
  tell(step: Step): void {
    this.#step = step;
    this.#note = step.notCounted === null ? '' : COUNTS_NOT[step.notCounted];
  }

  /** A reading was left out. */
  leftOut(code: SessionEventDetails['readingLeftOut']['code']): void {
    this.#note = LEFT_OUT[code];
  }

  /** What to do at this moment of `performance.now()`; null before the monitor is linked. */
  at(nowMs: number): Guidance | null {
    const step = this.#step;
    if (!step) return null;
    const leftS = step.atMs === null ? 0 : Math.max(0, Math.ceil((step.atMs - nowMs) / 1000));
    const said = step.next === 'done' ? DONE : step.next === 'rest' ? first(leftS) : again(leftS);
    return { ...said, note: this.#note };
  }
}

type Said = Omit<Guidance, 'note'>;

const DONE: Said = { title: 'Done', text: 'You may take the cuff off. One moment, your readings are being put together.', count: '' };

function first(leftS: number): Said {
  if (leftS > 0) return { title: 'Sit still', text: STILL, count: `First reading in ${clock(leftS)}` };
  return { title: 'Measure now', text: 'Press start on your monitor. Keep still until it has finished and the number arrives here.', count: '' };
}

function again(leftS: number): Said {
  if (leftS > 0) return { title: 'Wait a moment', text: 'This reading has arrived. Stay as you are, with the cuff on, and do not talk.', count: `Measure again in ${clock(leftS)}` };
  return { title: 'Measure again', text: 'Press start on your monitor once more. Keep still until it has finished and the number arrives here.', count: '' };
}

/** `4:05`. */
function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
