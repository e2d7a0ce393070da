/** What the wasm module exports, as this package uses it. The module is built from `src/wasm`. */
import type { JudgedLead, LeadsVerdict } from './leads.js';
import type { RedFlagLimits } from './red-flags.js';
import type { Report, ReportBeat } from './report.js';
import type { Summary } from './summary.js';
import type { RecipeHrv, Respiration } from './variability.js';
import type { Bundle } from './fhir.js';
import type { Context } from './value.js';
import type { FileSet } from './files/file-set.js';
import type { Conversion, EcgMark } from './files/record.js';

/** Construction of a session core; checked in Rust. */
export interface CoreOptions {
  test: string;
  context?: Partial<Context>;
  simulated?: boolean;
  retakes?: number;
  motion?: boolean;
}

/** An event that waits in the core. */
export interface CoreEvent {
  type: string;
  detail: object;
}

/** The session's Rust half. Every method only queues events; nothing calls back except `wake`. */
export interface SessionCore {
  pushNotification(service: string, characteristic: string, bytes: Uint8Array, receivedMs: number, source?: string): void;
  pushConnected(services: string[], receivedMs: number, source?: string): void;
  pushDisconnected(receivedMs: number, source?: string): void;
  pushSamples(samples: Float32Array, rate: number, startS?: number): void;
  /** Rejects, or throws when there are more devices than anybody wears. */
  connect(bluetooth: object, another: boolean): Promise<void>;
  disconnect(): Promise<void>;
  tick(nowMs: number): void;
  /** What the report is made of, for the module of results. */
  finish(): string;
  /** An input for the module of rarer devices, behind the number of its device; answered by `remoteSaid`. */
  nextRemote(): Uint8Array | undefined;
  remoteSaid(link: number, answer?: Uint8Array): void;
  /** Whether a device is behind a transport that is not ours. */
  isForeign(link: number): boolean;
  drain(): CoreEvent[];
  free(): void;
}

/** What was chosen for rarer devices; checked in Rust. */
export interface RemoteDeviceOptions {
  user?: number;
  history?: boolean;
  clock?: object;
  board?: object;
  movesenseRateHz?: number;
  movesenseMicrovolts?: boolean;
}

/** The Rust half of a rarer device: bytes in, bytes out. */
export interface RemoteDeviceCore {
  handle(input: Uint8Array): Uint8Array;
  free(): void;
}

/** The exports of the module of rarer devices. */
export interface DevicesExports {
  RemoteDeviceCore: new (options: RemoteDeviceOptions, foreign: boolean) => RemoteDeviceCore;
}

/** A notification of a virtual device. */
export interface CoreNotification {
  service: string;
  characteristic: string;
  bytes: Uint8Array;
  receivedMs: number;
}

/** Construction of a virtual device; checked in Rust. */
export interface VirtualStrapCoreOptions {
  device: string;
  samplesUv: Float32Array;
  samplingRateHz: number;
  lossRate?: number;
  jitterMs?: number;
  driftPpm?: number;
  seed?: number;
  moves?: [fromS: number, toS: number][];
  /** Year, month, day, hour, minute, second. */
  clock?: number[];
}

/** The virtual device's Rust half: bytes in, bytes out. */
export interface VirtualStrapCore {
  services(): string[];
  characteristics(service: string): { uuid: string; properties: string[] }[];
  connect(nowMs: number): void;
  disconnect(nowMs: number): void;
  write(service: string, characteristic: string, bytes: Uint8Array): void;
  read(service: string, characteristic: string): Uint8Array;
  subscribe(service: string, characteristic: string): void;
  unsubscribe(service: string, characteristic: string): void;
  poll(nowMs: number): CoreNotification[];
  free(): void;
}

/** A record that the wasm module reads from a set of files. */
export interface RecordCore {
  readonly format: string;
  readonly progress: number;
  readonly checksumAgrees: boolean | undefined;
  leads(): string[];
  samplingRatesHz(): Float64Array;
  find(lead?: string): number | undefined;
  start(lead: number): void;
  next(): Float32Array | undefined;
  marks(): EcgMark[];
  convert(format: string, name: string): Conversion;
  free(): void;
}

/** Runs the whole pipeline over blocks of samples. */
export interface AnalysisCore {
  push(samples: Float32Array): void;
  /** What the report is made of, for the module of results. */
  finish(): string;
  free(): void;
}

/** Leads of one record, judged together by the wasm module. */
export interface LeadsCore {
  push(samples: Float32Array, rate: number): Omit<JudgedLead, 'name'>;
  verdict(): LeadsVerdict;
  free(): void;
}

/** Settings of the synthetic ECG. */
export interface SynthCoreOptions {
  samplingRateHz: number;
  durationS: number;
  heartRateBpm: number;
  seed: number;
  noiseUv?: number;
}

/** The exports of the main module. */
export interface WasmExports {
  SessionCore: new (options: CoreOptions, wake: () => void) => SessionCore;
  AnalysisCore: new (rate: number, named: boolean) => AnalysisCore;
  /** Takes the file of weights; refuses one of another version. */
  giveWeights(file: Uint8Array): void;
}

/** The exports of the module that makes reports, Bundles and annotation files. */
export interface ResultsExports {
  /** The report of what the main module recorded, by the usual limits of red flags or a clinic's own. */
  report(recorded: string, redFlags?: RedFlagLimits): Report;
  /** Throws where these limits would let no report be made. */
  checkRedFlags(redFlags?: RedFlagLimits): void;
  places(recorded: string): Float64Array;
  annotations(recorded: string, waves: boolean): Uint8Array;
  toFhir(summary: Summary, visitId: string, id: string): Bundle;
}

/** The exports of the module for lists of intervals and recipes. */
export interface RecordsExports {
  /** What the report of a list is made of, for the module of results. */
  recordedRr(list: string, id: string): string;
  respirationOf(beats: Pick<ReportBeat, 'timeS' | 'amplitudeUv' | 'class'>[], rr: Report['rr']): Respiration;
  hrvByRecipe(hrv: Report['hrv'], rr: Report['rr'], recipe: string, correct: boolean): RecipeHrv;
}

/** The exports of the module for virtual straps and several leads. */
export interface ToolsExports {
  VirtualStrapCore: new (options: VirtualStrapCoreOptions) => VirtualStrapCore;
  LeadsCore: new () => LeadsCore;
  synth(options: SynthCoreOptions): Float32Array;
}

/** The exports of the module for record files. */
export interface FilesExports {
  RecordCore: new (
    files: FileSet,
    name: string,
    rateHz: number | undefined,
    unit: string | undefined,
    gain: number | undefined,
    columns: Uint32Array,
  ) => RecordCore;
  firstFile(files: FileSet, names: string[]): string | undefined;
}
