import type { Contact, QualityReason, SessionState } from 'pqrst';

/** What the clinician sees while a test runs. Nothing else travels before consent. */
export interface Live {
  state: SessionState;
  /** Whole seconds recorded. */
  elapsedS: number;
  /** Whole seconds asked for. */
  durationS: number;
  contact: Contact;
  /** Whole beats a minute; null when unknown or too old. */
  bpm: number | null;
  reasons: QualityReason[];
  /** Where the rested series of a blood pressure monitor stands; null without one. */
  bloodPressure: 'rest' | 'measureAgain' | 'done' | null;
  simulated: boolean;
}

/** Kinds of visit: with a real strap, or a demonstration. */
export type Mode = 'real' | 'demo';
/** Tests that a visit may ask for. */
export type VisitTest = 'rest-30s' | 'rest-5min';

/** Seconds asked for. */
export const DURATION_S: Record<VisitTest, number> = { 'rest-30s': 30, 'rest-5min': 300 };
