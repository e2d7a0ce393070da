import type { Contact, GapCause, QualityReason } from './value.js';

/**
 * Where a session stands. `idle` before anything; `choosing` a device in the browser's chooser; `connecting`;
 * `contact`: waiting for electrodes to touch; `settling`: the strap's start-up transient; `recording`;
 * `reconnecting` after the link dropped; `finished`: the asked-for time is recorded; `failed`: see `code`.
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
  samplesUv: Float32Array;
  startS: number;
  samplingRateHz: number;
}

/** What must be carried out on a foreign transport (one that enters by `pushNotification`). */
export interface DeviceCommand {
  kind: 'write' | 'subscribe' | 'read';
  /** Lower-case 128-bit UUID. */
  service: string;
  /** Lower-case 128-bit UUID. */
  characteristic: string;
  /** What to write; empty for the other kinds. */
  bytes: Uint8Array;
}

/** The events of a {@link Session} and what their `detail` holds. */
export interface SessionEventDetails {
  /** Progress through the test; `code` says why it failed. */
  state: { state: SessionState; code?: string };
  /** ECG at once and exactly as received. */
  ecg: Samples;
  /** ECG through the filters, later, with their delay taken out. */
  filtered: Samples;
  /** A beat. `rrMs` is the time since the one before; null after a gap or for the first. */
  beat: { id: number; timeS: number; rrMs: number | null };
  /** Current heart rate; null when the last one is too old to show. */
  heartRate: { bpm: number | null; source: 'ecg' | 'device' };
  /** Signal quality just now, 0 to 1, with reasons when it is low. */
  quality: { score: number; reasons: QualityReason[] };
  /** Samples that did not arrive. */
  gap: { startS: number; durationS: number; cause: GapCause };
  /** Charge of the device, 0 to 100. */
  battery: { percent: number };
  /** Whether electrodes touch skin. */
  contact: { contact: Contact };
  /** See {@link DeviceCommand}. */
  command: DeviceCommand;
  /** Seconds recorded of the seconds asked for; `durationS` is null for an open-ended test. */
  progress: { elapsedS: number; durationS: number | null };
}

/** Name of an event of a {@link Session}. */
export type SessionEventName = keyof SessionEventDetails;

/** A session's events by name, as `CustomEvent`s. */
export type SessionEventMap = { [K in SessionEventName]: CustomEvent<SessionEventDetails[K]> };
