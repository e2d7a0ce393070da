/**
 * Why a number is missing.
 *
 * `tooShort`: less usable time than the measure needs. `tooFewBeats`: fewer beats than it needs. `poorQuality`: the
 * signal could not be read. `noSignal`: nothing arrived. `irregular`, `ectopic`, `pacemaker`: the measure has no
 * meaning here. `notStationary`: the rate drifted too much over the window. `wideQrs`: QRS complexes are wide, so that the
 * measure has another meaning. `unclearWave`: the wave it is measured from is missing or unclear in too many beats.
 */
export type NullReason =
  | 'tooShort'
  | 'tooFewBeats'
  | 'poorQuality'
  | 'noSignal'
  | 'irregular'
  | 'ectopic'
  | 'pacemaker'
  | 'notStationary'
  | 'wideQrs'
  | 'unclearWave';

/** The stretch of the record a number was computed from, in seconds since its start. */
export interface Evidence {
  /** First second of it. */
  startS: number;
  /** Last second of it. */
  endS: number;
}

/** A number with its origin. Exactly one of `value` and `reason` is set. The unit stands in the name of the field that holds it. */
export interface Value {
  /** The number, or null. Never NaN or infinite. */
  value: number | null;
  /** Why it is null. */
  reason: NullReason | null;
  /** What it was computed from. */
  evidence: Evidence | null;
  /** Name and version of the algorithm, such as `hrv.rmssd/1`. */
  algorithm: string;
}

/** Name and version of the software that computed a report. */
export interface Algorithm {
  /** Name of the program. */
  name: string;
  /** Its version. */
  version: string;
}

/** What was asked for: 30 s at rest, 5 min at rest, open-ended, or a recording that already existed. */
export type TestKind = 'rest-30s' | 'rest-5min' | 'monitor' | 'recording';

/** All that may be known of the device outside this browser. */
export type DeviceClass = 'chestStrapEcg' | 'ecgMonitor' | 'heartRateSensor' | 'recording';

/** The lead, as far as it can be known. A chest strap is never lead I or II. */
export type Lead = 'chestStrapModified' | 'fromFile' | 'unknown';

/** Why a stretch of signal is not usable. Every one is something a patient can act on. */
export type QualityReason = 'leadOff' | 'saturation' | 'motion' | 'mains' | 'transportGap' | 'noise';

/**
 * Why a whole recording is not usable: as for a stretch of it, or because it ended early, nothing arrived, the device
 * sends neither ECG nor intervals, or it was repeated twice with the same faults.
 */
export type VerdictReason = QualityReason | 'tooShort' | 'noData' | 'noIntervals' | 'retakesExhausted';

/** The answer to "can this recording be used?". */
export interface Verdict {
  /** `usable`; `retake`: worth doing again after a change; `noVerdict`: nothing can be said. */
  kind: 'usable' | 'retake' | 'noVerdict';
  /** Why, the strongest first; empty when usable without reservation. */
  reasons: VerdictReason[];
}

/**
 * Where a beat comes from (ANSI/AAMI EC57): `N` sinus node or junction, `S` premature and supraventricular, `V` ventricle, `F`
 * fusion of a ventricular and a normal beat, `Q` cannot say.
 */
export type BeatClass = 'N' | 'S' | 'V' | 'F' | 'Q';

/**
 * A word for the rhythm, by the classes of the PhysioNet/CinC Challenge 2017: `normal` no irregularity found, `af` like atrial
 * fibrillation, `other` another irregularity, `noisy` too noisy to tell. A hint for a clinician; a patient is shown none.
 */
export interface RhythmLabel {
  /** The word, or null. */
  value: 'normal' | 'af' | 'other' | 'noisy' | null;
  /** Why it is null. */
  reason: NullReason | null;
  /** How likely each word is, 0 to 1; null where there is none. */
  probabilities: { normal: number; af: number; other: number; noisy: number } | null;
  /** What it was found in. */
  evidence: Evidence | null;
  /** Name and version of the method. */
  algorithm: string;
}

