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

/**
 * Why a blood pressure does not count in the rested series: taken before the rest was over, too soon after the one before, disturbed
 * (body moved, cuff too loose, arm in a wrong position), without one of its two numbers, or after the series was complete.
 */
export type NotCounted = 'notRested' | 'tooSoon' | 'disturbed' | 'incomplete' | 'complete';

/** The mean of the readings of a rested series, in mm[Hg]. */
export interface BloodPressureMean {
  systolic: number;
  diastolic: number;
  /** Readings that it is the mean of. */
  readings: number;
}

/** The rested series of one sitting: five minutes of rest, then readings a minute apart. */
export interface BloodPressureSeries {
  /** Null until the series was complete. `firstBeforeEndS` and `lastBeforeEndS`: when its readings were taken, seconds before the end. */
  mean: (BloodPressureMean & { firstBeforeEndS: number; lastBeforeEndS: number }) | null;
  /** Readings that count. */
  counted: number;
  /** Readings that do not. */
  notCounted: { reason: NotCounted; readings: number }[];
  /** Name and version of the method. */
  algorithm: string;
}

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
