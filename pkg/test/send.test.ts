import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { send, SendRefused, type Bundle } from '../src/index.js';

const bundle: Bundle = { resourceType: 'Bundle', type: 'transaction', entry: [] };
const answer = (status: number, body: unknown = {}) => new Response(status === 204 ? null : JSON.stringify(body), { status });

function portal(...answers: (Response | Error)[]) {
  const requests: { headers: Record<string, string>; body: string }[] = [];
  const fetch = vi.fn(async (_url: unknown, init?: RequestInit) => {
    requests.push({ headers: init?.headers as Record<string, string>, body: String(init?.body) });
    const next = answers.shift();
    if (next instanceof Response) return next;
    throw next ?? new Error('asked too often');
  }) as unknown as typeof globalThis.fetch;
  return { requests, fetch };
}

const sent = (fetch: typeof globalThis.fetch, more: object = {}) =>
  send(bundle, { url: '/fhir', token: 'secret', recordedAgoMs: 1000, fetch, ...more });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('posts once when the portal stores it', async () => {
  const { fetch, requests } = portal(answer(201, { resourceType: 'Bundle' }));
  await expect(sent(fetch)).resolves.toEqual({ stored: true, response: { resourceType: 'Bundle' } });
  expect(requests[0]?.headers).toMatchObject({ authorization: 'Bearer secret', 'content-type': 'application/fhir+json' });
  expect(requests[0]?.body).not.toContain('secret');
});

it('knows a replay', async () => {
  await expect(sent(portal(answer(200)).fetch)).resolves.toMatchObject({ stored: false });
});

it('tries again after failures, and the age grows', async () => {
  const { fetch, requests } = portal(new TypeError('offline'), answer(503), answer(201));
  const done = sent(fetch);
  await vi.advanceTimersByTimeAsync(3000);
  await expect(done).resolves.toMatchObject({ stored: true });
  const ages = requests.map(({ headers }) => Number(headers['pqrst-recorded-ago-ms']));
  expect(ages[0]).toBe(1000);
  expect(ages[1]).toBeGreaterThanOrEqual(1250);
  expect(ages[2]).toBeGreaterThanOrEqual((ages[1] ?? 0) + 500);
});

it('gives up after the last attempt', async () => {
  const { fetch, requests } = portal(new TypeError('a'), new TypeError('b'), new TypeError('c'));
  const done = sent(fetch, { attempts: 3 });
  const failed = expect(done).rejects.toMatchObject({ code: 'send.network' });
  await vi.advanceTimersByTimeAsync(10_000);
  await failed;
  expect(requests).toHaveLength(3);
});

it('does not insist when refused, and says why', async () => {
  const outcome = { resourceType: 'OperationOutcome', issue: [{ details: { coding: [{ code: 'token.unknown' }] } }] };
  const { fetch, requests } = portal(answer(401, outcome));
  const error = await sent(fetch).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SendRefused);
  expect(error).toMatchObject({ code: 'send.refused', status: 401, reason: 'token.unknown', outcome });
  expect(requests).toHaveLength(1);
});

it('ends when told to, also between attempts', async () => {
  const { fetch } = portal(new TypeError('offline'));
  const stop = new AbortController();
  const failed = expect(sent(fetch, { signal: stop.signal })).rejects.toMatchObject({ code: 'send.aborted' });
  await vi.advanceTimersByTimeAsync(10);
  stop.abort();
  await failed;
});

it('knows a portal that does not answer', async () => {
  vi.useRealTimers();
  const fetch = ((_url: unknown, init?: RequestInit) =>
    new Promise((_, reject) => {
      init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
    })) as typeof globalThis.fetch;
  await expect(sent(fetch, { attempts: 1, timeoutMs: 20 })).rejects.toMatchObject({ code: 'send.timeout' });
});
