import type { BloodPressureSeries, ReadingRow } from './readings.js';
import type { RaisedFlag } from './red-flags.js';
import type {
  Algorithm,
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

/**
 * The only thing that may leave the browser: rounded, relative times only, no field that could hold an identity.
 * A pure function of the {@link Report}. It is pseudonymised, and health data again on arrival.
 */
export interface Summary {
  /** Name and version of this form. */
  schema: 'pqrst.summary.v1';
  /** 128 random bits, 32 lower-case hex digits, made once per recording. */
  id: string;
  /** The program that computed it. */
  algorithm: Algorithm;
  /** True when any part of the signal came from a simulator. */
  simulated: boolean;
  /** What was asked for. */
  test: TestKind;
  /** The class of the device; never its name or number. */
  device: { class: DeviceClass };
  /** The lead, as far as it can be known. */
  lead: Lead;
  /** Whole seconds. */
  durationS: number;
  /** Whole seconds of usable signal; null when the device sends no waveform. */
  usableS: number | null;
  /** Whether the recording can be used. */
  verdict: Verdict;
  /** Whole beats a minute. */
  heartRate: { meanBpm: Value; minBpm: Value; maxBpm: Value };
  /** Whether the beats come regularly, a word for the rhythm, and the first 12 findings in whole seconds. */
  rhythm: Rhythm;
  /** Whole ectopic beats a minute. */
  ectopy: Ectopy;
  /** PR, QRS and QT to 10 ms. */
  intervals: Intervals;
  /** Whole milliseconds and percent. */
  hrv: { rmssdMs: Value; pnn50Percent: Value; sd1Ms: Value; sd2Ms: Value; sdnnMs: Value };
  /** Whole percent of usable signal, null without a waveform, and whole seconds of each disturbance. */
  quality: { usablePercent: number | null; reasons: { reason: QualityReason; seconds: number }[] };
  /** The longest, at most 16, in order of time; places and lengths to 0.1 s. `timingUnverified`: the length rests on arrival times. */
  gaps: { startS: number; durationS: number; cause: GapCause; timingUnverified: boolean }[];
  /** Coarse classes: exact figures would tell one strap from another. */
  transport: {
    samplingRateHz: number | null;
    drift: 'ok' | 'poor' | 'unknown';
    lossPercent: number;
    reconnects: number;
    battery: 'ok' | 'low' | 'unknown';
    contact: Contact;
    /** Share of the time with skin contact in steps of 10 %; null where the device does not tell. */
    contactPercent: number | null;
  };
  /** Readings of home tests, at most the latest 12, the oldest first; rounded to whole units or tenths, without height. */
  readings: ReadingRow[];
  /** The rested series of blood pressures; null where there was none. */
  bloodPressure: BloodPressureSeries | null;
  /** What lies beyond a limit of the clinic, by priority; only from signal of good quality. */
  redFlags: RaisedFlag[];
  /** What the patient answered. */
  context: Context;
  /** What this recording cannot show. */
  limits: Limit[];
}
