import { analyzeRecord } from '../files/analyze-record.js';
import type { EcgRecord } from '../files/record.js';
import { judgeLeads, type JudgedLead, type LeadsVerdict } from '../leads.js';
import { argumentsOf } from './arguments.js';
import { nameOf, withRecord } from './disk-record.js';
import { Failure } from './failure.js';
import { printed } from './printed.js';

/** `pqrst analyze FILE [--lead NAME] [--all-leads] [--json]` */
export async function analyzeCommand(args: readonly string[]): Promise<void> {
  const { files, text, on, open } = argumentsOf(args, {
    lead: { type: 'string' },
    'all-leads': { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const [file] = files;
  if (file === undefined || files.length > 1) throw new Failure(2, 'analyze takes one file');
  await withRecord(file, open, async (record) => {
    const { name } = record.lead(text('lead'));
    const report = await analyzeRecord(record, { lead: text('lead') });
    const judged = on('all-leads') ? await judge(record) : undefined;
    process.stdout.write(on('json') ? `${JSON.stringify({ ...report, ...judged }, null, 2)}\n` : printed(nameOf(file), name, report, judged));
  });
}

function judge(record: EcgRecord): Promise<{ leads: JudgedLead[]; leadsVerdict: LeadsVerdict }> {
  return judgeLeads(record.leads.map((lead, place) => ({ ...lead, samplesUv: record.samplesUv(place) })));
}
