import { guarded } from './error.js';
import { resultsModule, wasm } from './load.js';
import { given, number, samples, settings } from './options.js';
import type { RedFlagLimits } from './red-flags.js';
import type { Report } from './report.js';

/** Settings of {@link analyze}. */
export interface AnalyzeOptions {
  /** Samples a second. Refused where nothing can be computed from it. */
  samplingRateHz: number;
  /** The lead's name, as the file or the device gives it. */
  lead?: string;
  /** The clinic's own limits of red flags. */
  redFlags?: RedFlagLimits;
}

/**
 * Analyses a whole recording at once. Any input gets an answer: noise, silence or one second of data yield a report
 * whose verdict says why nothing can be read.
 *
 * @param samplesUv The ECG in microvolts; NaN marks samples that are missing.
 * @throws {PqrstError} when the sampling rate cannot be used.
 */
export function analyze(samplesUv: Float32Array, options: AnalyzeOptions): Report {
  return guarded(() => {
    const rate = number(settings(options).samplingRateHz, 'samplingRateHz');
    const all = samples(samplesUv, 'samplesUv');
    const core = new (wasm().AnalysisCore)(rate, options.lead !== undefined);
    try {
      core.push(all);
      return resultsModule().report(core.finish(), options.redFlags && given(options.redFlags));
    } finally {
      core.free();
    }
  });
}
