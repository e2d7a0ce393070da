import type { SessionEventDetails } from 'pqrst';
import { expect, it } from 'vitest';
import { CuffGuide } from '../src/patient/cuff.js';
import { COUNTS_NOT, LEFT_OUT, LOOKED_AT_FIRST } from '../src/patient/words.js';

type Step = SessionEventDetails['bloodPressure'];
const step = (next: Step['next'], atMs: number | null, notCounted: Step['notCounted'] = null): Step => ({ next, atMs, counted: 0, notCounted, mean: null });
const said = (guide: CuffGuide, atMs: number): [string, string, string] => {
  const guidance = guide.at(atMs);
  return [guidance?.title ?? '', guidance?.count ?? '', guidance?.note ?? ''];
};

it('says nothing before a cuff is linked', () => {
  expect(new CuffGuide().at(0)).toBeNull();
});

it('counts down to the first reading, then to the next, and ends', () => {
  const guide = new CuffGuide();
  guide.tell(step('rest', 300_000));
  expect(said(guide, 0)).toEqual(['Sit still', 'First reading in 5:00', '']);
  expect(said(guide, 240_500)).toEqual(['Sit still', 'First reading in 1:00', '']);
  expect(said(guide, 300_000)).toEqual(['Measure now', '', '']);
  guide.tell(step('measureAgain', 400_000));
  expect(said(guide, 391_000)).toEqual(['Wait a moment', 'Measure again in 0:09', '']);
  expect(said(guide, 400_001)).toEqual(['Measure again', '', '']);
  guide.tell(step('done', null));
  expect(said(guide, 400_002)).toEqual(['Done', '', '']);
});

it('says why a reading does not count, until one does', () => {
  const guide = new CuffGuide();
  guide.tell(step('rest', 300_000, 'disturbed'));
  expect(said(guide, 0)[2]).toBe(COUNTS_NOT.disturbed);
  guide.leftOut('reading.otherUser');
  expect(said(guide, 0)[2]).toBe(LEFT_OUT['reading.otherUser']);
  guide.tell(step('measureAgain', 300_000));
  expect(said(guide, 0)[2]).toBe('');
});

it('frightens nobody', () => {
  const words = [...Object.values(COUNTS_NOT), ...Object.values(LEFT_OUT), LOOKED_AT_FIRST].join(' ');
  expect(words).not.toMatch(/\b(high|low|danger|risk|urgent|alarm|abnormal|normal|hypertens|emergency|red flag|limit)/i);
});
