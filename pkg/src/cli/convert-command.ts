import { join } from 'node:path';
import type { RecordFormat } from '../files/record.js';
import { argumentsOf } from './arguments.js';
import { tellChecksum, withRecord } from './disk-record.js';
import { Failure } from './failure.js';
import { folderFor, write } from './output.js';

const FORMATS: readonly RecordFormat[] = ['wfdb', 'edf', 'csv'];

/** What WFDB allows in a record's name. */
const NAME = /^[A-Za-z0-9_]{1,20}$/;

/**
 * `pqrst convert FILE.. --to wfdb|edf|csv --out DIR [--name NAME]`
 *
 * The files are called `record`, not as the ones they come from: those are often called after the patient.
 */
export async function convertCommand(args: readonly string[]): Promise<void> {
  const { files, text, open } = argumentsOf(args, { to: { type: 'string' }, out: { type: 'string' }, name: { type: 'string' } });
  if (files.length === 0) throw new Failure(2, 'convert takes at least one file');
  const to = FORMATS.find((format) => format === text('to'));
  if (to === undefined) throw new Failure(2, 'convert needs --to wfdb, --to edf or --to csv');
  const name = text('name') ?? 'record';
  if (!NAME.test(name)) throw new Failure(2, '--name takes up to 20 letters, digits and underscores');
  const out = await folderFor('convert', text('out'));
  for (const [i, file] of files.entries()) {
    const own = i === 0 ? name : `${name}_${i + 1}`;
    const written = await withRecord(file, open, (record) => record.convert(to, own));
    tellChecksum(file, written);
    for (const [part, bytes] of written.files) {
      await write(join(out, part), bytes);
      process.stdout.write(`${join(out, part)}\n`);
    }
    if (written.roundingUv > 0) process.stderr.write(`pqrst: ${own} was rounded by up to ${written.roundingUv.toPrecision(2)} uV\n`);
  }
}
