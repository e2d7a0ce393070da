import { guarded, invalid } from './error.js';
import { number, samples } from './options.js';
import { tools } from './tools.js';
import type { Verdict, VerdictReason } from './value.js';

/** One lead of a record, in microvolts; NaN marks samples that are missing. */
export interface LeadSamples {
  /** The lead's name, as the file gives it. */
  name: string;
  samplingRateHz: number;
  samplesUv: Float32Array;
}

/** The judgement on one lead by itself. */
export interface JudgedLead {
  /** The lead's name, as the file gives it. */
  name: string;
  /** Whether enough of it can be read. */
  usable: boolean;
  /** Mean score of its windows, from 0 (unreadable) to 1 (clean). */
  score: number;
  /** What it lost time to, the costliest first. */
  reasons: VerdictReason[];
}

/** The verdict on all leads together. */
export interface LeadsVerdict {
  /** Whether the record is good enough, or to be repeated. */
  kind: Verdict['kind'];
  /** What the most leads suffer from first; empty when usable. */
  reasons: VerdictReason[];
  /**
   * `jointLeads`: eight leads or more, judged together 10 s by 10 s by a fitted model.
   * `bestLead`: fewer; the record is as good as its best lead.
   */
  rule: 'jointLeads' | 'bestLead';
  /** Share of the record that was accepted, from 0 to 1. */
  accepted: number;
}

/**
 * Judges the quality of several leads recorded at the same time: each by itself, and the record as a whole.
 *
 * @throws {PqrstError} when a sampling rate cannot be used.
 */
export async function judgeLeads(leads: readonly LeadSamples[]): Promise<{ leads: JudgedLead[]; leadsVerdict: LeadsVerdict }> {
  if (!Array.isArray(leads) || !leads.every((lead) => typeof lead === 'object' && lead !== null)) throw invalid('leads is an array of objects');
  const { LeadsCore } = await tools();
  return guarded(() => {
    const core = new LeadsCore();
    try {
      const judged = leads.map(({ name, samplesUv, samplingRateHz }) => ({ name, ...core.push(samples(samplesUv, 'samplesUv'), number(samplingRateHz, 'samplingRateHz')) }));
      return { leads: judged, leadsVerdict: core.verdict() };
    } finally {
      core.free();
    }
  });
}
