import type { Summary, Value } from 'pqrst';
import { conditions, limits, numbers as readingNumbers, PANEL, seriesMean, seriesReadings, taken } from '../shared/readings.js';
import { CONTACT, DEVICE, FINDING, GAP, LEAD, LIMIT, NULL_REASON, QUALITY, RED_FLAG, TEST, VERDICT_REASON, word } from '../shared/words.js';

/** One line of what is sent: what it is, and what it says. */
export type Line = [label: string, text: string];

const YES_NO: Record<string, string> = { yes: 'yes', no: 'no', unsure: 'not sure', notAsked: 'not asked' };

/** Lines that belong together. */
export interface Group {
  title: string;
  /** Of interest to experts only: shown after a press. */
  technical: boolean;
  lines: Line[];
}

/** Everything that will be sent, line by line, read from the summary itself. */
export function payload(summary: Summary, visitId: string): Group[] {
  return [
    { title: 'The recording', technical: false, lines: recording(summary) },
    // Of home tests alone every line of it says that there is nothing.
    { title: 'Your heartbeat', technical: !hasHeart(summary), lines: numbers(summary) },
    ...(summary.readings.length === 0 && !summary.bloodPressure ? [] : [{ title: 'Your home tests', technical: false, lines: readings(summary) }]),
    { title: 'Your answers', technical: false, lines: answers(summary) },
    { title: 'The signal and the strap', technical: true, lines: signal(summary) },
    { title: 'Labels and methods', technical: true, lines: [...labels(summary, visitId), ...origins(summary)] },
  ];
}

/** Whether anything that sends a heart signal took part. */
function hasHeart({ durationS, device }: Pick<Summary, 'durationS' | 'device'>): boolean {
  return durationS !== 0 || device.class !== 'recording';
}

function recording({ test, durationS, usableS, verdict, device, lead }: Summary): Line[] {
  const reasons = verdict.reasons.map((reason) => word(VERDICT_REASON, reason)).join(', ');
  const kind = { usable: 'usable', retake: 'not usable, worth repeating', noVerdict: 'cannot be judged' }[verdict.kind];
  return [
    ['Test', word(TEST, test)],
    ['Recorded', `${durationS} seconds`],
    ['Usable', usableS === null ? 'not known for this device' : `${usableS} seconds`],
    ['Judgement of the recording', reasons ? `${kind}; ${verdict.kind === 'usable' ? 'disturbed in part' : 'because of'}: ${reasons}` : kind],
    ['Kind of device', hasHeart({ durationS, device }) ? word(DEVICE, device.class) : 'none that sends a heart signal'],
    ['Place of the electrodes', word(LEAD, lead)],
  ];
}

function numbers(summary: Summary): Line[] {
  const { heartRate, rhythm, hrv } = summary;
  const regularity = { regular: 'no irregularity found', irregular: 'irregular', cannotSay: 'cannot be said' }[rhythm.regularity];
  const sure = rhythm.confidence !== null && rhythm.regularity === 'regular' ? `${rhythm.confidence} regular` : rhythm.confidence;
  const certainty = [sure, rhythm.reason === null ? null : word(NULL_REASON, rhythm.reason)].filter(Boolean);
  return [
    ['Heart rate, mean', shown(heartRate.meanBpm, 'beats a minute')],
    ['Heart rate, lowest', shown(heartRate.minBpm, 'beats a minute')],
    ['Heart rate, highest', shown(heartRate.maxBpm, 'beats a minute')],
    ['Regularity of the beats', [regularity, ...certainty].join(', ')],
    ...rhythmLines(summary),
    ...variability(hrv),
  ];
}

/** The words for a rhythm, by their numbers. */
const HINTS: readonly (string | null)[] = ['normal', 'af', 'other', 'noisy'];

/** Marks by their numbers. */
const RED_FLAGS = Object.keys(RED_FLAG);

