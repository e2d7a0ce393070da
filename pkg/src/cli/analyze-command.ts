import { analyze } from '../analyze.js';
import { PqrstError } from '../error.js';
import { judgeLeads } from '../leads.js';
import { argumentsOf } from './arguments.js';
import { Failure } from './failure.js';
import { printed } from './printed.js';
import { readLeads, readRecord } from './record.js';

/** `pqrst analyze FILE.hea [--lead NAME] [--all-leads] [--json]` */
export async function analyzeCommand(args: readonly string[]): Promise<void> {
  const { files, text, on } = argumentsOf(args, {
    lead: { type: 'string' },
    'all-leads': { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const [file] = files;
  if (file === undefined || files.length > 1) throw new Failure(2, 'analyze takes one file');
  const record = await readRecord(file, text('lead'));
  const leads = on('all-leads') ? await readLeads(file) : [];
  try {
    const report = analyze(record.samplesUv, { samplingRateHz: record.samplingRateHz, lead: record.name });
    const judged = on('all-leads') ? await judgeLeads(leads) : undefined;
    process.stdout.write(
      on('json')
        ? `${JSON.stringify({ ...report, ...judged }, null, 2)}\n`
        : printed(record.record, record.name, report, judged),
    );
  } catch (thrown) {
    if (!(thrown instanceof PqrstError)) throw thrown;
    throw new Failure(3, `${file}: ${thrown.message}`);
  }
}
