import { expect, it } from 'vitest';
import { summaryOf } from '../../pkg/test/canned.js';
import { KEPT_MS, UnsentResults, type Box, type Shelf, type Unsent } from '../src/patient/unsent.js';

const TOKEN = 'A'.repeat(43);
const OTHER = 'B'.repeat(43);
const ENDED = 1_000_000;
const result: Unsent = { summary: summaryOf('usable', { test: 'rest-30s' }), id: 'c'.repeat(32), endedMs: ENDED };

class Memory implements Shelf {
  readonly boxes = new Map<string, Box>();
  all = async (): Promise<Box[]> => [...this.boxes.values()];
  put = async (box: Box): Promise<void> => void this.boxes.set(box.name, box);
  remove = async (name: string): Promise<void> => void this.boxes.delete(name);
}

it('gives back what was kept to the same invitation', async () => {
  const shelf = new Memory();
  expect(await new UnsentResults(TOKEN, shelf).keep(result)).toBe(true);
  expect(await new UnsentResults(TOKEN, shelf).find(ENDED + 1)).toEqual(result);
});

it('gives nothing to another invitation, even under the right name', async () => {
  const shelf = new Memory();
  await new UnsentResults(TOKEN, shelf).keep(result);
  await new UnsentResults(OTHER, shelf).keep({ ...result, id: 'd'.repeat(32) });
  const [mine, theirs] = [...shelf.boxes.values()];
  shelf.boxes.clear();
  await shelf.put({ ...mine!, name: theirs!.name });
  expect(await new UnsentResults(OTHER, shelf).find(ENDED + 1)).toBeNull();
});

it('stores neither the token nor anything of the summary in the clear', async () => {
  const shelf = new Memory();
  await new UnsentResults(TOKEN, shelf).keep(result);
  const [box] = shelf.boxes.values();
  const stored = `${box!.name}${Buffer.from(box!.sealed).toString('latin1')}`;
  for (const plain of [TOKEN, 'pqrst.summary', 'heartRate', result.id]) expect(stored).not.toContain(plain);
});

it('forgets when told to, and after its time for every invitation', async () => {
  const shelf = new Memory();
  const kept = new UnsentResults(TOKEN, shelf);
  await kept.keep(result);
  expect(await new UnsentResults(OTHER, shelf).find(ENDED + KEPT_MS - 1)).toBeNull();
  expect(shelf.boxes.size).toBe(1);
  expect(await new UnsentResults(OTHER, shelf).find(ENDED + KEPT_MS)).toBeNull();
  expect(shelf.boxes.size).toBe(0);
  await kept.keep(result);
  await kept.forget();
  expect(shelf.boxes.size).toBe(0);
});

it('says so when nothing can be kept', async () => {
  const full: Shelf = { all: () => Promise.reject(new Error('no')), put: () => Promise.reject(new Error('full')), remove: () => Promise.reject(new Error('no')) };
  const kept = new UnsentResults(TOKEN, full);
  expect(await kept.keep(result)).toBe(false);
  expect(await kept.find()).toBeNull();
  await kept.forget();
});
