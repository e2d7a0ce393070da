import type { BloodPressureMean, NotCounted, ReadingCondition, ReadingLimit, ReadingPanel, ReadingQuantity } from './readings.js';
import type { BeatClass, Contact, GapCause, NullReason, QualityReason } from './value.js';

/**
 * Where a session stands. `idle` before anything; `choosing` a device in the browser's chooser; `connecting`;
 * `contact`: waiting for electrodes to touch; `settling`: the strap's start-up transient; `recording`;
 * `reconnecting` after the link dropped; `finished`: the asked-for time is recorded; `failed`: it cannot go on.
 * `code` says why a state was entered, where there is a why: `idle` with `bluetooth.cancelled`, `failed` with `transport.lost`.
 */
export type SessionState =
  | 'idle'
  | 'choosing'
  | 'connecting'
  | 'contact'
  | 'settling'
  | 'recording'
  | 'reconnecting'
  | 'finished'
  | 'failed';

/** Samples in microvolts; `startS` is the place of the first one in the record. */
export interface Samples {
  /** Microvolts; NaN where a sample is missing. */
  samplesUv: Float32Array;
  /** Place of the first sample in the record, in seconds. */
  startS: number;
  /** Samples a second, as measured so far. */
  samplingRateHz: number;
}

/** What must be carried out on a foreign transport (one that enters by `pushNotification`). */
export interface DeviceCommand {
  /** `disconnect` asks for a fresh link; `wait` for nothing but time. */
  kind: 'write' | 'subscribe' | 'read' | 'disconnect' | 'wait';
  /** The `source` under which the device was pushed. */
  source: string;
  /** Lower-case 128-bit UUID; absent for `disconnect` and `wait`. */
  service?: string;
  /** Lower-case 128-bit UUID; absent for `disconnect` and `wait`. */
  characteristic?: string;
  /** What to write; only for `write`. */
  bytes?: Uint8Array;
}

/** A reading of a home test, ready for a FHIR Observation. It says neither who was measured nor when by any calendar. */
export interface Reading {
  panel: ReadingPanel;
  /** LOINC code of the panel, or of its one observation. */
  loinc: string;
  /** The numbers, the main one first, with the codes of LOINC and UCUM. */
  values: { quantity: ReadingQuantity; loinc: string; unit: string; value: number }[];
  /** What the device says about how it measured. */
  conditions: ReadingCondition[];
  /** What the method cannot promise; to be stated wherever the numbers are shown. */
  limits: ReadingLimit[];
  /** How old it was when it arrived; null for one that was being taken. */
  ageS: number | null;
  /** When it arrived, on the clock of `performance.now()`. */
  receivedMs: number;
}

/** The events of a {@link Session} and what their `detail` holds. */
export interface SessionEventDetails {
  /** Progress through the test; `code` says why it failed. */
  state: { state: SessionState; code?: string };
  /** ECG at once and exactly as received. */
  ecg: Samples;
  /** ECG through the filters, later, with their delay taken out. */
  filtered: Samples;
  /**
   * A beat. `rrMs` is the time since the one before; null after a gap or for the first. `confidence` is the probability that it is a
   * beat; most are told within a quarter of a second, one that is told more than half a second after it is `late`.
   */
  beat: { id: number; timeS: number; rrMs: number | null; confidence: number; late: boolean };
  /**
   * The class of an earlier beat, by its `id`: told once the beats after it are known, some seconds later. `confidence` is the
   * probability of the class.
   */
  beatClass: { id: number; class: BeatClass; confidence: number };
  /**
   * Current heart rate in beats a minute: over the last ten seconds of ECG, or the device's own. It is told again with every beat or
   * message: one that is not renewed for some seconds is old. `bpm` is null once the ECG tells no rate any more; `reason` says why.
   */
  heartRate: { bpm: number | null; reason: NullReason | null; source: 'ecg' | 'device' };
  /**
   * Quality of one window of signal, 0 to 1, with reasons when it is low. `moving`: whether the body moved in it, by acceleration;
   * null where that is not known.
   */
  quality: { startS: number; durationS: number; score: number; usable: boolean; reasons: QualityReason[]; moving: boolean | null };
  /** The body began to move, or came to rest: of a Polar strap, where {@link SessionOptions.motion} asked for it. */
  motion: { moving: boolean };
  /** Samples that did not arrive. `timingUnverified`: the length rests on arrival times. */
  gap: { startS: number; durationS: number; cause: GapCause; timingUnverified: boolean };
  /** Charge of a device, 0 to 100. `beside`: of another one than that which the record is made from, such as an oximeter beside a strap. */
  battery: { percent: number; beside: boolean };
  /** Whether electrodes touch skin; `beside` as with `battery`. */
  contact: { contact: Contact; beside: boolean };
  /** A reading of a home test: the patient's own, and of now. */
  reading: Reading;
  /**
   * Where the rested series of a blood pressure monitor stands: told when the monitor is linked, and after each reading. `next` is what
   * to do: `rest` until `atMs`, then measure; `measureAgain` not before `atMs`; `done`. `atMs` is on the clock of `performance.now()`.
   * `notCounted` says why the reading just taken does not count; `mean` is there once the series is done.
   */
  bloodPressure: {
    next: 'rest' | 'measureAgain' | 'done';
    atMs: number | null;
    counted: number;
    notCounted: NotCounted | null;
    mean: BloodPressureMean | null;
  };
  /** A reading that was left out, because it may not be the patient's or not of today; `code` says why. */
  readingLeftOut: { code: 'reading.userNotChosen' | 'reading.otherUser' | 'reading.stored' | 'reading.clockUnknown' };
  /** See {@link DeviceCommand}. */
  command: DeviceCommand;
  /** Seconds recorded of the seconds asked for; `durationS` of an open-ended test is not finite. */
  progress: { elapsedS: number; durationS: number };
}

/** Name of an event of a {@link Session}. */
export type SessionEventName = keyof SessionEventDetails;

/** A session's events by name, as `CustomEvent`s. */
export type SessionEventMap = { [K in SessionEventName]: CustomEvent<SessionEventDetails[K]> };
