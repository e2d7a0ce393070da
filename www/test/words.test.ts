import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

// Words that the product never uses of itself: they promise what it does not do.
const NEVER = [/detects?\s+(AF\b|a(trial)?[\s-]+fib)/i, /clinical[\s-]grade/i, /HIPAA[\s-]compliant/i, /\banonym(ous|ised|ized)/i, /\bmonitors\b/i, /\bsafe\b/i, /\bdiagnos(is|es|e)\b/i];
// The places that list these words in order to forbid them.
const LISTS = /never written/i;
const SKIPPED = new Set(['node_modules', 'dist', '.vitest', '.vite']);

const root = fileURLToPath(new URL('../../', import.meta.url));

function files(path: string): string[] {
  return readdirSync(`${root}${path}`, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const below = `${path}/${entry.name}`;
    if (entry.isDirectory()) return files(below);
    return /\.(ts|mjs|js|css|html|md|json|svg)$/.test(entry.name) && !below.endsWith('words.test.ts') ? [below] : [];
  });
}

const offending = (text: string): string[] =>
  text.split('\n').filter((line) => !LISTS.test(line) && NEVER.some((pattern) => pattern.test(line)));

it('finds what it looks for', () => {
  for (const sentence of ['It detects AF.', 'clinical-grade', 'HIPAA-compliant', 'anonymous data', 'it monitors you', 'it is safe', 'a diagnosis']) {
    expect(offending(sentence)).toEqual([sentence]);
  }
  expect(offending('pseudonymised; rest-30s, monitor; wasm-unsafe-eval; the diagnostic band')).toEqual([]);
});

const pages = [...files('www'), ...files('pkg'), ...files('docs'), ...readdirSync(root).filter((name) => name === 'README.md')];

it('reads pages, package and documents', () => {
  expect(pages).toContain('www/patient/index.html');
  expect(pages).toContain('pkg/README.md');
});

it.each(pages)('%s has none of them', (path) => {
  expect(offending(readFileSync(`${root}${path}`, 'utf8'))).toEqual([]);
});
