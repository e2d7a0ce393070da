import { guarded } from './error.js';
import { resultsModule } from './load.js';
import { settings, text } from './options.js';
import type { Summary } from './summary.js';

/** A FHIR R4 transaction Bundle with an Observation for the recording and one for each reading of a home test, made by {@link toFhir}. */
export interface Bundle {
  /** Always `Bundle`. */
  readonly resourceType: 'Bundle';
  /** Always `transaction`: stored as a whole or not at all. */
  readonly type: 'transaction';
  /** Observations and how each is to be stored; the first carries the summary. */
  readonly entry: readonly unknown[];
}

/** Where a bundle belongs. */
export interface FhirOptions {
  /** Pseudonym of the visit; never the bearer token. */
  visitId: string;
  /** The report's id, 32 hex digits: the same id is stored once. */
  id: string;
}

/**
 * The FHIR R4 Bundle of a summary: a pure function of its arguments, labelled PSEUDED and DEVAST, and HTEST when simulated.
 * @throws {PqrstError} when the id or the summary is not well formed.
 */
export function toFhir(summary: Summary, options: FhirOptions): Bundle {
  const { visitId, id } = settings(options);
  return guarded(() => resultsModule().toFhir(summary, text(visitId, 'visitId'), text(id, 'id')));
}