/**
 * What was found in the rhythm, in signal that can be read. `pause`, `longPause`, `noBeats`: no beat for more than 2, 3 or 4 s.
 * `fast`, `veryFast`, `slow`, `verySlow`: above 100 or 150, below 50 or 40 beats a minute, for 15 s or longer. `rapidIrregular`:
 * likely fibrillation above 110 a minute. `bigeminy`, `trigeminy`: every second or third beat from a ventricle, three times or
 * more. `couplet`, `ventricularRun`: two, three or more such beats in a row; `supraventricularCouplet`, `supraventricularRun`: the
 * same of early beats from above.
 */
export type FindingKind =
  | 'pause'
  | 'longPause'
  | 'noBeats'
  | 'veryFast'
  | 'fast'
  | 'slow'
  | 'verySlow'
  | 'rapidIrregular'
  | 'bigeminy'
  | 'trigeminy'
  | 'couplet'
  | 'ventricularRun'
  | 'supraventricularCouplet'
  | 'supraventricularRun';

/** Something found in the rhythm, with its place in the record. */
export interface Finding {
  /** What. */
  kind: FindingKind;
  /** Where it begins, in seconds. */
  startS: number;
  /** Where it ends. */
  endS: number;
  /** Beats in it. */
  beats: number;
  /** Its rate in beats a minute, where it has one. */
  bpm: number | null;
}

/** Ectopic beats a minute of usable signal: from a ventricle, and premature from above. */
export interface Ectopy {
  ventricularPerMin: Value;
  supraventricularPerMin: Value;
}

/** Medians over the recording, in milliseconds, and how far the beats differ. Estimates, not for decisions on drugs. */
export interface Intervals {
  /** Onset of P to onset of QRS. */
  prMs: Value;
  /** Onset of QRS to its end. */
  qrsMs: Value;
  /** Onset of QRS to the end of T. */
  qtMs: Value;
  /** QT corrected for the rate, by four formulas. */
  qtcFridericiaMs: Value;
  qtcBazettMs: Value;
  qtcFraminghamMs: Value;
  qtcHodgesMs: Value;
  /** Interquartile ranges; null where there is no interval. */
  spread: { prMs: number | null; qrsMs: number | null; qtMs: number | null };
}

/** Regularity of the beats, a word for the rhythm, and what was found in it. */
export interface Rhythm {
  /** What was found. */
  regularity: 'regular' | 'irregular' | 'cannotSay';
  /** How sure that is; null when nothing can be said. */
  confidence: 'likely' | 'possible' | null;
  /** Why nothing can be said. */
  reason: NullReason | null;
  /** What it was found in. */
  evidence: Evidence | null;
  /** Name and version of the method. */
  algorithm: string;
  /** A word for the rhythm. */
  label: RhythmLabel;
  /** What was found in it, in order of time. */
  findings: Finding[];
}

/** Why samples are missing: frames lost on a standing link, no link, or a hole left by the caller. */
export type GapCause = 'framesLost' | 'disconnected' | 'sourceHole';

/** What a measure cannot show; travels with every summary. */
export type Limit = 'singleLead' | 'placementUnverified' | 'monitorBand' | 'noSt' | 'timingUnverified' | 'noWaveform' | 'pulseIntervals' | 'pacerPulses';

/** Electrodes touch skin: known only where the device says so. */
export type Contact = 'yes' | 'no' | 'unknown';

/** Coded context of a test. There is no free text. */
export interface Context {
  /** Symptoms just before the test. */
  symptoms: 'none' | 'present' | 'notAsked';
  /** A pacemaker or an implanted defibrillator. */
  pacemaker: 'yes' | 'no' | 'unsure' | 'notAsked';
  /** Posture during the test. */
  posture: 'sitting' | 'lying' | 'standing' | 'notAsked';
}
