import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { summaryOf } from '../../pkg/test/canned.js';

const text = readFileSync(new URL('../../docs/schemas/summary.v1.json', import.meta.url), 'utf8');
const isSummary = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(text) as object);

// What the pages are tested with must be what the library makes.
it.each(['usable', 'retake', 'sensor', 'flagged', 'cuff'])('a page test with a summary of kind %s uses a real one', (kind) => {
  isSummary(summaryOf(kind, { test: 'rest-30s' }));
  expect(isSummary.errors ?? []).toEqual([]);
});

it('a summary with one field more is none', () => {
  expect(isSummary({ ...summaryOf('usable', { test: 'rest-30s' }), name: 'x' })).toBe(false);
});
