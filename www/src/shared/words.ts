import type { Contact, DeviceClass, FindingKind, GapCause, Lead, Limit, NullReason, QualityReason, RedFlag, TestKind, VerdictReason } from 'pqrst';

/** Sentences that every page shows. */
export const SENTENCES = {
  emergency: 'This is no emergency service. It cannot detect a heart attack or a stroke.',
  feeling: 'Feeling unwell matters more than this result.',
  unwatched: 'No one is watching this recording.',
  notice: 'Not cleared as a medical device; whoever puts it into service answers for it.',
} as const;

/** Lengths of the tests. */
export const TEST: Record<TestKind, string> = {
  'rest-30s': '30 seconds at rest',
  'rest-5min': '5 minutes at rest',
  monitor: 'open-ended recording',
  recording: 'existing recording',
};

/** What the device is, as far as it may be told. */
export const DEVICE: Record<DeviceClass, string> = {
  chestStrapEcg: 'Chest strap with ECG',
  ecgMonitor: 'ECG monitor',
  heartRateSensor: 'Heart-rate sensor (rate and intervals, no ECG)',
  recording: 'Recording from a file',
};

/** The lead, never called lead I or II for a strap. */
export const LEAD: Record<Lead, string> = {
  chestStrapModified: 'chest strap, modified lead, placement unverified',
  fromFile: 'as named in the file',
  unknown: 'unknown',
};

/** Reasons against a stretch of signal, for a clinician. */
export const QUALITY: Record<QualityReason, string> = {
  leadOff: 'no contact',
  saturation: 'amplifier at its limit',
  motion: 'movement or muscle tension',
  mains: 'mains hum',
  transportGap: 'samples lost on the radio link',
  noise: 'noise',
};

/** Reasons against a whole recording, for a clinician. */
export const VERDICT_REASON: Record<VerdictReason, string> = {
  ...QUALITY,
  tooShort: 'too short',
  noData: 'no data',
  noIntervals: 'the device sends neither ECG nor intervals',
  retakesExhausted: 'repeated twice with the same faults',
};

/** Why a number is missing. */
export const NULL_REASON: Record<NullReason, string> = {
  tooShort: 'recording too short for it',
  tooFewBeats: 'too few beats',
  poorQuality: 'signal not good enough',
  noSignal: 'no signal',
  irregular: 'no meaning while irregular',
  ectopic: 'too many corrected beats',
  pacemaker: 'withheld with a pacemaker or ICD',
  notStationary: 'rate not steady enough',
  wideQrs: 'no meaning with wide QRS complexes',
  unclearWave: 'waves missing or unclear in too many beats',
};

/** What was found in the rhythm, for a clinician. */
export const FINDING: Record<FindingKind, string> = {
  pause: 'no beat for more than 2 s',
  longPause: 'no beat for more than 3 s',
  noBeats: 'no beat for more than 4 s in readable signal',
  veryFast: 'above 150 a minute, sustained',
  fast: 'above 100 a minute, sustained',
  slow: 'below 50 a minute, sustained',
  verySlow: 'below 40 a minute, sustained',
  rapidIrregular: 'above 110 a minute and irregular, sustained',
  bigeminy: 'bigeminy',
  trigeminy: 'trigeminy',
  couplet: 'ventricular couplet',
  ventricularRun: 'ventricular run',
  supraventricularCouplet: 'supraventricular couplet',
  supraventricularRun: 'supraventricular run',
};

/** What lies beyond a limit of the clinic, for a clinician, and the unit of its numbers. */
export const RED_FLAG: Record<RedFlag, [name: string, unit: string]> = {
  rateAbove: ['Heart rate above the limit, sustained', 'bpm'],
  rateBelow: ['Heart rate below the limit, sustained', 'bpm'],
  pause: ['No beat for longer than the limit', 's'],
  wideRun: ['Ventricular beats in a row', 'beats'],
  rapidIrregular: ['Rapid and irregular, sustained', 'bpm'],
  pressureHigh: ['Blood pressure above the limit', 'mmHg'],
  pressureLow: ['Blood pressure below the limit', 'mmHg'],
};

/** Why samples are missing. */
export const GAP: Record<GapCause, string> = {
  framesLost: 'frames lost on the radio link',
  disconnected: 'strap disconnected',
  sourceHole: 'hole in the source',
};

/** What the measurement cannot show. */
export const LIMIT: Record<Limit, string> = {
  singleLead: 'One lead only',
  placementUnverified: 'Electrode placement unverified',
  monitorBand: 'Monitor band, not the diagnostic band',
  noSt: 'ST segment not assessed',
  timingUnverified: 'Timing of gaps rests on arrival times',
  noWaveform: 'No waveform: rates come from the sensor itself',
  pulseIntervals: 'Intervals are between pulses that an optical sensor sees, not heart beats',
  pacerPulses: 'Pacemaker pulses may be counted as beats at this sampling rate: check the rate on the trace',
};

/** Contact of the electrodes. */
export const CONTACT: Record<Contact, string> = { yes: 'yes', no: 'no', unknown: 'not reported by the strap' };

/** A word for a code, or the code itself where a newer sender uses one that this page does not know. */
export function word<K extends string>(table: Record<K, string>, code: string): string {
  return (table as Record<string, string | undefined>)[code] ?? code;
}

/** A length of time in words: `12 s`, `4 min`, `3 h`, `2 days`. */
export function ago(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 90) return `${s} s`;
  const min = Math.round(s / 60);
  if (min < 90) return `${min} min`;
  const hours = Math.round(min / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
