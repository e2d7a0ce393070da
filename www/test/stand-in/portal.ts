// A stand-in for the portal, in memory, for looking at the pages without a build. It checks nothing.
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';

interface Visit {
  id: string;
  code: string;
  mode: string;
  test: string;
  made: number;
  status: string;
  token: string;
  openers: Set<string>;
  live: unknown;
  result: { summary: { id: string; redFlags: unknown[] }; recordedAgoMs: number; at: number; acknowledgedAt: number | null } | null;
  listeners: Set<ServerResponse>;
}

const visits = new Map<string, Visit>();
let signedIn = false;

const body = async (request: IncomingMessage): Promise<any> => {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? null : JSON.parse(text);
};
const reply = (response: ServerResponse, status: number, value?: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(value === undefined ? '' : JSON.stringify(value));
};
const flagged = ({ result }: Visit): boolean => result !== null && result.summary.redFlags.length > 0;
const listed = (visit: Visit): object => {
  const { id, code, mode, test, made, status, result } = visit;
  return { id, code, mode, test, status, flagWaits: flagged(visit) && result?.acknowledgedAt === null, createdAgoS: Math.round((Date.now() - made) / 1000) };
};
const delivered = (visit: Visit): object | null =>
  visit.result && {
    id: visit.result.summary.id,
    summary: visit.result.summary,
    recordedAgoMs: visit.result.recordedAgoMs,
    receivedAgoMs: Date.now() - visit.result.at,
    live: visit.result.recordedAgoMs < 60_000,
    acknowledgement: flagged(visit)
      ? { responsible: 'Cardiology on call', withinMs: 900_000, done: visit.result.acknowledgedAt === null ? null : { by: 'dr.rivera', agoMs: Date.now() - visit.result.acknowledgedAt } }
      : null,
  };
let events = 0;
const tell = (visit: Visit, event: string, data: unknown): void => {
  events += 1;
  for (const listener of visit.listeners) listener.write(`id: ${events}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
};

async function clinician(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  if (path === '/api/session') {
    if (request.method === 'GET') return reply(response, signedIn ? 200 : 401, { user: 'dr.rivera', emergencyNumber: '112' });
    signedIn = request.method === 'POST' && (await body(request)).password !== 'wrong';
    return reply(response, signedIn || request.method === 'DELETE' ? 204 : 401);
  }
  if (path === '/api/visits' && request.method === 'GET') return reply(response, 200, { visits: [...visits.values()].map(listed).reverse() });
  if (path === '/api/visits') {
    const { mode, test } = await body(request);
    const id = randomBytes(16).toString('hex');
    const code = Array.from(randomBytes(4), (byte) => '23456789ABCDEFGHJKMNPQRSTUVWXYZ'[byte % 31]).join('');
    const token = randomBytes(32).toString('base64url');
    const visit: Visit = { id, code, mode, test, made: Date.now(), status: 'invited', token, openers: new Set(), live: null, result: null, listeners: new Set() };
    visits.set(id, visit);
    return reply(response, 201, { visit: listed(visit), invitation: { url: `/patient/#${token}` } });
  }
  const [, , , id = '', what] = path.split('/');
  const visit = visits.get(id);
  if (!visit) return reply(response, 404);
  if (what === 'invitation') {
    visit.token = randomBytes(32).toString('base64url');
    return reply(response, 200, { invitation: { url: `/patient/#${visit.token}` } });
  }
  if (what === 'acknowledgement') {
    if (visit.result) visit.result.acknowledgedAt = Date.now();
    return reply(response, 204);
  }
  if (what === undefined) return reply(response, 200, { ...listed(visit), live: visit.live, result: delivered(visit), openedOn: visit.openers.size });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': hello\n\n');
  visit.listeners.add(response);
  request.on('close', () => visit.listeners.delete(response));
}

async function patient(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const visit = [...visits.values()].find(({ token }) => request.headers.authorization === `Bearer ${token}`);
  if (!visit) return reply(response, 401, { resourceType: 'OperationOutcome', issue: [] });
  const content = await body(request);
  if (path === '/api/invitation') {
    visit.openers.add(content.opener);
    visit.status = 'opened';
    tell(visit, 'opened', { openedOn: visit.openers.size });
    return reply(response, 200, { visitId: visit.id, code: visit.code, mode: visit.mode, test: visit.test, watched: visit.listeners.size > 0, emergencyNumber: '112', redFlags: {}, redFlagNotice: null });
  }
  if (path === '/api/live') {
    visit.live = content;
    visit.status = 'live';
    tell(visit, 'live', content);
    return reply(response, 204);
  }
  visit.result = { summary: JSON.parse(content.entry[0].resource.component[0].valueString), recordedAgoMs: Number(request.headers['pqrst-recorded-ago-ms']), at: Date.now(), acknowledgedAt: null };
  visit.status = 'done';
  tell(visit, 'result', delivered(visit));
  return reply(response, 201, { resourceType: 'Bundle', type: 'transaction-response' });
}

/** Answers the portal's addresses in the development server. */
export function standInPortal(): Plugin {
  return {
    name: 'stand-in-portal',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = (request.url ?? '').split('?')[0] ?? '';
        if (!path.startsWith('/api/') && path !== '/fhir') return next();
        const forPatient = ['/api/invitation', '/api/live', '/fhir'].includes(path);
        void (forPatient ? patient : clinician)(request, response, path).catch(next);
      });
    },
  };
}
