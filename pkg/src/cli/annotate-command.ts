import { join } from 'node:path';
import { guarded } from '../error.js';
import type { EcgRecord } from '../files/record.js';
import { tools } from '../tools.js';
import { argumentsOf } from './arguments.js';
import { nameOf, withRecord } from './disk-record.js';
import { Failure } from './failure.js';
import { folderFor, write } from './output.js';

/** `pqrst annotate FILE.. --out DIR [--lead NAME] [--csv]` */
export async function annotateCommand(args: readonly string[]): Promise<void> {
  const { files, text, on, open } = argumentsOf(args, { lead: { type: 'string' }, out: { type: 'string' }, csv: { type: 'boolean' } });
  if (files.length === 0) throw new Failure(2, 'annotate takes at least one file');
  const out = await folderFor('annotate', text('out'));
  for (const file of files) {
    const content = await withRecord(file, open, (record) => beatsOf(record, text('lead'), on('csv')));
    await write(join(out, `${nameOf(file)}.${on('csv') ? 'csv' : 'pqrst'}`), content);
  }
}

async function beatsOf(record: EcgRecord, lead: string | undefined, csv: boolean): Promise<Uint8Array | string> {
  const { PeakFinder } = await tools();
  const finder = guarded(() => new PeakFinder(record.lead(lead).samplingRateHz));
  try {
    for (const block of record.blocks(lead)) finder.push(block);
    finder.finish();
    return csv ? Array.from(finder.places(), (place) => `${Math.round(place)}\n`).join('') : finder.annotations();
  } finally {
    finder.free();
  }
}
