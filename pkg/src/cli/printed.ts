import type { JudgedLead, LeadsVerdict } from '../leads.js';
import type { Report } from '../report.js';
import type { Finding, RhythmLabel, Value } from '../value.js';
import type { Respiration } from '../variability.js';

/** A report for a terminal: verdict, rate, regularity, variability, quality, gaps, limits. */
export function printed(
  record: string,
  lead: string,
  report: Report & { respiration: Respiration },
  judged?: { leads: JudgedLead[]; leadsVerdict: LeadsVerdict },
): string {
  const { heartRate, rhythm, ectopy, intervals, hrv, verdict, gaps, quality } = report;
  const usable = report.usableS === null ? '' : `, ${report.usableS.toFixed(1)} of ${report.durationS.toFixed(1)} s usable`;
  const regularity = { regular: 'no irregularity found', irregular: 'irregular', cannotSay: 'cannot say' }[rhythm.regularity];
  const rows: [string, string][] = [
    ['record', report.source === 'ecg' ? `${record}, lead ${lead}, ${report.durationS.toFixed(1)} s at ${report.samplingRateHz ?? '?'} Hz` : `${record}, ${report.rr.length} RR intervals, ${report.durationS.toFixed(1)} s`],
    ['verdict', `${verdict.kind}${verdict.reasons.length > 0 ? ` (${verdict.reasons.join(', ')})` : ''}${usable}`],
    ['heart rate', `mean ${shown(heartRate.meanBpm)}, min ${shown(heartRate.minBpm)}, max ${shown(heartRate.maxBpm)} bpm`],
    ['rhythm', `${regularity}${[rhythm.confidence, rhythm.reason].filter(Boolean).map((word) => `, ${word}`).join('')}`],
    ['hint', hint(rhythm.label)],
    ['findings', findings(rhythm.findings)],
    ['red flags', report.redFlags.map(({ flag, value, limit }) => `${flag} ${Math.round(value * 10) / 10} (limit ${limit})`).join(', ') || 'none'],
    ['ectopic', `${shown(ectopy.ventricularPerMin)} ventricular, ${shown(ectopy.supraventricularPerMin)} supraventricular a minute`],
    ['intervals', `PR ${shown(intervals.prMs)}, QRS ${shown(intervals.qrsMs)}, QT ${shown(intervals.qtMs)}, QTc (Fridericia) ${shown(intervals.qtcFridericiaMs)} ms`],
    ['variability', `RMSSD ${shown(hrv.rmssdMs)} ms, pNN50 ${shown(hrv.pnn50Percent)} %, SDNN ${shown(hrv.sdnnMs)} ms (recipe ${hrv.recipe})`],
    ['breathing', `${shown(report.respiration.perMinute)} a minute`],
    ['beats', `${report.beats.length}`],
    ['quality', `${quality.filter((window) => window.usable).length} of ${quality.length} windows usable`],
    ['gaps', gaps.length === 0 ? 'none' : gaps.map((gap) => `${gap.durationS.toFixed(1)} s at ${gap.startS.toFixed(1)} s (${gap.cause})`).join('; ')],
    ['limits', report.limits.join(', ') || 'none'],
  ];
  if (judged !== undefined) rows.push(...printedLeads(judged.leads, judged.leadsVerdict));
  const notice = 'Hints for a clinician. Not cleared as a medical device.';
  return `${rows.map(([name, text]) => `${name.padEnd(12)}${text}`).join('\n')}\n${notice}\n`;
}

function printedLeads(leads: readonly JudgedLead[], verdict: LeadsVerdict): [string, string][] {
  const because = (reasons: readonly string[]): string => (reasons.length > 0 ? ` (${reasons.join(', ')})` : '');
  return [
    ['all leads', `${verdict.kind}${because(verdict.reasons)}, ${Math.round(100 * verdict.accepted)} % accepted, rule ${verdict.rule}`],
    ...leads.map(({ name, usable, score, reasons }): [string, string] => [
      `  ${name}`,
      `${usable ? 'usable' : 'not usable'}, score ${score.toFixed(2)}${because(reasons)}`,
    ]),
  ];
}

const HINTS = { normal: 'no irregularity found', af: 'irregular, like atrial fibrillation', other: 'another irregularity', noisy: 'too noisy to tell' };

function hint({ value, probabilities, reason }: RhythmLabel): string {
  if (value === null || probabilities === null) return `- (${reason})`;
  return `${HINTS[value]} (${Math.round(100 * probabilities[value])} %)`;
}

/** How many of each kind. */
function findings(all: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of all) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Array.from(counts, ([kind, count]) => `${count} ${kind}`).join(', ') || 'none';
}

function shown({ value, reason }: Value): string {
  return value === null ? `- (${reason})` : String(Math.round(value * 10) / 10);
}
