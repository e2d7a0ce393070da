import type { Summary, Value } from 'pqrst';
import { CONTACT, DEVICE, GAP, LEAD, LIMIT, NULL_REASON, QUALITY, TEST, VERDICT_REASON, word } from '../shared/words.js';

/** One line of what is sent: what it is, and what it says. */
export type Line = [label: string, text: string];

const YES_NO: Record<string, string> = { yes: 'yes', no: 'no', unsure: 'not sure', notAsked: 'not asked' };

/** Lines that belong together. */
export interface Group {
  title: string;
  lines: Line[];
}

/** Everything that will be sent, line by line, read from the summary itself. */
export function payload(summary: Summary, visitId: string): Group[] {
  return [
    { title: 'The recording', lines: recording(summary) },
    { title: 'Your heartbeat', lines: numbers(summary) },
    { title: 'The signal', lines: signal(summary) },
    { title: 'Your answers', lines: answers(summary) },
    { title: 'Labels', lines: labels(summary, visitId) },
  ];
}

function recording({ test, durationS, usableS, verdict, device, lead }: Summary): Line[] {
  const reasons = verdict.reasons.map((reason) => word(VERDICT_REASON, reason)).join(', ');
  const kind = { usable: 'usable', retake: 'not usable, worth repeating', noVerdict: 'cannot be judged' }[verdict.kind];
  return [
    ['Test', word(TEST, test)],
    ['Recorded', `${durationS} seconds`],
    ['Usable', usableS === null ? 'not known for this device' : `${usableS} seconds`],
    ['Judgement of the recording', reasons ? `${kind} (${reasons})` : kind],
    ['Kind of device', word(DEVICE, device.class)],
    ['Place of the electrodes', word(LEAD, lead)],
  ];
}

function numbers({ heartRate, rhythm, hrv }: Summary): Line[] {
  const regularity = { regular: 'no irregularity found', irregular: 'irregular', cannotSay: 'cannot be said' }[rhythm.regularity];
  const certainty = [rhythm.confidence, rhythm.reason === null ? null : word(NULL_REASON, rhythm.reason)].filter(Boolean);
  return [
    ['Heart rate, mean', shown(heartRate.meanBpm, 'beats a minute')],
    ['Heart rate, lowest', shown(heartRate.minBpm, 'beats a minute')],
    ['Heart rate, highest', shown(heartRate.maxBpm, 'beats a minute')],
    ['Regularity of the beats', [regularity, ...certainty].join(', ')],
    ['Variability, RMSSD', shown(hrv.rmssdMs, 'ms')],
    ['Variability, pNN50', shown(hrv.pnn50Percent, '%')],
    ['Variability, SD1', shown(hrv.sd1Ms, 'ms')],
    ['Variability, SD2', shown(hrv.sd2Ms, 'ms')],
    ['Variability, SDNN', shown(hrv.sdnnMs, 'ms')],
    ...origins([...Object.values(heartRate), rhythm, ...Object.values(hrv)]),
  ];
}

/** From which stretches of the recording, and by which methods, each once. */
function origins(values: Pick<Value, 'evidence' | 'algorithm'>[]): Line[] {
  const stretches = values.flatMap(({ evidence }) => (evidence ? [`${evidence.startS} to ${evidence.endS} s`] : []));
  return [
    ['Computed from', [...new Set(stretches)].join(', ') || 'nothing'],
    ['Methods', [...new Set(values.map(({ algorithm }) => algorithm))].join(', ')],
  ];
}

function signal({ quality, gaps, transport, limits }: Summary): Line[] {
  const disturbed = quality.reasons.map(({ reason, seconds }) => `${word(QUALITY, reason)} ${seconds} s`).join(', ');
  const holes = gaps.map((gap) => `${gap.durationS} s at ${gap.startS} s (${word(GAP, gap.cause)}${gap.timingUnverified ? ', length estimated' : ''})`).join('; ');
  return [
    ['Usable share of the signal', quality.usablePercent === null ? 'not known for this device' : `${quality.usablePercent} %`],
    ['Disturbances', disturbed || 'none'],
    ['Missing parts', holes || 'none'],
    ['Samples a second', transport.samplingRateHz === null ? 'none' : String(transport.samplingRateHz)],
    ['Clock of the strap', { ok: 'steady', poor: 'not steady', unknown: 'not known' }[transport.drift]],
    ['Lost by radio', `${transport.lossPercent} %`],
    ['Reconnected', transport.reconnects === 1 ? 'once' : `${transport.reconnects} times`],
    ['Battery of the strap', { ok: 'fine', low: 'low', unknown: 'not known' }[transport.battery]],
    ['Skin contact', word(CONTACT, transport.contact)],
    ['Limits of the test', limits.map((limit) => word(LIMIT, limit)).join('; ') || 'none'],
  ];
}

function answers({ context }: Summary): Line[] {
  return [
    ['Symptoms', { none: 'none', present: 'present', notAsked: 'not asked' }[context.symptoms]],
    ['Pacemaker or ICD', word(YES_NO, context.pacemaker)],
    ['Posture', context.posture === 'notAsked' ? 'not asked' : context.posture],
  ];
}

function labels({ algorithm, simulated, id, schema }: Summary, visitId: string): Line[] {
  return [
    ['Demonstration', simulated ? 'yes, simulated data' : 'no'],
    ['Visit number (stands in for your name)', visitId],
    ['Number of this result (random)', id],
    ['Computed by', `${algorithm.name} ${algorithm.version} (${schema})`],
    ['Time', 'only how long ago the recording ended'],
  ];
}

function shown({ value, reason }: Value, unit: string): string {
  return value === null ? `not given: ${reason === null ? 'unknown' : word(NULL_REASON, reason)}` : `${value} ${unit}`;
}
