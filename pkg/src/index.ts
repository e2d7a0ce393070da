/**
 * pqrst reads heart devices in the patient's browser, analyses the ECG there, and lets out only a pseudonymised summary.
 *
 * Await {@link load} once. Then {@link analyze} a recording, or run a {@link Session} with a device, and hand
 * `toFhir(report.summary, ...)` to {@link send}.
 */
export { analyze, type AnalyzeOptions } from './analyze.js';
export { PqrstError } from './error.js';
export type { DeviceCommand, Reading, Samples, SessionEventDetails, SessionEventMap, SessionEventName, SessionState } from './events.js';
export { toFhir, type Bundle, type FhirOptions } from './fhir.js';
export { judgeLeads, type JudgedLead, type LeadSamples, type LeadsVerdict } from './leads.js';
export { load, type FileSource, type LoadOptions, type WasmSource } from './load.js';
export type { Report, ReportBeat, ReportGap, ReportRr, ReportQuality, ReportTransport, ReportWaves } from './report.js';
export { send, SendRefused, type OperationOutcome, type SendOptions, type SendResult } from './send.js';
export type { BluetoothLike, DeviceFamily } from './bluetooth.js';
export type {
  BloodPressureMean,
  BloodPressureSeries,
  NotCounted,
  ReadingCondition,
  ReadingLimit,
  ReadingPanel,
  ReadingQuantity,
  ReadingRow,
} from './readings.js';
export type { RaisedFlag, RedFlag, RedFlagLimits } from './red-flags.js';
export type { BoardFormat, DeviceSettings } from './remote.js';
export { Session, type Notification, type SessionOptions } from './session.js';
export type { Summary } from './summary.js';
export { analyzeRr, HRV_RECIPES, hrvByRecipe, respirationOf, type HrvRecipe, type RecipeHrv, type RecipeOptions, type Respiration } from './variability.js';
export type {
  Algorithm,
  BeatClass,
  Contact,
  Context,
  DeviceClass,
  Ectopy,
  Evidence,
  Finding,
  FindingKind,
  GapCause,
  Intervals,
  Lead,
  Limit,
  NullReason,
  QualityReason,
  Rhythm,
  RhythmLabel,
  TestKind,
  Value,
  Verdict,
  VerdictReason,
} from './value.js';
