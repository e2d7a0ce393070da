import { analyzeRecord } from '../files/analyze-record.js';
import { argumentsOf } from './arguments.js';
import { nameOf, withRecord } from './disk-record.js';
import { Failure } from './failure.js';
import { printed } from './printed.js';

/** `pqrst analyze FILE [--lead NAME] [--json]` */
export async function analyzeCommand(args: readonly string[]): Promise<void> {
  const { files, text, on, open } = argumentsOf(args, { lead: { type: 'string' }, json: { type: 'boolean' } });
  const [file] = files;
  if (file === undefined || files.length > 1) throw new Failure(2, 'analyze takes one file');
  await withRecord(file, open, async (record) => {
    const { name } = record.lead(text('lead'));
    const report = await analyzeRecord(record, { lead: text('lead') });
    process.stdout.write(on('json') ? `${JSON.stringify(report, null, 2)}\n` : printed(nameOf(file), name, report));
  });
}
