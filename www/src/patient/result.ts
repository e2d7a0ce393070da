import type { Report, VerdictReason } from 'pqrst';
import { h, show } from '../shared/dom.js';
import type { Invitation } from './portal.js';
import { button, screen, type Frame } from './screen.js';
import { sending } from './sending.js';
import type { UnsentResults } from './unsent.js';
import { CHANGE, LOOKED_AT_FIRST, NOT_CLEAR, UNCLEAR } from './words.js';

/** Repeats that are asked of a patient; after that it is not their fault. */
export const RETAKES = 2;

/** Faults that the same device would show again. */
const OTHER_DEVICE: readonly VerdictReason[] = ['noIntervals', 'noData'];

/** What follows from a report. */
export interface Outcome {
  frame: Frame;
  invitation: Invitation;
  token: string;
  report: Report;
  /** Repeats so far. */
  retakes: number;
  /** When the recording ended. */
  endedAt: { wall: number; steady: number };
  /** Where the result waits when it cannot be sent. */
  unsent: UnsentResults;
  /** Another try; `otherDevice`: the browser asks again which one. */
  retake(otherDevice: boolean): void;
}

/** Verdict, what to change, what is sent, consent, send. */
export function showResult(outcome: Outcome): void {
  const { frame, report, retakes } = outcome;
  const { kind, reasons } = report.verdict;
  const again = kind !== 'usable' && retakes < RETAKES && !isHomeTest(report);
  const place = h('div', { class: 'stack' });
  const anyway = h(
    'div',
    { class: 'actions' },
    button('Try again', 'retake', () => outcome.retake(reasons.some((reason) => OTHER_DEVICE.includes(reason)))),
    button('Send this recording anyway', 'send-anyway', () => reveal(), 'quiet'),
  );
  const reveal = (): void => {
    const parts = sending({ ...outcome, summary: report.summary, id: report.id, ended: outcome.endedAt });
    show(place, ...parts);
    if (again) place.querySelector('h2')?.scrollIntoView();
  };
  screen(frame, null, titleOf(report, again), verdict(outcome, again), first(outcome), again ? anyway : null, place);
  if (!again) reveal();
}

/** Readings of a home test, and no heart signal that could be repeated. */
function isHomeTest({ readings, durationS }: Report): boolean {
  return readings.length > 0 && durationS === 0;
}

/** When the clinic looks at a result first, the patient reads one sentence, and no more. */
function first({ report, invitation }: Outcome): HTMLElement | null {
  return report.redFlags.length === 0 ? null : h('p', { class: 'notice', testid: 'looked-at-first' }, invitation.redFlagNotice || LOOKED_AT_FIRST);
}

function titleOf(report: Report, again: boolean): string {
  if (isHomeTest(report)) return 'Your readings are ready';
  const { test, verdict: { kind, reasons } } = report;
  if (kind === 'usable') return 'Your recording is usable';
  if (test === 'recording') return UNCLEAR;
  if (!again) return 'This is not your fault';
  return NOT_CLEAR[reasons[0] ?? 'noise'] ?? UNCLEAR;
}

function verdict({ report }: Outcome, again: boolean): HTMLElement {
  const { kind, reasons } = report.verdict;
  const attributes = { testid: 'verdict', 'data-kind': kind, 'data-reasons': reasons.join(' '), class: 'stack' };
  if (isHomeTest(report)) {
    const complete = report.bloodPressure?.mean ? '' : ' Not all of them were taken; what was measured can be sent all the same.';
    return h('div', attributes, h('p', {}, `Thank you.${complete} They go to your clinician only when you send them below.`));
  }
  if (kind === 'usable') {
    const { usableS, durationS } = report.summary;
    const length = usableS === null ? '' : ` ${usableS} of ${durationS} seconds can be read.`;
    return h('div', attributes, h('p', {}, `Thank you.${length} It goes to your clinician only when you send it below.`));
  }
  if (!again) {
    const cause = report.test === 'recording' ? 'Too little of the recording in this file can be read.' : 'Some straps and some skins do not go together.';
    const text = `${cause} It says nothing about your heart. Send it all the same, so that your clinician knows it was tried.`;
    return h('div', attributes, h('p', {}, text));
  }
  const changes = reasons.map((reason) => CHANGE[reason]).filter(Boolean);
  return h(
    'div',
    attributes,
    h('p', {}, 'This happens often and says nothing about your heart. What to change:'),
    h('ul', { class: 'changes' }, ...(changes.length > 0 ? changes : [CHANGE.noise]).map((text) => h('li', {}, text))),
  );
}
