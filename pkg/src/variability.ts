import { guarded, invalid, PqrstError } from './error.js';
import { resultsModule } from './load.js';
import { settings, text as plainText } from './options.js';
import type { Report } from './report.js';
import { recordsModule } from './tools.js';
import type { Value } from './value.js';

/** Named ways from NN intervals to numbers: ours, and what packages do by default. */
export const HRV_RECIPES = ['pqrst', 'hrv-analysis', 'pyhrv', 'systole', 'neurokit'] as const;

/** A name of {@link HRV_RECIPES}. */
export type HrvRecipe = (typeof HRV_RECIPES)[number];

/** `hrv` of a report by a recipe, with the indices that a live test does without. */
export type RecipeHrv = Report['hrv'] & {
  /** Standard deviation of successive differences, from 60 s. */
  sdsdMs: Value;
  /** HRV triangular index, from 20 minutes. */
  triangularIndex: Value;
  /** Sample entropy, from five minutes. */
  sampleEntropy: Value;
  /** Short-term exponent of detrended fluctuation analysis, from five minutes. */
  dfaAlpha1: Value;
  /** Share of intervals that were mended, 0 to 100; null when none was to be. */
  correctedPercent: number | null;
};

/** How often somebody breathes, from the heights of R waves and the intervals. */
export interface Respiration {
  /** Breaths a minute; `unclearWave` where neither shows one rate. */
  perMinute: Value;
  /** Share of minutes that show it, weighed by how little chance explains it, 0 to 1; null without a rate. */
  confidence: number | null;
}

/** Settings of {@link hrvByRecipe}. */
export interface RecipeOptions {
  /** `pqrst` by default. */
  recipe?: HrvRecipe;
  /** Mends artefacts (Lipponen and Tarvainen 2019) in place of leaving ectopic intervals out. */
  correct?: boolean;
}

/**
 * Variability of a report by another recipe. What may not be told stays null with its reason. Loads the module of records
 * when called for the first time.
 *
 * @throws {PqrstError} `argument.invalid` for a recipe that does not exist.
 */
export async function hrvByRecipe(report: Pick<Report, 'hrv' | 'rr'>, options: RecipeOptions = {}): Promise<RecipeHrv> {
  const { recipe, correct } = settings(options);
  const { hrv, rr } = settings(report, 'report');
  const { hrvByRecipe: byRecipe } = await recordsModule();
  return guarded(() => byRecipe(hrv, rr, plainText(recipe ?? 'pqrst', 'recipe'), Boolean(correct)));
}

/** Breathing of a report, at least half a minute long. Loads a module of its own when called for the first time. */
export async function respirationOf(report: Pick<Report, 'beats' | 'rr'>): Promise<Respiration> {
  const { respirationOf: of } = await recordsModule();
  if (!Array.isArray(report?.beats) || !report.beats.every((beat) => typeof beat === 'object' && beat !== null)) throw invalid('report is a report');
  const beats = report.beats.map(({ timeS, amplitudeUv, class: from }) => ({ timeS, amplitudeUv, class: from }));
  return guarded(() => of(beats, report.rr));
}

/**
 * The report of a plain list of RR intervals: one number a line in milliseconds or seconds, a head and lines that begin
 * with `#` left out. No waveform is seen, so that there is no verdict on a signal.
 *
 * @throws {PqrstError} `rrList.empty`, `rrList.notANumber`, `rrList.unit` or `rrList.tooLong`.
 */
export async function analyzeRr(text: string): Promise<Report> {
  const { recordedRr } = await recordsModule();
  return guarded(() => resultsModule().report(recordedRr(plainText(text, 'text'), randomId())));
}

/** 128 random bits, 32 lower-case hex digits. */
function randomId(): string {
  if (typeof globalThis.crypto?.getRandomValues !== 'function') {
    throw new PqrstError('host.noRandomness', 'the platform has no crypto.getRandomValues');
  }
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
