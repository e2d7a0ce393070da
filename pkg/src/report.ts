import type { BloodPressureSeries, ReadingRow } from './readings.js';
import type { RaisedFlag } from './red-flags.js';
import type { Summary } from './summary.js';
import type {
  Algorithm,
  BeatClass,
  Contact,
  Context,
  DeviceClass,
  Ectopy,
  GapCause,
  Intervals,
  Lead,
  Limit,
  QualityReason,
  Rhythm,
  TestKind,
  Value,
  Verdict,
} from './value.js';

/** A beat. `id` counts from 0; `sample` may lie between two samples; `amplitudeUv` is over the local baseline, signed. */
export interface ReportBeat {
  /** Counts from 0. */
  id: number;
  /** Seconds since the start of the record. */
  timeS: number;
  /** Place in samples; it may lie between two. */
  sample: number;
  /** Height over the local baseline in microvolts, signed. */
  amplitudeUv: number;
  /** Probability that it is a beat, as it was decided, 0 to 1. */
  confidence: number;
  /** Found later than half a second after it, on second thoughts. */
  late: boolean;
  /** Where it comes from: N sinus node or junction, S premature and supraventricular, V ventricle, F fusion, Q cannot say. */
  class: BeatClass;
  /** Probability of the class, 0 to 1. */
  classConfidence: number;
}

/** The waves of a beat, in seconds since the start of the record. What is null is not there, or unclear. */
export interface ReportWaves {
  /** Id of the beat. */
  beat: number;
  pOnsetS: number | null;
  pPeakS: number | null;
  pEndS: number | null;
  qrsOnsetS: number | null;
  qrsEndS: number | null;
  tOnsetS: number | null;
  tPeakS: number | null;
  tEndS: number | null;
}

/** An RR interval, and whether it counts for variability. */
export interface ReportRr {
  /** When the closing beat happened. */
  endS: number;
  /** Time since the beat before, in milliseconds. */
  rrMs: number;
  /** Who measured it: this library from the ECG, or the device. */
  source: 'ecg' | 'device';
  /** Why it does not count; null when it does. */
  rejected: 'outOfRange' | 'ectopic' | 'poorQuality' | null;
}

/** The judgement over one window of signal; `score` from 0 (unreadable) to 1 (clean). */
export interface ReportQuality {
  /** Seconds since the start of the record. */
  startS: number;
  /** Length in seconds. */
  durationS: number;
  /** From 0, unreadable, to 1, clean. */
  score: number;
  /** Whether it counts as usable signal. */
  usable: boolean;
  /** What disturbs it; empty when nothing does. */
  reasons: QualityReason[];
  /** Whether the body moved in it, by the device's acceleration; null where that is not known. */
  moving: boolean | null;
}

/** A hole in the record. `timingUnverified`: its length rests on arrival times, not on the device's clock. */
export interface ReportGap {
  /** Seconds since the start of the record. */
  startS: number;
  /** Length in seconds. */
  durationS: number;
  /** Why the samples are missing. */
  cause: GapCause;
  /** The length rests on arrival times, not on the device's clock. */
  timingUnverified: boolean;
}

/** How the link behaved, exactly. Stays in the browser; the summary carries classes. */
export interface ReportTransport {
  /** Frames that arrived and have their place in the record. */
  frames: number;
  /** Frames that could not be decoded. */
  badFrames: number;
  /** Frames that came twice or too late; they are left out. */
  staleFrames: number;
  /** Samples received. */
  samples: number;
  /** Samples that were measured and never arrived. */
  samplesLost: number;
  /** Holes in the record. */
  gaps: number;
  /** How often the link was taken up again. */
  reconnects: number;
  /** Measured sampling rate on the device's clock. */
  trueRateHz: number | null;
  /** Device clock against this machine's clock. */
  driftPpm: number | null;
  /** Seconds without a link. */
  disconnectedS: number;
}

/** Everything that was found. It stays in the browser; {@link Report.summary} is what may leave. */
export interface Report {
  /** Name and version of this form. */
  schema: 'pqrst.report.v1';
  /** 128 random bits, 32 lower-case hex digits. */
  id: string;
  /** The program that computed it. */
  algorithm: Algorithm;
  /** True when any part of the signal came from a simulator. */
  simulated: boolean;
  /** What was asked for. */
  test: TestKind;
  /** What the device is, and the band of its own filter where it is known. */
  device: { class: DeviceClass; band: { lowHz: number; highHz: number } | null };
  /** Where the rates come from: the ECG or the device's own beats. */
  source: 'ecg' | 'device';
  /** The lead, as far as it can be known. */
  lead: Lead;
  /** Samples a second as the device states them; null without a waveform. */
  nominalSamplingRateHz: number | null;
  /** Measured. */
  samplingRateHz: number | null;
  /** What passed before the judged part began, while the signal settled. */
  settledS: number;
  /** Seconds recorded, gaps included. */
  durationS: number;
  /** Seconds of usable signal; null when the device sends no waveform. */
  usableS: number | null;
  /** Whether the recording can be used. */
  verdict: Verdict;
  /** Beats a minute. */
  heartRate: { meanBpm: Value; minBpm: Value; maxBpm: Value };
  /** Whether the beats come regularly, a word for the rhythm, and what was found in it. */
  rhythm: Rhythm;
  /** Ectopic beats a minute. */
  ectopy: Ectopy;
  /** PR, QRS and QT over the recording. */
  intervals: Intervals;
  /** Variability of the intervals that count, by the names of the literature. */
  hrv: {
    rmssdMs: Value;
    pnn50Percent: Value;
    sd1Ms: Value;
    sd2Ms: Value;
    sdnnMs: Value;
    lfMs2: Value;
    hfMs2: Value;
    lfHf: Value;
    /** Name of the settings behind LF and HF. */
    recipe: string;
    /** Share of the intervals that do not count, 0 to 100. */
    rejectedPercent: number | null;
  };
  /** Every beat, in order of time. */
  beats: ReportBeat[];
  /** Onsets, peaks and ends of their waves; a beat without any found has no row. */
  waves: ReportWaves[];
  /** Every RR interval, in order of time. */
  rr: ReportRr[];
  /** The judgement, window by window. */
  quality: ReportQuality[];
  /** Share of the time in windows in which the body moved, percent; null without acceleration. */
  motionPercent: number | null;
  /** The holes, in order of time. */
  gaps: ReportGap[];
  /** How the link behaved. */
  transport: ReportTransport;
  /** Charge of the device, 0 to 100; null when it did not say. */
  batteryPercent: number | null;
  /** Whether electrodes touch skin, as the device said last. */
  contact: Contact;
  /** Share of the time that the device spoke of with skin contact, percent; null where it does not tell. */
  contactPercent: number | null;
  /** Readings of home tests, the oldest first. */
  readings: ReadingRow[];
  /** The rested series of blood pressures; null where there was none. */
  bloodPressure: BloodPressureSeries | null;
  /** What lies beyond a limit of the clinic, by priority; only from signal of good quality. */
  redFlags: RaisedFlag[];
  /** What the patient answered. */
  context: Context;
  /** Corner frequencies of the filters that were used; null without a waveform. */
  filters: { highPassHz: number | null; lowPassHz: number; notchHz: number | null } | null;
  /** What this recording cannot show. */
  limits: Limit[];
  /** The part that may leave the browser. */
  summary: Summary;
}