/** Hints on the rhythm are named to the clinician, who can explain them; here they are numbers. */
function rhythmLines({ rhythm: { label, findings }, redFlags, ectopy, intervals }: Summary): Line[] {
  const { value, probabilities, reason } = label;
  const chances = probabilities === null ? '' : `; chances of 1 to 4: ${[probabilities.normal, probabilities.af, probabilities.other, probabilities.noisy].join(', ')}`;
  const hint = value === null ? `not given: ${reason === null ? 'unknown' : word(NULL_REASON, reason)}` : `number ${HINTS.indexOf(value) + 1}`;
  const places = findings.map(
    ({ kind, startS, endS, beats, bpm }) =>
      `number ${Object.keys(FINDING).indexOf(kind) + 1} from ${startS} to ${endS} s, ${beats} beats${bpm === null ? '' : `, ${bpm} a minute`}`,
  );
  return [
    ['Hint on the rhythm, for your clinician to explain', `${hint}${chances}`],
    ['Places for your clinician to look at', places.join('; ') || 'none'],
    ['Marks for your clinician to look at first', redFlags.map(mark).join('; ') || 'none'],
    ['Extra beats from the lower chambers', shown(ectopy.ventricularPerMin, 'a minute')],
    ['Early beats from the upper chambers', shown(ectopy.supraventricularPerMin, 'a minute')],
    ['PR interval', shown(intervals.prMs, 'ms')],
    ['QRS duration', shown(intervals.qrsMs, 'ms')],
    ['QT interval', shown(intervals.qtMs, 'ms')],
    ['QT, corrected for the rate (four formulas)', [intervals.qtcFridericiaMs, intervals.qtcBazettMs, intervals.qtcFraminghamMs, intervals.qtcHodgesMs].map((value) => shown(value, 'ms')).join('; ')],
    ['How much the beats differ in PR, QRS and QT', [intervals.spread.prMs, intervals.spread.qrsMs, intervals.spread.qtMs].map((ms) => (ms === null ? 'not given' : `${ms} ms`)).join(', ')],
  ];
}

/** What lies beyond a limit is named to the clinician; here it is a number. */
function mark({ flag, priority, value, limit, evidence }: Summary['redFlags'][number]): string {
  const place = evidence === null ? '' : `, from ${evidence.startS} to ${evidence.endS} s`;
  return `number ${RED_FLAGS.indexOf(flag) + 1}, order ${priority === 'high' ? 1 : priority === 'medium' ? 2 : priority}: ${value} against ${limit}${place}`;
}

function readings(summary: Summary): Line[] {
  const rows = summary.readings.map((row): Line => [
    word(PANEL, row.panel),
    [readingNumbers(row), taken(row), conditions(row), `limits: ${limits(row)}`].filter(Boolean).join('; '),
  ]);
  const series = summary.bloodPressure;
  return series ? [['Blood pressure, all together', seriesMean(series)], ['How your readings count', seriesReadings(series)], ...rows] : rows;
}

/** One line for each measure, or a single one when all are missing for the same reason. */
function variability({ rmssdMs, pnn50Percent, sd1Ms, sd2Ms, sdnnMs }: Summary['hrv']): Line[] {
  const measures: [name: string, value: Value, unit: string][] = [['RMSSD', rmssdMs, 'ms'], ['pNN50', pnn50Percent, '%'], ['SD1', sd1Ms, 'ms'], ['SD2', sd2Ms, 'ms'], ['SDNN', sdnnMs, 'ms']];
  const texts = new Set(measures.map(([, value, unit]) => shown(value, unit)));
  const [text = ''] = texts;
  if (texts.size === 1 && measures.every(([, { value }]) => value === null)) return [[`Variability (${measures.map(([name]) => name).join(', ')})`, text]];
  return measures.map(([name, value, unit]) => [`Variability, ${name}`, shown(value, unit)]);
}

/** From which stretches of the recording, and by which methods, each once. */
function origins({ heartRate, rhythm, ectopy, intervals, hrv, bloodPressure, redFlags }: Summary): Line[] {
  const { spread: _, ...lengths } = intervals;
  const all = [heartRate, hrv, ectopy, lengths].flatMap((group) => Object.values(group));
  const values: Pick<Value, 'evidence' | 'algorithm'>[] = [...all, rhythm, rhythm.label];
  const stretches = values.flatMap(({ evidence }) => (evidence ? [`${evidence.startS} to ${evidence.endS} s`] : []));
  return [
    ['Parts of the recording that the numbers come from', [...new Set(stretches)].join(', ') || 'none'],
    ['Methods of the numbers', [...new Set([...values, ...(bloodPressure ? [bloodPressure] : []), ...redFlags].map(({ algorithm }) => algorithm))].join(', ')],
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
    ['Connected again', { 0: 'never', 1: 'once' }[transport.reconnects] ?? `${transport.reconnects} times`],
    ['Battery of the strap', { ok: 'fine', low: 'low', unknown: 'not known' }[transport.battery]],
    ['Skin contact', `${word(CONTACT, transport.contact)}${transport.contactPercent === null ? '' : `, ${transport.contactPercent} % of the time`}`],
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
    ['Program', `${algorithm.name} ${algorithm.version} (${schema})`],
    ['Time', 'only how long ago the recording ended'],
  ];
}

function shown({ value, reason }: Value, unit: string): string {
  return value === null ? `not given: ${reason === null ? 'unknown' : word(NULL_REASON, reason)}` : `${value} ${unit}`;
}
