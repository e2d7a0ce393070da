import { guarded, PqrstError } from '../error.js';
import { resultsModule, wasm } from '../load.js';
import { given } from '../options.js';
import type { RedFlagLimits } from '../red-flags.js';
import type { Report } from '../report.js';
import type { EcgRecord } from './record.js';

/** Settings of {@link analyzeRecord}. */
export interface AnalyzeRecordOptions {
  /** The lead's name; the first ECG lead by default. */
  lead?: string;
  /** The clinic's own limits of red flags. */
  redFlags?: RedFlagLimits;
  /** Told how much has been analysed, 0 to 1. */
  onProgress?: (progress: number) => void;
  /** Ends the analysis with `analysis.cancelled`. */
  signal?: AbortSignal;
}

/** How long it works before the page gets a turn. */
const TURN_MS = 30;

/**
 * Analyses a lead of a record of any length, block by block; the page gets its turns in between. In a worker it has none
 * to give, and files are read from the disk piece by piece.
 *
 * @throws {PqrstError} `import.…` when the file breaks off, `analysis.cancelled`.
 */
export async function analyzeRecord(record: EcgRecord, options: AnalyzeRecordOptions = {}): Promise<Report> {
  const recorded = await recordedOf(record, options);
  return guarded(() => resultsModule().report(recorded, options.redFlags && given(options.redFlags)));
}

/** What the report of {@link analyzeRecord} is made of. */
export async function recordedOf(record: EcgRecord, options: AnalyzeRecordOptions = {}): Promise<string> {
  const { lead, onProgress, signal } = options;
  const { name, samplingRateHz } = record.lead(lead);
  const core = guarded(() => new (wasm().AnalysisCore)(samplingRateHz, name !== ''));
  try {
    let since = performance.now();
    for (const block of record.blocks(lead)) {
      guarded(() => core.push(block));
      if (performance.now() - since < TURN_MS) continue;
      onProgress?.(record.progress);
      // A turn for the page: its clicks may cancel.
      await new Promise((resolve) => setTimeout(resolve));
      if (signal?.aborted) throw new PqrstError('analysis.cancelled', 'the analysis was cancelled');
      since = performance.now();
    }
    onProgress?.(1);
    return guarded(() => core.finish());
  } finally {
    core.free();
  }
}
