/** What was measured together. */
export type ReadingPanel = 'bloodPressure' | 'pulseOximetry' | 'bodyTemperature' | 'glucose' | 'bodyWeight';

/**
 * One quantity, which fixes its unit: pressures in mm[Hg], pulse rate a minute, oxygen saturation and pulse amplitude index in percent,
 * temperature in degrees Celsius, glucose in mmol/L, weight in kg, body mass index in kg/m2, height in m.
 */
export type ReadingQuantity =
  | 'systolic'
  | 'diastolic'
  | 'meanArterial'
  | 'pulseRate'
  | 'oxygenSaturation'
  | 'pulseAmplitudeIndex'
  | 'bodyTemperature'
  | 'glucose'
  | 'bodyWeight'
  | 'bodyMassIndex'
  | 'bodyHeight';

/** What the device says about how it measured. */
export type ReadingCondition =
  | 'bodyMovement'
  | 'cuffTooLoose'
  | 'irregularPulse'
  | 'pulseRateOutOfRange'
  | 'wrongPosition'
  | 'questionable'
  | 'poorSignal'
  | 'lowPerfusion'
  | 'sensorOff'
  | 'batteryLow'
  | 'siteArmpit'
  | 'siteEar'
  | 'siteFinger'
  | 'siteMouth'
  | 'siteRectum'
  | 'siteToe'
  | 'siteTympanum'
  | 'controlSolution'
  | 'sampleInsufficient'
  | 'stripError'
  | 'resultOutOfRange'
  | 'temperatureOutOfRange';

/** What the method cannot promise; to be stated wherever the numbers are shown. */
export type ReadingLimit =
  | 'singleReading'
  | 'cuffUnverified'
  | 'coldFingers'
  | 'skinTone'
  | 'motionSensitive'
  | 'siteMatters'
  | 'homeMeter'
  | 'homeScale';

/** A reading of a home test in a report or a summary. Readings that follow each other within ten seconds are one. */
export interface ReadingRow {
  panel: ReadingPanel;
  /** The numbers, the main one first; `value` is the mean where there are several. */
  values: { quantity: ReadingQuantity; value: number; lowest: number; highest: number }[];
  /** Readings that it is made of. */
  count: number;
  /** What the device said about how it measured. */
  conditions: ReadingCondition[];
  /** What the method cannot promise. */
  limits: ReadingLimit[];
  /** How long before the end of the recording it was taken, in seconds. */
  beforeEndS: number;
}
