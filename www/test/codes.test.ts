import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { adviceFor, ERRORS } from '../src/patient/words.js';

const source = fileURLToPath(new URL('../../src/', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.rs'));
const codes = new Set(files.flatMap((name) => [...readFileSync(source + name, 'utf8').matchAll(/"((?:bluetooth|transport|device|gatt|session|import)\.[a-zA-Z]+)"/g)].map(([, code = '']) => code)));

it('finds the codes that a session can fail with', () => {
  expect(codes).toContain('bluetooth.cancelled');
  expect(codes).toContain('transport.lost');
});

it.each([...codes])('%s has a cause and a remedy', (code) => {
  const known = ERRORS[code] ?? ERRORS[code.split('.')[0] ?? ''];
  expect(known).toBeDefined();
  expect(adviceFor(code)).toBe(known);
});

it.each([...codes])('%s speaks of no strap to somebody with a blood pressure monitor', (code) => {
  const { cause, remedy } = adviceFor(code, 'cuff');
  expect(`${cause} ${remedy}`).not.toMatch(/strap|moist|clip/i);
});
