import type { Summary } from './summary.js';
import type {
  Algorithm,
  Contact,
  Context,
  DeviceClass,
  GapCause,
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
  id: number;
  timeS: number;
  sample: number;
  amplitudeUv: number;
}

/** An RR interval, and whether it counts for variability. */
export interface ReportInterval {
  /** When the closing beat happened. */
  endS: number;
  rrMs: number;
  /** Who measured it: this library from the ECG, or the device. */
  source: 'ecg' | 'device';
  /** Why it does not count; null when it does. */
  rejected: 'outOfRange' | 'ectopic' | 'poorQuality' | null;
}

/** The judgement over one window of signal; `score` from 0 (unreadable) to 1 (clean). */
export interface ReportQuality {
  startS: number;
  durationS: number;
  score: number;
  usable: boolean;
  reasons: QualityReason[];
}

/** A hole in the record. `timingUnverified`: its length rests on arrival times, not on the device's clock. */
export interface ReportGap {
  startS: number;
  durationS: number;
  cause: GapCause;
  timingUnverified: boolean;
}

/** How the link behaved, exactly. Stays in the browser; the summary carries classes. */
export interface ReportTransport {
  frames: number;
  badFrames: number;
  staleFrames: number;
  samples: number;
  samplesLost: number;
  gaps: number;
  reconnects: number;
  /** Measured sampling rate on the device's clock. */
  trueRateHz: number | null;
  /** Device clock against this machine's clock. */
  driftPpm: number | null;
  disconnectedS: number;
}

/** Everything that was found. It stays in the browser; {@link Report.summary} is what may leave. */
export interface Report {
  schema: 'pqrst.report.v1';
  /** 128 random bits, 32 lower-case hex digits. */
  id: string;
  algorithm: Algorithm;
  simulated: boolean;
  test: TestKind;
  device: { class: DeviceClass; band: { lowHz: number; highHz: number } | null };
  /** Where the rates come from: the ECG or the device's own beats. */
  source: 'ecg' | 'device';
  lead: Lead;
  nominalSamplingRateHz: number | null;
  /** Measured. */
  samplingRateHz: number | null;
  /** What passed before the judged part began, while the signal settled. */
  settledS: number;
  durationS: number;
  usableS: number | null;
  verdict: Verdict;
  heartRate: { meanBpm: Value; minBpm: Value; maxBpm: Value };
  rhythm: Rhythm;
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
  beats: ReportBeat[];
  intervals: ReportInterval[];
  quality: ReportQuality[];
  gaps: ReportGap[];
  transport: ReportTransport;
  batteryPercent: number | null;
  contact: Contact;
  context: Context;
  filters: { highPassHz: number | null; lowPassHz: number; notchHz: number | null } | null;
  limits: Limit[];
  summary: Summary;
}
