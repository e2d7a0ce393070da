import { app, h, show } from '../shared/dom.js';
import { SENTENCES } from '../shared/words.js';
import type { Invitation } from './portal.js';

/** What stands around every screen. */
export interface Frame {
  invitation: Invitation | null;
  /** The patient said that the test is theirs. */
  confirmed: boolean;
}

/** Steps of the test, for "step 2 of 5". */
export const STEPS = 5;

/** Shows one screen: heading, content, and the words that never leave. Focus goes to the heading. */
export function screen(frame: Frame, step: number | null, title: string, ...content: (Node | null)[]): void {
  const heading = h('h1', { tabindex: -1 }, title);
  show(
    app(),
    header(frame),
    h(
      'main',
      { class: 'column' },
      h('div', { class: 'stack' }, step === null ? null : h('p', { class: 'step' }, `Step ${step} of ${STEPS}`), heading),
      ...content,
    ),
    footer(frame),
  );
  document.title = `${title} – heart rhythm test`;
  scrollTo(0, 0);
  heading.focus({ preventScroll: true });
}

function header({ invitation, confirmed }: Frame): HTMLElement | null {
  document.body.classList.toggle('watermark', invitation?.mode === 'demo');
  return h(
    'header',
    { class: 'top' },
    h('div', { class: 'row' }, h('span', { class: 'brand' }, 'Heart rhythm test'), confirmed && invitation ? code(invitation) : null),
    invitation?.mode === 'demo' ? h('p', { class: 'demo-banner' }, 'DEMO – not a real test') : null,
  );
}

function code(invitation: Invitation): HTMLElement {
  return h('span', { class: 'visit-code' }, 'Visit ', h('strong', { class: 'code', testid: 'visit-code' }, invitation.code));
}

function footer({ invitation }: Frame): HTMLElement {
  const number = invitation?.emergencyNumber;
  return h(
    'footer',
    { class: 'bottom' },
    h('p', {}, SENTENCES.emergency, ' ', SENTENCES.feeling, number ? ' If you feel unwell, stop and call ' : null, number ? call(number) : null, number ? '.' : null),
    h('p', {}, SENTENCES.notice),
  );
}

/** A telephone number that a phone dials. */
export function call(number: string): HTMLElement {
  return h('a', { href: `tel:${number.replace(/[^\d+*#]/g, '')}` }, number);
}

/** The emergency number as something to press; on a computer it is something to read. */
export function callNow(number: string): HTMLElement {
  return h('a', { class: 'button call', href: `tel:${number.replace(/[^\d+*#]/g, '')}`, testid: 'call-now' }, `Call ${number}`);
}

/** A big button. */
export function button(label: string, testid: string | undefined, onclick: () => void, kind: 'primary' | '' | 'quiet' = 'primary'): HTMLButtonElement {
  return h('button', { type: 'button', class: kind, testid, onclick }, label);
}

/** A place whose changes screen readers read out. */
export function liveRegion(attributes: Record<string, string> = {}): HTMLElement {
  return h('p', { role: 'status', 'aria-live': 'polite', ...attributes });
}
