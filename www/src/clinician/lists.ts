import { h, setText, show } from '../shared/dom.js';
import type { Mode, VisitTest } from '../shared/live.js';
import { ago, TEST } from '../shared/words.js';
import type { Visit } from './portal.js';
import { STATUS } from './words.js';

/** Sign-in. `submit` tells what went wrong, or nothing. */
export function loginView(submit: (user: string, password: string) => Promise<string | null>): HTMLElement {
  const user = h('input', { type: 'text', id: 'user', testid: 'user', autocomplete: 'username', autocapitalize: 'none', required: true });
  const password = h('input', { type: 'password', id: 'password', testid: 'password', autocomplete: 'current-password', required: true });
  const problem = h('p', { role: 'alert', class: 'problem' });
  const button = h('button', { type: 'submit', class: 'primary', testid: 'login' }, 'Sign in');
  const send = (event: Event): void => {
    event.preventDefault();
    button.disabled = true;
    setText(problem, '');
    void submit(user.value, password.value).then((wrong) => {
      button.disabled = false;
      setText(problem, wrong ?? '');
    });
  };
  return h(
    'form',
    { class: 'card stack login', onsubmit: send },
    h('h1', { tabindex: -1 }, 'Sign in'),
    h('label', { for: 'user' }, 'User name'),
    user,
    h('label', { for: 'password' }, 'Password'),
    password,
    problem,
    button,
  );
}

/** The visits, and how to open one. `refresh` shows how they stand by now. */
export function visitsView(
  visits: Visit[],
  create: (mode: Mode, test: VisitTest) => void,
  open: (id: string) => void,
): { element: HTMLElement; refresh(visits: Visit[]): void } {
  const list = h('ul', { class: 'visits' });
  const none = h('p', { class: 'soft' }, 'No visits yet. A new visit makes a link that you send to the patient.');
  const refresh = (now: Visit[]): void => {
    const focused = list.contains(document.activeElement) ? document.activeElement?.getAttribute('data-visit') : null;
    show(list, ...now.map((visit) => h('li', {}, visitRow(visit, open))));
    if (focused) list.querySelector<HTMLElement>(`[data-visit="${focused}"]`)?.focus({ preventScroll: true });
    none.hidden = now.length > 0;
    list.hidden = now.length === 0;
  };
  refresh(visits);
  return { element: h('div', { class: 'stack' }, h('h1', { tabindex: -1 }, 'Visits'), newVisit(create), none, list), refresh };
}

function newVisit(create: (mode: Mode, test: VisitTest) => void): HTMLElement {
  let test: VisitTest = 'rest-30s';
  const length = (value: VisitTest, testid: string, checked: boolean): HTMLElement =>
    h('label', { class: 'pill', testid }, h('input', { type: 'radio', name: 'test', checked, onchange: () => (test = value) }), capital(TEST[value]));
  return h(
    'section',
    { class: 'block', 'aria-label': 'New visit' },
    h('h3', {}, 'New visit'),
    h('fieldset', { class: 'row' }, h('legend', { class: 'visually-hidden' }, 'Test'), length('rest-30s', 'test-30', true), length('rest-5min', 'test-300', false)),
    h(
      'div',
      { class: 'row' },
      h('button', { type: 'button', class: 'primary', testid: 'new-visit-real', onclick: () => create('real', test) }, 'Invite a patient'),
      h('button', { type: 'button', testid: 'new-visit-demo', onclick: () => create('demo', test) }, 'Demonstration'),
    ),
  );
}

function visitRow(visit: Visit, open: (id: string) => void): HTMLElement {
  return h(
    'button',
    { type: 'button', class: 'visit-row', testid: 'visit', 'data-visit': visit.id, 'data-status': visit.status, onclick: () => open(visit.id) },
    h('span', { class: 'code' }, visit.code),
    h('span', { class: 'status' }, STATUS[visit.status], visit.mode === 'demo' ? h('span', { class: 'tag' }, 'demo') : null, visit.flagWaits ? h('span', { class: 'tag first', testid: 'flag-waits' }, 'look at this first') : null),
    h('span', { class: 'soft small' }, `${capital(TEST[visit.test])}, made ${ago(visit.createdAgoS * 1000)} ago`),
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
