import type { Evidence } from './value.js';

/**
 * What lies beyond a limit of the clinic. `rateAbove`, `rateBelow`: the rate, sustained. `pause`: no beat for longer. `wideRun`: so many
 * beats from a ventricle in a row. `rapidIrregular`: likely fibrillation above a rate. `pressureHigh`, `pressureLow`: the mean of a
 * rested series of blood pressures.
 */
export type RedFlag = 'rateAbove' | 'rateBelow' | 'pause' | 'wideRun' | 'rapidIrregular' | 'pressureHigh' | 'pressureLow';

/** A raised flag, the worst of its kind. For a clinician: a patient is told no more than that somebody will look. */
export interface RaisedFlag {
  /** What. */
  flag: RedFlag;
  /** How soon it is to be looked at. */
  priority: 'high' | 'medium';
  /** The number beyond the limit: beats a minute, seconds of a pause, beats of a run, mm[Hg]. */
  value: number;
  /** The limit, in the same unit. */
  limit: number;
  /** Where in the record; null of a blood pressure. */
  evidence: Evidence | null;
  /** Name and version of the method. */
  algorithm: string;
}

/** Limits that the clinic owns. What is left out has its default; null switches a limit off. Whole units or tenths. */
export interface RedFlagLimits {
  /** Sustained rate above this, 150 by default. */
  rateAboveBpm?: number | null;
  /** Sustained rate below this, 40 by default. */
  rateBelowBpm?: number | null;
  /** No beat for longer, 3 s by default; 2 s is the least. */
  pauseAboveS?: number | null;
  /** So many beats from a ventricle in a row, 3 by default and at least. */
  wideRunBeats?: number | null;
  /** Likely fibrillation above this rate, 110 by default. */
  rapidIrregularAboveBpm?: number | null;
  /** In mm[Hg], 180 by default. */
  systolicAbove?: number | null;
  /** In mm[Hg], 120 by default. */
  diastolicAbove?: number | null;
  /** In mm[Hg], 90 by default. */
  systolicBelow?: number | null;
}
