import type { Summary } from '../src/summary.js';
import type { BloodPressureSeries, ReadingQuantity, ReadingRow } from '../src/readings.js';
import type { RaisedFlag } from '../src/red-flags.js';
import type { Report } from '../src/report.js';
import type { Context, Finding, NullReason, RhythmLabel, TestKind, Value, VerdictReason } from '../src/value.js';

const value = (number: number | null, algorithm: string, reason: NullReason = 'tooShort'): Value => ({
  value: number,
  reason: number === null ? reason : null,
  evidence: number === null ? null : { startS: 0, endS: 30 },
  algorithm,
});

const finding: Finding = { kind: 'couplet', startS: 12, endS: 14, beats: 2, bpm: null };

const label = (absent: boolean): RhythmLabel => ({
  value: absent ? null : 'normal',
  reason: absent ? 'poorQuality' : null,
  probabilities: absent ? null : { normal: 0.9, af: 0, other: 0.1, noisy: 0 },
  evidence: absent ? null : { startS: 3, endS: 30 },
  algorithm: 'rhythm.label/1',
});

const one = (quantity: ReadingQuantity, value: number): ReadingRow['values'][number] => ({ quantity, value, lowest: value, highest: value });

/** A blood pressure, two minutes before the end. */
export const PRESSURE: ReadingRow = {
  panel: 'bloodPressure',
  values: [one('systolic', 128), one('diastolic', 82), one('pulseRate', 62)],
  count: 1,
  conditions: ['irregularPulse'],
  limits: ['singleReading', 'cuffUnverified'],
  beforeEndS: 120,
};

/** A rested series of two. */
export const SERIES: BloodPressureSeries = {
  mean: { systolic: 183, diastolic: 97, readings: 2, firstBeforeEndS: 190, lastBeforeEndS: 120 },
  counted: 2,
  notCounted: [{ reason: 'disturbed', readings: 1 }],
  algorithm: 'bloodPressure.restedSeries/1',
};

/** Flags of a rate and of a blood pressure. */
export const FLAGS: RaisedFlag[] = [
  { flag: 'rateAbove', priority: 'high', value: 158, limit: 150, evidence: { startS: 4.2, endS: 24 }, algorithm: 'redFlags/1' },
  { flag: 'pressureHigh', priority: 'high', value: 183, limit: 180, evidence: null, algorithm: 'redFlags/1' },
];

