import { PqrstError } from './error.js';
import type { Bundle } from './fhir.js';

/** How a portal says what is wrong: a FHIR OperationOutcome. */
export interface OperationOutcome {
  /** Always `OperationOutcome`. */
  resourceType: 'OperationOutcome';
  /** What is wrong; the stable code stands in `details.coding`. */
  issue: {
    severity?: string;
    code?: string;
    diagnostics?: string;
    details?: { text?: string; coding?: { system?: string; code?: string }[] };
  }[];
}

/** Settings of {@link send}. */
export interface SendOptions {
  /** Where to post. */
  url: string | URL;
  /** The bearer secret of the invitation; it goes into the Authorization header and nowhere else. */
  token: string;
  /** Milliseconds since the recording ended, at the time of this call; refreshed on every attempt. */
  recordedAgoMs: number;
  /** Attempts altogether, 1 to 10; 5 by default. */
  attempts?: number;
  /** Milliseconds for one attempt; 10 000 by default. */
  timeoutMs?: number;
  /** Ends the attempts early. */
  signal?: AbortSignal;
  /** Instead of the global `fetch`. */
  fetch?: typeof fetch;
}

/** What became of a bundle. */
export interface SendResult {
  /** True when it was stored now, false when the portal already held it. */
  stored: boolean;
  /** The portal's answer, a transaction-response Bundle. */
  response: unknown;
}

/** The portal understood and said no. Sending the same again would not help. */
export class SendRefused extends PqrstError {
  override readonly name = 'SendRefused';
  /** HTTP status, 400 to 499. */
  readonly status: number;
  /** The portal's own words, where it gave some. */
  readonly outcome: OperationOutcome | null;
  /** The portal's stable reason, such as `token.unknown`; null where it gave none. */
  readonly reason: string | null;

  /** @param outcome the body of the refusal. */
  constructor(status: number, outcome: OperationOutcome | null) {
    const issue = outcome?.issue?.[0];
    const reason = issue?.details?.coding?.[0]?.code ?? null;
    super('send.refused', `The portal refused the bundle (${status}${reason ? `, ${reason}` : ''}).`);
    this.status = status;
    this.outcome = outcome;
    this.reason = reason;
  }
}

/**
 * Posts a bundle. Idempotent: the bundle carries its id, and a portal that has it already answers the same again.
 * Network errors and 5xx answers are tried again with growing, jittered pauses; refusals are not.
 *
 * @throws {SendRefused} code `send.refused` on a 4xx answer.
 * @throws {PqrstError} `send.network`, `send.timeout`, `send.server`, `send.unexpected` or `send.aborted`, after the last attempt.
 */
export async function send(bundle: Bundle, options: SendOptions): Promise<SendResult> {
  const attempts = Math.min(10, Math.max(1, Math.trunc(options.attempts ?? 5)));
  const body = JSON.stringify(bundle);
  const age = stopwatch(options.recordedAgoMs);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await post(body, age(), options);
    } catch (error) {
      if (!(error instanceof PqrstError) || !mayHelp(error) || attempt >= attempts) throw error;
      await pause(jittered(attempt), options.signal);
    }
  }
}

/** Time since the recording ended. Of two clocks the larger count: one of them may stand still while the machine sleeps. */
function stopwatch(startMs: number): () => number {
  const wall = Date.now();
  const steady = performance.now();
  const start = Number.isFinite(startMs) ? Math.max(0, startMs) : 0;
  return () => Math.round(start + Math.max(0, Date.now() - wall, performance.now() - steady));
}

function mayHelp(error: PqrstError): boolean {
  return error.code === 'send.network' || error.code === 'send.timeout' || error.code === 'send.server';
}

/** Half a second doubling up to 8 s, each somewhere between half and all of it, so that many clients do not come back together. */
function jittered(attempt: number): number {
  const full = Math.min(8000, 500 * 2 ** (attempt - 1));
  return full * (0.5 + 0.5 * Math.random());
}

async function post(body: string, recordedAgoMs: number, options: SendOptions): Promise<SendResult> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 10_000);
  const give = options.fetch ?? globalThis.fetch;
  let response: Response;
  let answer: unknown;
  try {
    response = await give(options.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/fhir+json',
        accept: 'application/fhir+json',
        authorization: `Bearer ${options.token}`,
        'pqrst-recorded-ago-ms': String(recordedAgoMs),
      },
      body,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: options.signal ? either(options.signal, timeout) : timeout,
    });
    answer = await jsonOf(response);
  } catch (cause) {
    if (options.signal?.aborted) throw new PqrstError('send.aborted', 'Sending was ended.', { cause });
    if (timeout.aborted) throw new PqrstError('send.timeout', 'The portal did not answer in time.', { cause });
    throw new PqrstError('send.network', 'The portal cannot be reached.', { cause });
  }
  return outcomeOf(response.status, answer);
}

function outcomeOf(status: number, answer: unknown): SendResult {
  if (status === 200 || status === 201) return { stored: status === 201, response: answer };
  if (status >= 400 && status < 500) throw new SendRefused(status, isOutcome(answer) ? answer : null);
  if (status >= 500) throw new PqrstError('send.server', `The portal failed (${status}).`);
  throw new PqrstError('send.unexpected', `The portal answered ${status}.`);
}

/** A body that is no JSON says nothing: null. A body that breaks off is a network error. */
async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function isOutcome(answer: unknown): answer is OperationOutcome {
  const candidate = answer as { resourceType?: unknown; issue?: unknown } | null;
  return candidate?.resourceType === 'OperationOutcome' && Array.isArray(candidate.issue);
}

function either(one: AbortSignal, other: AbortSignal): AbortSignal {
  const joined = new AbortController();
  for (const signal of [one, other]) {
    if (signal.aborted) joined.abort(signal.reason);
    else signal.addEventListener('abort', () => joined.abort(signal.reason), { once: true, signal: joined.signal });
  }
  return joined.signal;
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new PqrstError('send.aborted', 'Sending was ended.', { cause: signal?.reason }));
    };
    if (signal?.aborted) {
      reject(new PqrstError('send.aborted', 'Sending was ended.', { cause: signal.reason }));
      return;
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
