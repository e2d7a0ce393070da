import { PqrstError, send, SendRefused, toFhir, type Bundle, type Summary } from 'pqrst';
import { h, setText, show } from '../shared/dom.js';
import { ago } from '../shared/words.js';
import type { Invitation } from './portal.js';
import { payload, type Group } from './payload.js';
import { button, liveRegion, screen, type Frame } from './screen.js';
import { advice } from './fit.js';
import type { Unsent, UnsentResults } from './unsent.js';
import { KEPT, LOOKED_AT_FIRST } from './words.js';

/** What can be sent, and by whose leave. */
export interface Delivery {
  frame: Frame;
  invitation: Invitation;
  token: string;
  summary: Summary;
  /** The report's id. */
  id: string;
  /** When the recording ended: on the wall clock, and on this page's own clock where it saw the end. */
  ended: { wall: number; steady: number | null };
  /** Where a result waits that could not be sent. */
  unsent: UnsentResults;
}

/** What is sent, consent, and the button: the parts of a screen. */
export function sending(delivery: Delivery): HTMLElement[] {
  const { summary, id, invitation, unsent } = delivery;
  const bundle = toFhir(summary, { visitId: invitation.visitId, id });
  const status = liveRegion();
  const problem = h('div', {});
  const missing = liveRegion({ class: 'missing' });
  const consent = h('input', { type: 'checkbox', testid: 'consent', onchange: () => setText(missing, '') });
  const submit = button('Send to my clinician', 'send', () => {
    if (consent.checked) void deliver();
    else setText(missing, 'Please tick the box first, if you agree.');
  });

  const leave = (event: BeforeUnloadEvent): void => event.preventDefault();
  // What has been kept is not lost by leaving.
  if (delivery.ended.steady !== null) addEventListener('beforeunload', leave);
  const online = (): void => void (consent.checked && problem.firstChild && deliver());
  addEventListener('online', online);

  let busy = false;
  async function deliver(): Promise<void> {
    if (busy) return;
    busy = submit.disabled = consent.disabled = true;
    show(problem);
    setText(status, 'Sending…');
    // From here on the patient has agreed: it may wait on this device until it arrives.
    const kept = await unsent.keep({ summary, id, endedMs: delivery.ended.wall });
    if (kept) removeEventListener('beforeunload', leave);
    try {
      await post(bundle, delivery);
      removeEventListener('beforeunload', leave);
      removeEventListener('online', online);
      await unsent.forget();
      showSent(delivery);
    } catch (thrown) {
      // The portal would refuse it again.
      if (thrown instanceof SendRefused) await unsent.forget();
      setText(status, '');
      show(problem, advice(codeOf(thrown)), kept && !(thrown instanceof SendRefused) ? h('p', { class: 'small kept', testid: 'kept' }, KEPT) : null);
      setText(submit, 'Try to send again');
    } finally {
      busy = submit.disabled = false;
    }
  }

  return [
    payloadLines(delivery, bundle),
    h('label', { class: 'option consent' }, consent, 'I agree that this is sent to my clinician.'),
    missing,
    problem,
    h('div', { class: 'actions' }, submit),
    status,
  ];
}

/** A result that could not be sent when its page was open. */
export function showUnsent(delivery: Delivery, startAnew: () => void): void {
  const discard = (): void => void delivery.unsent.forget().then(startAnew);
  screen(
    delivery.frame,
    null,
    'Your last recording has not arrived yet',
    h('p', { testid: 'unsent' }, `It was recorded ${ago(Date.now() - delivery.ended.wall)} ago and has waited on this device, encrypted. You can send it now.`),
    h('div', { class: 'stack' }, ...sending(delivery)),
    h('div', { class: 'actions' }, button('Delete it and start a new test', 'discard', discard, 'quiet')),
  );
}

/** The delivery of a result that was kept. */
export function deliveryOf({ summary, id, endedMs }: Unsent, rest: Pick<Delivery, 'frame' | 'invitation' | 'token' | 'unsent'>): Delivery {
  return { ...rest, summary, id, ended: { wall: endedMs, steady: null } };
}

function payloadLines({ summary, invitation }: Delivery, bundle: Bundle): HTMLElement {
  return h(
    'section',
    { class: 'stack', testid: 'payload', 'aria-labelledby': 'payload-title' },
    h('h2', { id: 'payload-title' }, 'What will be sent'),
    h('p', {}, 'Only these lines. Not your name, not your strap’s name or number, and not the trace itself. It is pseudonymised; it is health data again on arrival.'),
    ...payload(summary, invitation.visitId).map(group),
    h('details', { class: 'more' }, h('summary', {}, 'The same as it travels, for experts'), h('pre', { tabindex: 0 }, JSON.stringify(bundle, null, 2))),
  );
}

function group({ title, technical, lines }: Group): HTMLElement {
  const list = h('dl', { class: 'lines' }, ...lines.map(([label, text]) => h('div', {}, h('dt', {}, label), h('dd', {}, text))));
  return technical
    ? h('details', { class: 'more' }, h('summary', {}, `${title} (${lines.length} lines)`), list)
    : h('div', { class: 'stack group' }, h('h3', {}, title), list);
}

function post(bundle: Bundle, { token, ended: { wall, steady } }: Delivery): Promise<unknown> {
  const recordedAgoMs = Math.round(Math.max(0, Date.now() - wall, steady === null ? 0 : performance.now() - steady));
  return send(bundle, { url: '/fhir', token, recordedAgoMs, attempts: 4 });
}

function codeOf(thrown: unknown): string {
  if (thrown instanceof SendRefused) return thrown.status === 401 ? 'send.refused.401' : 'send.refused';
  return thrown instanceof PqrstError ? thrown.code : 'send.failed';
}

/** What may come off now. */
function off({ test, durationS }: Summary): HTMLElement | null {
  if (test === 'recording') return null;
  return h('p', {}, durationS === 0 ? 'You may take the cuff off now.' : 'You may take the strap off now; rinse it and let it dry.');
}

function showSent({ frame, summary, invitation }: Delivery): void {
  screen(
    frame,
    null,
    'Sent to your clinician',
    h('p', { testid: 'sent', role: 'status' }, 'The result has arrived. That does not mean that it has been read yet: your clinician talks to you about it.'),
    off(summary),
    summary.redFlags.length === 0 ? null : h('p', { class: 'notice', testid: 'looked-at-first' }, invitation.redFlagNotice || LOOKED_AT_FIRST),
    h('p', {}, 'If you are in a video visit, go back to it. You can close this page.'),
  );
}
