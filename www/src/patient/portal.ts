import type { RedFlagLimits } from 'pqrst';
import type { Live, Mode, VisitTest } from '../shared/live.js';

/** What an invitation leads to. */
export interface Invitation {
  visitId: string;
  /** Four characters that stand on both screens. */
  code: string;
  mode: Mode;
  test: VisitTest;
  /** A clinician has this visit open. */
  watched: boolean;
  emergencyNumber: string;
  /** The clinic's own limits of red flags; the usual ones where it gave none. */
  redFlags?: RedFlagLimits;
  /** What a patient reads when such a limit is passed, in the clinic's words. */
  redFlagNotice?: string;
}

/** An invitation that could not be opened; `code` is a row of the table of words. */
export class LinkError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const TOKEN = 'pqrst.token';
const OPENER = 'pqrst.opener';

/** The bearer secret: out of the address bar at once, kept for this tab so that a reload works. */
export function takeToken(): string | null {
  const fragment = location.hash.slice(1);
  if (fragment !== '') {
    history.replaceState(null, '', location.pathname);
    if (/^[A-Za-z0-9_-]{43}$/.test(fragment)) sessionStorage.setItem(TOKEN, fragment);
    else sessionStorage.removeItem(TOKEN);
  }
  return sessionStorage.getItem(TOKEN);
}

/** 128 random bits per tab: lets the clinic see that a link was opened twice, and tells nothing else. */
function opener(): string {
  const known = sessionStorage.getItem(OPENER);
  if (known) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const fresh = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  sessionStorage.setItem(OPENER, fresh);
  return fresh;
}

function request(token: string, body: unknown): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
    cache: 'no-store',
    credentials: 'omit',
    signal: AbortSignal.timeout(10_000),
  };
}

/** Opens the invitation. */
export async function openInvitation(token: string): Promise<Invitation> {
  let response: Response;
  try {
    response = await fetch('/api/invitation', request(token, { opener: opener() }));
  } catch {
    throw new LinkError('link.network');
  }
  if (response.status >= 500) throw new LinkError('link.network');
  if (!response.ok) throw new LinkError('link.unknown');
  return (await response.json()) as Invitation;
}

/** Tells the clinician how the test goes: at once when the state changes, else once a second; the newest only. */
export class LiveLine {
  #token: string;
  #waiting: Live | undefined;
  #sentState = '';
  #sentAt = -Infinity;
  #busy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(token: string) {
    this.#token = token;
  }

  /** Takes the newest status. */
  tell(live: Live): void {
    this.#waiting = live;
    this.#go();
  }

  /** Ends with what waits being sent. */
  close(): void {
    this.#closed = true;
    this.#go();
  }

  #go(): void {
    const live = this.#waiting;
    if (!live || this.#busy) return;
    clearTimeout(this.#timer);
    const wait = live.state !== this.#sentState || this.#closed ? 0 : this.#sentAt + 1000 - performance.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => this.#go(), wait);
      return;
    }
    this.#waiting = undefined;
    this.#sentState = live.state;
    this.#sentAt = performance.now();
    this.#busy = true;
    // A status that does not arrive is not sent again: the next one is newer.
    void fetch('/api/live', { ...request(this.#token, live), keepalive: true })
      .catch(() => undefined)
      .finally(() => {
        this.#busy = false;
        this.#go();
      });
  }
}
