import { PqrstError, send, SendRefused, toFhir, type Bundle, type Report } from 'pqrst';
import { h, setText, show } from '../shared/dom.js';
import type { Invitation } from './portal.js';
import { payload } from './payload.js';
import { button, liveRegion, screen, type Frame } from './screen.js';
import { advice } from './fit.js';
import { CHANGE } from './words.js';

/** Repeats that are asked of a patient; after that it is not their fault. */
export const RETAKES = 2;

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
  retake(): void;
}

/** Verdict, what to change, what is sent, consent, send. */
export function showResult(outcome: Outcome): void {
  const { frame, report, retakes } = outcome;
  const usable = report.verdict.kind === 'usable';
  const again = !usable && retakes < RETAKES;
  const title = usable ? 'Your recording is usable' : again ? 'This recording was not clear enough' : 'This is not your fault';
  const place = h('div', { class: 'stack' });
  const reveal = (): void => show(place, ...sending(outcome));
  screen(
    frame,
    null,
    title,
    verdict(outcome, again),
    again
      ? h(
          'div',
          { class: 'actions' },
          button('Try again', 'retake', outcome.retake),
          button('Send this recording anyway', 'send-anyway', reveal, 'quiet'),
        )
      : null,
    place,
  );
  if (!again) reveal();
}

function verdict({ report }: Outcome, again: boolean): HTMLElement {
  const { kind, reasons } = report.verdict;
  const attributes = { testid: 'verdict', 'data-kind': kind, 'data-reasons': reasons.join(' '), class: 'stack' };
  if (kind === 'usable') {
    const { usableS, durationS } = report.summary;
    const length = usableS === null ? '' : ` ${usableS} of ${durationS} seconds can be read.`;
    return h('div', attributes, h('p', {}, `Thank you.${length} Your clinician reads the result and talks to you about it.`));
  }
  const changes = reasons.map((reason) => CHANGE[reason]).filter(Boolean);
  return h(
    'div',
    attributes,
    h(
      'p',
      {},
      again
        ? 'This happens often and says nothing about your heart. What to change:'
        : 'Some straps and some skins do not go together. It says nothing about your heart. Send it all the same, so that your clinician knows it was tried.',
    ),
    again ? h('ul', { class: 'changes' }, ...(changes.length > 0 ? changes : [CHANGE.noise]).map((text) => h('li', {}, text))) : null,
  );
}

function sending(outcome: Outcome): HTMLElement[] {
  const { report, invitation } = outcome;
  const bundle = toFhir(report.summary, { visitId: invitation.visitId, id: report.id });
  const status = liveRegion();
  const problem = h('div', {});
  const submit = button('Send to my clinician', 'send', () => void deliver());
  submit.disabled = true;
  const consent = h('input', { type: 'checkbox', testid: 'consent', onchange: () => (submit.disabled = !consent.checked) });

  const leave = (event: BeforeUnloadEvent): void => event.preventDefault();
  addEventListener('beforeunload', leave);
  const online = (): void => void (consent.checked && problem.firstChild && deliver());
  addEventListener('online', online);

  let busy = false;
  async function deliver(): Promise<void> {
    if (busy || !consent.checked) return;
    busy = true;
    submit.disabled = true;
    consent.disabled = true;
    show(problem);
    setText(status, 'Sending…');
    try {
      await post(bundle, outcome);
      removeEventListener('beforeunload', leave);
      removeEventListener('online', online);
      showSent(outcome.frame);
    } catch (thrown) {
      setText(status, '');
      show(problem, advice(codeOf(thrown)));
      submit.disabled = false;
      setText(submit, 'Try to send again');
    } finally {
      busy = false;
    }
  }

  return [
    payloadTable(outcome, bundle),
    h('label', { class: 'option consent' }, consent, 'I agree that this is sent to my clinician.'),
    problem,
    h('div', { class: 'actions' }, submit),
    status,
  ];
}

function payloadTable({ report, invitation }: Outcome, bundle: Bundle): HTMLElement {
  return h(
    'section',
    { class: 'stack', testid: 'payload', 'aria-labelledby': 'payload-title' },
    h('h2', { id: 'payload-title' }, 'What will be sent'),
    h('p', {}, 'Only these lines. Not your name, not your strap’s name or number, and not the trace itself. It is pseudonymised; it is health data again on arrival.'),
    ...payload(report.summary, invitation.visitId).flatMap(({ title, lines }) => [
      h('h3', {}, title),
      h('dl', { class: 'lines' }, ...lines.map(([label, text]) => h('div', {}, h('dt', {}, label), h('dd', {}, text)))),
    ]),
    h('details', {}, h('summary', {}, 'The same as it travels, for experts'), h('pre', { tabindex: 0 }, JSON.stringify(bundle, null, 2))),
  );
}

function post(bundle: Bundle, { token, endedAt }: Outcome): Promise<unknown> {
  const recordedAgoMs = Math.max(0, Date.now() - endedAt.wall, performance.now() - endedAt.steady);
  return send(bundle, { url: '/fhir', token, recordedAgoMs, attempts: 4 });
}

function codeOf(thrown: unknown): string {
  if (thrown instanceof SendRefused) return thrown.status === 401 ? 'send.refused.401' : 'send.refused';
  return thrown instanceof PqrstError ? thrown.code : 'send.failed';
}

function showSent(frame: Frame): void {
  screen(
    frame,
    null,
    'Sent to your clinician',
    h('p', { testid: 'sent', role: 'status' }, 'The result was sent to your clinician. You may take the strap off now; rinse it and let it dry.'),
    h('p', {}, 'If you are in a video visit, go back to it. You can close this page.'),
  );
}
