import type { Summary } from 'pqrst';
import { expect, it } from 'vitest';
import { summaryOf } from '../../pkg/test/canned.js';
import { payload } from '../src/patient/payload.js';
import { adviceFor, CHANGE, ERRORS } from '../src/patient/words.js';
import { NULL_REASON, QUALITY, RED_FLAG } from '../src/shared/words.js';

const visitId = 'f'.repeat(32);
const shown = (summary: Summary): string => JSON.stringify(payload(summary, visitId));

/** Every place of a value in an object, as a path. */
function leaves(value: unknown, path: string[] = []): string[][] {
  if (value === null || typeof value !== 'object') return [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

function changed(summary: Summary, path: string[]): Summary {
  const copy = structuredClone(summary) as unknown as Record<string, unknown>;
  const parent = path.slice(0, -1).reduce<Record<string, unknown>>((inner, key) => inner[key] as Record<string, unknown>, copy);
  const key = path.at(-1) ?? '';
  const old = parent[key];
  parent[key] = typeof old === 'number' ? old + 1234 : typeof old === 'boolean' ? !old : `${String(old)}-changed`;
  return copy as unknown as Summary;
}

for (const kind of ['usable', 'retake', 'sensor', 'flagged', 'cuff']) {
  const summary = summaryOf(kind, { test: 'rest-5min' });
  // The reason of a number that is there is not there: null beside a value. Nor is a series that nobody took.
  const absent = (path: string[]): boolean => (path.at(-1) === 'reason' && path.length === 3 && path[0] !== 'quality') || (summary.bloodPressure === null && path[0] === 'bloodPressure');
  const told = leaves(summary).filter((path) => !absent(path));
  it.each(told.map((path) => [path.join('.'), path] as const))(`${kind}: %s is shown before it is sent`, (_name, path) => {
    expect(shown(changed(summary, path))).not.toBe(shown(summary));
  });
}

it('names nothing that lies beyond a limit of the clinic', () => {
  const text = shown(summaryOf('flagged', { test: 'rest-30s' }));
  for (const [flag, [name]] of Object.entries(RED_FLAG)) expect([flag, text.includes(flag), text.includes(name)]).toEqual([flag, false, false]);
  expect(text).toContain('number 1, order 1: 158 against 150');
});

it('has words for every reason and error', () => {
  for (const reason of Object.keys(QUALITY)) expect(CHANGE).toHaveProperty(reason);
  for (const [code, { cause, remedy }] of Object.entries(ERRORS)) {
    expect([code, cause.length > 10, remedy.length > 10]).toEqual([code, true, true]);
  }
  expect(Object.values(NULL_REASON).every(Boolean)).toBe(true);
});

it('falls back to the family of a code, then to a general word', () => {
  expect(adviceFor('bluetooth.somethingNew')).toBe(ERRORS['bluetooth']);
  expect(adviceFor('nothing.known').remedy).toContain('Load the page again');
});
