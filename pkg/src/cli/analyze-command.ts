import { readFile } from 'node:fs/promises';
import { PqrstError } from '../error.js';
import { analyzeRecord } from '../files/analyze-record.js';
import type { EcgRecord } from '../files/record.js';
import { judgeLeads, type JudgedLead, type LeadsVerdict } from '../leads.js';
import type { Report } from '../report.js';
import { analyzeRr, HRV_RECIPES, hrvByRecipe, respirationOf, type RecipeOptions } from '../variability.js';
import { argumentsOf } from './arguments.js';
import { nameOf, tellChecksum, withRecord } from './disk-record.js';
import { Failure } from './failure.js';
import { printed } from './printed.js';

/** `pqrst analyze FILE [--lead NAME] [--all-leads] [--hrv-recipe NAME] [--hrv-correct] [--json]`, or `--rr FILE` */
export async function analyzeCommand(args: readonly string[]): Promise<void> {
  const { files, text, on, open } = argumentsOf(args, {
    lead: { type: 'string' },
    'all-leads': { type: 'boolean' },
    rr: { type: 'string' },
    'hrv-recipe': { type: 'string' },
    'hrv-correct': { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const [file] = files;
  const list = text('rr');
  const recipe = recipeOf(text('hrv-recipe'), on('hrv-correct'));
  const print = async (name: string, lead: string, found: Report, judged?: Judged): Promise<void> => {
    const report = { ...found, hrv: await hrvByRecipe(found, recipe), respiration: await respirationOf(found) };
    process.stdout.write(on('json') ? `${JSON.stringify({ ...report, ...judged }, null, 2)}\n` : printed(name, lead, report, judged));
  };
  if (list !== undefined) {
    if (file !== undefined || text('lead') !== undefined || on('all-leads')) throw new Failure(2, '--rr takes one list and no record');
    return print(nameOf(list), '', await intervalsOf(list));
  }
  if (file === undefined || files.length > 1) throw new Failure(2, 'analyze takes one file');
  await withRecord(file, open, async (record) => {
    const { name } = record.lead(text('lead'));
    const report = await analyzeRecord(record, { lead: text('lead') });
    tellChecksum(file, record);
    await print(nameOf(file), name, report, on('all-leads') ? await judge(record) : undefined);
  });
}

interface Judged {
  leads: JudgedLead[];
  leadsVerdict: LeadsVerdict;
}

function judge(record: EcgRecord): Promise<Judged> {
  return judgeLeads(record.leads.map((lead, place) => ({ ...lead, samplesUv: record.samplesUv(place) })));
}

function recipeOf(name: string | undefined, correct: boolean): RecipeOptions {
  const recipe = HRV_RECIPES.find((known) => known === (name ?? 'pqrst'));
  if (recipe === undefined) throw new Failure(2, `--hrv-recipe is ${HRV_RECIPES.join(', ')}`);
  return { recipe, correct };
}

async function intervalsOf(path: string): Promise<Report> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Failure(3, `${path} cannot be read`);
  });
  return analyzeRr(text).catch((thrown: unknown) => {
    if (!(thrown instanceof PqrstError) || !thrown.code.startsWith('rrList.')) throw thrown;
    throw new Failure(3, `${path}: ${thrown.message} [${thrown.code}]`);
  });
}
