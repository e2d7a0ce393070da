import { h, setText, show } from '../shared/dom.js';
import { TEST } from '../shared/words.js';
import { LiveView } from './live.js';
import { acknowledge, follow, renewInvitation, type Result, type VisitDetail } from './portal.js';
import { PriorityView } from './priority.js';
import { resultView, type ResultView } from './result.js';

/** A visit on the screen: identity, invitation, live status, result. Call `close` before it leaves the screen. */
export class VisitView {
  readonly element: HTMLElement;
  #detail: VisitDetail;
  #live: LiveView;
  #result: ResultView | undefined;
  #place = h('div', {});
  #priority: PriorityView | undefined;
  /** Results whose flags nobody has acknowledged, the oldest first, with the time at which they were told. */
  #waiting = new Map<string, { result: Result; toldAt: number }>();
  #priorityPlace = h('div', {});
  #user: string;
  #opened = h('p', { class: 'notice warn', role: 'alert', testid: 'opened-twice' });
  #invitation = h('details', { class: 'block invitation', open: true });
  #demo = h('p', { class: 'demo-banner' }, 'DEMO visit: simulated data is accepted here, and only here.');
  /** The link has been opened: from now on the invitation stands below and closed. */
  #known = false;
  #unfollow: () => void;
  #clock: ReturnType<typeof setInterval>;

  /** @param user who is signed in. */
  constructor(detail: VisitDetail, user: string, invitationUrl: string | null, failed: (thrown: unknown) => void) {
    this.#detail = detail;
    this.#user = user;
    this.#live = new LiveView(detail);
    this.#showInvitation(invitationUrl, failed);
    this.#openedOn(detail.openedOn);
    this.element = h(
      'div',
      { class: 'stack visit' },
      this.#heading(),
      this.#priorityPlace,
      this.#opened,
      this.#invitation,
      this.#live.element,
      this.#place,
    );
    if (detail.result) this.#showResult(detail.result);
    this.#unfollow = follow(detail.id, {
      live: (live) => {
        this.#live.element.hidden = false;
        this.#live.tell(live);
        this.#watermark();
      },
      result: (result) => this.#showResult(result),
      opened: (openedOn) => this.#openedOn(openedOn),
      connected: (connected) => this.#live.connected(connected),
    });
    this.#clock = setInterval(() => this.#tick(), 1000);
    this.#watermark();
  }

  /** Ends what goes on behind the screen. */
  close(): void {
    clearInterval(this.#clock);
    this.#unfollow();
    document.body.classList.remove('watermark');
  }

  #heading(): HTMLElement {
    const { code, mode, test } = this.#detail;
    return h(
      'header',
      { class: 'visit-head' },
      h('h1', { tabindex: -1 }, 'Visit ', h('span', { class: 'code', testid: 'visit-code' }, code)),
      h('p', { class: 'soft' }, `${TEST[test]}${mode === 'demo' ? ' – demonstration' : ''}`),
      mode === 'demo' ? this.#demo : null,
    );
  }

  #tick(): void {
    this.#live.refresh();
    this.#result?.refresh();
    this.#priority?.refresh();
    const [next] = this.#waiting.values();
    if (next && !this.#priority?.waits) this.#showFlags(next.result, next.toldAt);
  }

  /** A flag that waits stays on top until it is acknowledged, also when later results raise none or others. */
  #takeFlags(result: Result): void {
    const { acknowledgement, id } = result;
    const toldAt = performance.now();
    if (acknowledgement?.done === null) this.#waiting.set(id, { result, toldAt });
    else this.#waiting.delete(id);
    const [first] = this.#waiting.values();
    if (first) this.#showFlags(first.result, first.toldAt);
    else this.#showFlags(result, toldAt);
  }

  #showFlags(result: Result, toldAt: number): void {
    // Told again: what stands there is the same, and may have the focus.
    if (this.#priority?.result === result.id && this.#priority.waits && result.acknowledgement?.done === null) return;
    const store = async (seen: string): Promise<string> => {
      await acknowledge(this.#detail.id, seen);
      this.#waiting.delete(seen);
      return this.#user;
    };
    this.#priority = result.acknowledgement ? new PriorityView(result, result.acknowledgement, toldAt, store) : undefined;
    show(this.#priorityPlace, this.#priority?.element ?? null);
  }

  #openedOn(openedOn: number): void {
    this.#live.opened(openedOn);
    setText(this.#opened, openedOn > 1 ? `The link was opened ${openedOn} times, on different devices or in different windows. Make sure that you speak with the right person.` : '');
    this.#opened.hidden = openedOn < 2;
    if (openedOn > 0 && !this.#known) this.#invitation.open = false;
    this.#known = openedOn > 0;
    this.#invitation.classList.toggle('used', this.#known);
  }

  #showResult(result: Result): void {
    this.#takeFlags(result);
    this.#result = resultView(this.#detail, result);
    const news = h('p', { role: 'status', class: 'visually-hidden' });
    show(this.#place, news, this.#result.element);
    setText(news, 'The result is here.');
    this.#live.element.hidden = true;
    this.#invitation.hidden = true;
    this.#demo.hidden = result.summary.simulated;
    this.#detail = { ...this.#detail, result };
    this.#watermark();
  }

  #watermark(): void {
    const simulated = this.#detail.mode === 'demo' || this.#live.simulated || this.#detail.result?.summary.simulated === true;
    document.body.classList.toggle('watermark', simulated);
  }

  #showInvitation(url: string | null, failed: (thrown: unknown) => void): void {
    const renew = (): void => {
      renewInvitation(this.#detail.id).then((fresh) => this.#showInvitation(fresh, failed), failed);
    };
    const summary = h('summary', {}, 'Invitation');
    if (url === null) {
      show(
        this.#invitation,
        summary,
        h('p', { class: 'soft' }, 'A link is shown once, when it is made. A new one ends the one before.'),
        h('div', { class: 'row' }, h('button', { type: 'button', testid: 'renew', onclick: renew }, 'Make a new link')),
      );
    } else {
      show(this.#invitation, summary, ...invitation(new URL(url, location.origin).href, this.#detail.mode === 'demo', renew));
    }
  }
}

function invitation(href: string, demo: boolean, renew: () => void): HTMLElement[] {
  const status = h('span', { role: 'status', class: 'soft' });
  const copy = (): void => {
    navigator.clipboard.writeText(href).then(
      () => setText(status, 'Copied'),
      () => setText(status, 'Select the link and copy it'),
    );
  };
  return [
    h('p', { class: 'soft' }, 'Send this link to the patient, and tell them the visit code by another way. The link is shown only now, and whoever holds it can take the test. A new link ends this one.'),
    // In a real visit only the patient is to open it: every opening is counted.
    demo
      ? h('a', { class: 'link', testid: 'invitation-link', href, target: '_blank', rel: 'noopener noreferrer' }, href)
      : h('p', { class: 'link', testid: 'invitation-link' }, href),
    h(
      'div',
      { class: 'row' },
      h('button', { type: 'button', class: 'primary', testid: 'copy-link', onclick: copy }, 'Copy link'),
      h('button', { type: 'button', class: 'quiet', testid: 'renew', onclick: renew }, 'Make a new link'),
      status,
    ),
  ];
}