/** A summary as the core would make it: `usable`, `retake`, from a `heartRateSensor`, `flagged`: usable and beyond limits of the clinic, or from a `cuff` alone. */
export function summaryOf(kind: string, options: { test: string; simulated?: boolean; context?: Partial<Context> }): Summary {
  if (kind === 'cuff') return cuffOf(summaryOf('retake', options));
  const ok = kind !== 'retake';
  const sensor = kind === 'sensor';
  const long = options.test === 'rest-5min';
  const rate = (number: number, which: string): Value => value(ok ? number : null, `heartRate.${which}/1`, 'poorQuality');
  const measured = (number: number, algorithm: string): Value => value(ok && !sensor ? number : null, algorithm, sensor ? 'noSignal' : 'poorQuality');
  const reasons: VerdictReason[] = ok ? [] : ['motion', 'leadOff'];
  return {
    schema: 'pqrst.summary.v1',
    id: '00112233445566778899aabbccddeeff',
    algorithm: { name: 'pqrst', version: '0.1.0' },
    simulated: options.simulated ?? false,
    test: options.test as TestKind,
    device: { class: sensor ? 'heartRateSensor' : 'chestStrapEcg' },
    lead: sensor ? 'unknown' : 'chestStrapModified',
    durationS: long ? 300 : 30,
    usableS: sensor ? null : ok ? 28 : 4,
    verdict: { kind: ok ? 'usable' : 'retake', reasons },
    heartRate: { meanBpm: rate(72, 'mean'), minBpm: rate(66, 'min'), maxBpm: rate(79, 'max') },
    rhythm: ok
      ? { regularity: 'regular', confidence: 'likely', reason: null, evidence: { startS: 0, endS: 30 }, algorithm: 'rhythm.regularity/1', label: label(sensor), findings: sensor ? [] : [finding] }
      : { regularity: 'cannotSay', confidence: null, reason: 'poorQuality', evidence: null, algorithm: 'rhythm.regularity/1', label: label(true), findings: [] },
    ectopy: { ventricularPerMin: measured(2, 'beats.ventricular/1'), supraventricularPerMin: measured(0, 'beats.supraventricular/1') },
    intervals: {
      prMs: measured(160, 'intervals.pr/1'),
      qrsMs: measured(90, 'intervals.qrs/1'),
      qtMs: measured(390, 'intervals.qt/1'),
      qtcFridericiaMs: measured(410, 'intervals.qtc.fridericia/1'),
      qtcBazettMs: measured(420, 'intervals.qtc.bazett/1'),
      qtcFraminghamMs: measured(410, 'intervals.qtc.framingham/1'),
      qtcHodgesMs: measured(410, 'intervals.qtc.hodges/1'),
      spread: ok && !sensor ? { prMs: 10, qrsMs: 0, qtMs: 20 } : { prMs: null, qrsMs: null, qtMs: null },
    },
    hrv: {
      rmssdMs: value(long ? 41 : null, 'hrv.rmssd/1'),
      pnn50Percent: value(long ? 17 : null, 'hrv.pnn50/1'),
      sd1Ms: value(long ? 29 : null, 'hrv.sd1/1'),
      sd2Ms: value(long ? 66 : null, 'hrv.sd2/1'),
      sdnnMs: value(null, 'hrv.sdnn/1', long ? 'notStationary' : 'tooShort'),
    },
    quality: { usablePercent: sensor ? null : ok ? 93 : 13, reasons: ok ? [{ reason: 'transportGap', seconds: 2 }] : [{ reason: 'motion', seconds: 22 }, { reason: 'leadOff', seconds: 4 }] },
    gaps: ok ? [{ startS: 12.3, durationS: 1.7, cause: 'disconnected', timingUnverified: false }] : [],
    transport: { samplingRateHz: sensor ? null : 130, drift: 'ok', lossPercent: ok ? 6 : 0, reconnects: ok ? 1 : 0, battery: 'ok', contact: 'yes', contactPercent: sensor ? 90 : null },
    readings: ok ? [PRESSURE] : [],
    bloodPressure: kind === 'flagged' ? SERIES : null,
    redFlags: kind === 'flagged' ? FLAGS : [],
    context: { symptoms: 'none', pacemaker: 'no', posture: 'sitting', ...options.context },
    limits: sensor ? ['noWaveform', 'timingUnverified'] : ['singleLead', 'placementUnverified', 'monitorBand', 'noSt'],
  };
}

/** Of a blood pressure monitor alone. */
function cuffOf(summary: Summary): Summary {
  return {
    ...summary,
    device: { class: 'recording' },
    lead: 'unknown',
    durationS: 0,
    usableS: null,
    verdict: { kind: 'noVerdict', reasons: ['noData'] },
    quality: { usablePercent: null, reasons: [] },
    transport: { ...summary.transport, samplingRateHz: null, battery: 'unknown', contact: 'unknown' },
    readings: [PRESSURE, { ...PRESSURE, values: [one('systolic', 183), one('diastolic', 97)], conditions: [], beforeEndS: 0 }],
    bloodPressure: SERIES,
    redFlags: FLAGS.slice(1),
    limits: ['noWaveform'],
  };
}

/** A report around {@link summaryOf}; only what the pages and tests read is filled in. */
export function reportOf(kind: string, options: { test: string; simulated?: boolean; context?: Partial<Context> }): Report {
  const summary = summaryOf(kind, options);
  const absent = value(null, 'hrv.spectrum/1');
  return {
    ...summary,
    schema: 'pqrst.report.v1',
    id: Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(''),
    device: { class: summary.device.class, band: { lowHz: 0.7, highHz: 40 } },
    source: 'ecg',
    nominalSamplingRateHz: 130,
    samplingRateHz: 130.34,
    settledS: 3,
    hrv: { ...summary.hrv, lfMs2: absent, hfMs2: absent, lfHf: absent, recipe: 'pqrst', rejectedPercent: 0 },
    beats: [],
    waves: [],
    rr: [],
    quality: [],
    motionPercent: null,
    gaps: summary.gaps.map((gap) => ({ ...gap, timingUnverified: false })),
    transport: { frames: 60, badFrames: 0, staleFrames: 0, samples: 3900, samplesLost: 220, gaps: 1, reconnects: 1, trueRateHz: 130.34, driftPpm: 12, disconnectedS: 1.7 },
    batteryPercent: 80,
    contact: 'yes',
    contactPercent: 93.5,
    filters: { highPassHz: null, lowPassHz: 40, notchHz: null },
    summary,
  };
}
