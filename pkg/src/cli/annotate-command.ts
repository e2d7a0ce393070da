import { join } from 'node:path';
import { guarded } from '../error.js';
import { recordedOf } from '../files/analyze-record.js';
import type { EcgRecord } from '../files/record.js';
import { resultsModule } from '../load.js';
import { argumentsOf } from './arguments.js';
import { nameOf, tellChecksum, withRecord } from './disk-record.js';
import { Failure } from './failure.js';
import { folderFor, write } from './output.js';

/** `pqrst annotate FILE.. --out DIR [--lead NAME] [--waves] [--csv]` */
export async function annotateCommand(args: readonly string[]): Promise<void> {
  const { files, text, on, open } = argumentsOf(args, { lead: { type: 'string' }, out: { type: 'string' }, csv: { type: 'boolean' }, waves: { type: 'boolean' } });
  if (files.length === 0) throw new Failure(2, 'annotate takes at least one file');
  const out = await folderFor('annotate', text('out'));
  for (const file of files) {
    const content = await withRecord(file, open, async (record) => {
      const marks = await marksOf(record, text('lead'), on('csv') ? 'csv' : on('waves') ? 'waves' : 'beats');
      tellChecksum(file, record);
      return marks;
    });
    await write(join(out, `${nameOf(file)}.${on('csv') ? 'csv' : 'pqrst'}`), content);
  }
}

async function marksOf(record: EcgRecord, lead: string | undefined, what: 'csv' | 'beats' | 'waves'): Promise<Uint8Array | string> {
  const { places, annotations } = resultsModule();
  const recorded = await recordedOf(record, { lead });
  if (what === 'csv') return Array.from(guarded(() => places(recorded)), (place) => `${Math.round(place)}\n`).join('');
  return guarded(() => annotations(recorded, what === 'waves'));
}
