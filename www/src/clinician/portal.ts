import type { Summary } from 'pqrst';
import type { Live, Mode, VisitTest } from '../shared/live.js';

/** A visit as listed. */
export interface Visit {
  id: string;
  /** Four characters that stand on both screens. */
  code: string;
  mode: Mode;
  test: VisitTest;
  createdAgoS: number;
  status: 'invited' | 'opened' | 'live' | 'done';
  /** A result raises a red flag that nobody acknowledged. */
  flagWaits: boolean;
}

/** Who is to acknowledge the red flags of a result, and who did. */
export interface Acknowledgement {
  /** Role or name, as the clinic gave it. */
  responsible: string;
  /** Time from the receipt. */
  withinMs: number;
  done: { by: string; agoMs: number } | null;
}

/** A result as delivered. */
export interface Result {
  id: string;
  summary: Summary;
  /** How old the recording was when it arrived. */
  recordedAgoMs: number;
  /** How long ago it arrived. */
  receivedAgoMs: number;
  /** The recording ended at most five minutes before this answer. */
  live: boolean;
  /** Null where no red flag is raised. */
  acknowledgement: Acknowledgement | null;
}

/** A visit with what is known of it. */
export interface VisitDetail extends Visit {
  live: Live | null;
  result: Result | null;
  /** On how many devices the invitation was opened. */
  openedOn: number;
}

/** Who is signed in. */
export interface Account {
  user: string;
  emergencyNumber: string;
}

/** The portal said no: 401 not signed in, 404 no such visit of yours. 0: it cannot be reached. */
export class PortalError extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`portal: ${status}`);
    this.status = status;
  }
}

async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(10_000),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch {
    throw new PortalError(0);
  }
  if (!response.ok) throw new PortalError(response.status);
  return response.status === 204 ? null : response.json();
}

/** The account of this browser's session; null when nobody is signed in. */
export async function account(): Promise<Account | null> {
  try {
    return (await ask('GET', '/api/session')) as Account;
  } catch (error) {
    if (error instanceof PortalError && error.status === 401) return null;
    throw error;
  }
}

/** Signs in. */
export const signIn = async (user: string, password: string): Promise<void> => void (await ask('POST', '/api/session', { user, password }));

/** Signs out. */
export const signOut = async (): Promise<void> => void (await ask('DELETE', '/api/session'));

/** This clinician's visits. */
export async function visits(): Promise<Visit[]> {
  return ((await ask('GET', '/api/visits')) as { visits: Visit[] }).visits;
}

/** Opens a visit and makes its invitation. */
export async function createVisit(mode: Mode, test: VisitTest): Promise<{ visit: Visit; url: string }> {
  const answer = (await ask('POST', '/api/visits', { mode, test })) as { visit: Visit; invitation: { url: string } };
  return { visit: answer.visit, url: answer.invitation.url };
}

/** A new link; the one before it ends. */
export async function renewInvitation(id: string): Promise<string> {
  const answer = (await ask('POST', `/api/visits/${encodeURIComponent(id)}/invitation`)) as { invitation?: { url: string }; url?: string };
  const url = answer.invitation?.url ?? answer.url;
  if (url === undefined) throw new PortalError(502);
  return url;
}

/** The red flags of a result have been seen. */
export const acknowledge = async (id: string, result: string): Promise<void> => void (await ask('POST', `/api/visits/${encodeURIComponent(id)}/acknowledgement`, { result }));

/** One visit. */
export const visit = async (id: string): Promise<VisitDetail> => (await ask('GET', `/api/visits/${encodeURIComponent(id)}`)) as VisitDetail;

/** What the event stream tells. */
export interface VisitEvents {
  live(live: Live): void;
  result(result: Result): void;
  opened(openedOn: number): void;
  /** Whether the stream stands. */
  connected(connected: boolean): void;
}

/** Follows a visit until the returned function is called. The browser resumes where it was after a break. */
export function follow(id: string, events: VisitEvents): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const data = <T>(event: Event): T => JSON.parse((event as MessageEvent<string>).data) as T;
  const open = (): void => {
    source = new EventSource(`/api/visits/${encodeURIComponent(id)}/events`);
    source.addEventListener('open', () => events.connected(true));
    source.addEventListener('live', (event) => events.live(data<Live>(event)));
    source.addEventListener('result', (event) => events.result(data<Result>(event)));
    source.addEventListener('opened', (event) => events.opened(data<{ openedOn: number }>(event).openedOn));
    source.addEventListener('error', () => {
      events.connected(false);
      // After an HTTP error the browser does not try again by itself.
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, 3000);
    });
  };
  open();
  return () => {
    clearTimeout(retry);
    source?.close();
  };
}
