import { app, h, show } from '../shared/dom.js';
import type { Mode, VisitTest } from '../shared/live.js';
import { SENTENCES } from '../shared/words.js';
import { loginView, visitsView } from './lists.js';
import { account, createVisit, PortalError, signIn, signOut, visit, visits, type Account, type Visit } from './portal.js';
import { VisitView } from './visit.js';

let who: Account | null = null;
let current: { close(): void } | null = null;
/** How often the list of visits is brought up to date. */
const LIST_MS = 5000;
/** Links just made, by visit: a link is shown once. */
const fresh = new Map<string, string>();

/** Shows what the address says: the list, or one visit. */
async function route(): Promise<void> {
  current?.close();
  current = null;
  try {
    who ??= await account();
    if (!who) return page(loginView(enter));
    const id = /^#visit\/([0-9a-f]{32})$/.exec(location.hash)?.[1];
    if (id === undefined) return list(await visits());
    const view = new VisitView(await visit(id), who.user, fresh.get(id) ?? null, complain);
    current = view;
    fresh.delete(id);
    page(view.element);
  } catch (thrown) {
    complain(thrown);
  }
}

function list(first: Visit[]): void {
  const view = visitsView(first, (mode, test) => void create(mode, test), open);
  // A list that cannot be renewed stays; the next action tells what is wrong.
  const timer = setInterval(() => void visits().then((now) => view.element.isConnected && view.refresh(now), () => undefined), LIST_MS);
  current = { close: () => clearInterval(timer) };
  page(view.element);
}

async function enter(user: string, password: string): Promise<string | null> {
  try {
    await signIn(user, password);
  } catch (thrown) {
    const status = thrown instanceof PortalError ? thrown.status : 0;
    if (status === 401) return 'User name or password is wrong.';
    return status === 429 ? 'Too many attempts. Wait some minutes, then try again.' : 'The portal cannot be reached. Try again.';
  }
  await route();
  return null;
}

async function leave(): Promise<void> {
  await signOut().catch(() => undefined);
  who = null;
  open(null);
}

let creating = false;

async function create(mode: Mode, test: VisitTest): Promise<void> {
  // A double click makes one visit.
  if (creating) return;
  creating = true;
  try {
    const made = await createVisit(mode, test);
    fresh.set(made.visit.id, made.url);
    open(made.visit.id);
  } catch (thrown) {
    complain(thrown);
  } finally {
    creating = false;
  }
}

function open(id: string | null): void {
  const hash = id === null ? '' : `#visit/${id}`;
  if (location.hash === hash) void route();
  else location.hash = hash;
}

function complain(thrown: unknown): void {
  const status = thrown instanceof PortalError ? thrown.status : -1;
  if (status === 401) {
    who = null;
    void route();
    return;
  }
  const text = status === 404 ? 'There is no such visit of yours.' : 'The portal cannot be reached or has failed.';
  page(
    h(
      'div',
      { class: 'stack' },
      h('p', { class: 'notice warn', role: 'alert' }, text),
      h('div', { class: 'row' }, h('button', { type: 'button', class: 'primary', onclick: () => void route() }, 'Try again'), h('button', { type: 'button', onclick: () => open(null) }, 'All visits')),
    ),
  );
}

function page(content: HTMLElement): void {
  const bar = who
    ? h(
        'header',
        { class: 'bar' },
        location.hash.startsWith('#visit/') ? h('button', { type: 'button', class: 'quiet', onclick: () => open(null) }, '← All visits') : h('strong', { class: 'brand' }, 'pqrst'),
        h('span', { class: 'row' }, h('span', { class: 'soft' }, who.user), h('button', { type: 'button', class: 'quiet', onclick: () => void leave() }, 'Sign out')),
      )
    : null;
  show(app(), bar, h('main', { class: 'column' }, content), h('footer', { class: 'bottom small' }, h('p', {}, SENTENCES.notice, ' A hint for a clinician, pseudonymised; health data again on arrival.')));
  document.title = content.querySelector('h1')?.textContent ?? 'Visits';
  content.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
}

addEventListener('hashchange', () => void route());
void route();
