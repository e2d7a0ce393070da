import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readFileSync(`${root}pkg/README.md`, 'utf8');
const FAMILIES = 'analysis|export|bluetooth|transport|device|gatt|session|samplingRate|argument|import|rrList|internal|host|wasm|send|fhir';

/** Every error code that the sources name. */
function codes(folder: string, ending: string): string[] {
  const names = readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending));
  const pattern = new RegExp(`["']((?:${FAMILIES})\\.[a-z][A-Za-z]+)["']`, 'g');
  return names.flatMap((name) => [...readFileSync(`${root}${folder}/${name}`, 'utf8').matchAll(pattern)].map(([, code = '']) => code));
}

const all = [...new Set([...codes('src', '.rs'), ...codes('pkg/src', '.ts')])].sort();

it('finds the codes', () => {
  for (const code of ['bluetooth.cancelled', 'send.timeout', 'wasm.load']) expect(all).toContain(code);
});

it.each(all)('%s stands in the README', (code) => {
  expect(readme).toContain(`\`${code}\``);
});
