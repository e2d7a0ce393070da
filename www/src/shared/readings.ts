import type { BloodPressureSeries, NotCounted, ReadingCondition, ReadingLimit, ReadingPanel, ReadingQuantity, ReadingRow } from 'pqrst';
import { ago, word } from './words.js';

/** What was measured. */
export const PANEL: Record<ReadingPanel, string> = {
  bloodPressure: 'Blood pressure',
  pulseOximetry: 'Pulse oximeter',
  bodyTemperature: 'Thermometer',
  glucose: 'Glucose meter',
  bodyWeight: 'Scale',
};

/** What each number is, and its unit. */
const QUANTITY: Record<ReadingQuantity, [name: string, unit: string]> = {
  systolic: ['systolic', 'mmHg'],
  diastolic: ['diastolic', 'mmHg'],
  meanArterial: ['mean', 'mmHg'],
  pulseRate: ['pulse', '/min'],
  oxygenSaturation: ['oxygen saturation', '%'],
  pulseAmplitudeIndex: ['pulse amplitude', '%'],
  bodyTemperature: ['temperature', '°C'],
  glucose: ['glucose', 'mmol/L'],
  bodyWeight: ['weight', 'kg'],
  bodyMassIndex: ['body mass index', 'kg/m²'],
  bodyHeight: ['height', 'm'],
};

/** What the device said about how it measured. */
const CONDITION: Record<ReadingCondition, string> = {
  bodyMovement: 'body moved',
  cuffTooLoose: 'cuff too loose',
  irregularPulse: 'irregular pulse reported by the device',
  pulseRateOutOfRange: 'pulse out of the device’s range',
  wrongPosition: 'wrong position',
  questionable: 'questionable by the device’s own account',
  poorSignal: 'poor signal',
  lowPerfusion: 'low perfusion',
  sensorOff: 'sensor off',
  batteryLow: 'battery low',
  siteArmpit: 'armpit',
  siteEar: 'ear',
  siteFinger: 'finger',
  siteMouth: 'mouth',
  siteRectum: 'rectum',
  siteToe: 'toe',
  siteTympanum: 'eardrum',
  controlSolution: 'control solution',
  sampleInsufficient: 'too little blood',
  stripError: 'faulty strip',
  resultOutOfRange: 'beyond the device’s range',
  temperatureOutOfRange: 'device too warm or too cold',
};

/** What the method cannot promise. */
const METHOD: Record<ReadingLimit, string> = {
  singleReading: 'one reading says little, a rested series does',
  cuffUnverified: 'fit and height of the cuff unverified',
  coldFingers: 'cold fingers and low perfusion lower it',
  skinTone: 'reads too high on darker skin',
  motionSensitive: 'disturbed by movement',
  siteMatters: 'depends on where it was taken',
  homeMeter: 'home meter: 15 % off is allowed',
  homeScale: 'home scale, on whatever floor',
};

/** The numbers of a reading in words. */
export function numbers({ values, count }: ReadingRow): string {
  const told = values.map(({ quantity, value, lowest, highest }) => {
    const [name, unit] = (QUANTITY as Record<string, [string, string] | undefined>)[quantity] ?? [quantity, ''];
    return `${name} ${value} ${unit}${lowest === highest && value === lowest ? '' : ` (${lowest} to ${highest})`}`;
  });
  return [...told, ...(count === 1 ? [] : [`mean of ${count}`])].join(', ');
}

/** Why a blood pressure does not count in the rested series. */
const NOT_COUNTED: Record<NotCounted, string> = {
  notRested: 'before the rest was over',
  tooSoon: 'too soon after the one before',
  disturbed: 'moved, cuff loose or arm in a wrong position',
  incomplete: 'a number was missing',
  complete: 'after the series was complete',
};

/** The mean of a rested series in words. */
export function seriesMean({ mean, counted }: BloodPressureSeries): string {
  if (mean) return `${mean.systolic} / ${mean.diastolic} mmHg, mean of ${mean.readings} rested readings`;
  return `not complete: ${counted === 0 ? 'no reading counts' : `${counted} ${counted === 1 ? 'reading counts' : 'readings count'}`}`;
}

/** How the readings of a series count. */
export function seriesReadings({ mean, counted, notCounted }: BloodPressureSeries): string {
  const left = notCounted.map(({ reason, readings }) => `${readings} not counted, ${word(NOT_COUNTED, reason)}`);
  const when = mean ? `the mean from ${ago(mean.firstBeforeEndS * 1000)} to ${ago(mean.lastBeforeEndS * 1000)} before the end of the recording` : '';
  return [`${counted} counted`, ...left, when].filter(Boolean).join('; ');
}

/** When a reading was taken. */
export function taken({ beforeEndS }: ReadingRow): string {
  return beforeEndS === 0 ? 'at the end of the recording' : `${ago(beforeEndS * 1000)} before the end of the recording`;
}

/** What the device said about it. */
export function conditions(row: ReadingRow): string {
  return row.conditions.map((condition) => word(CONDITION, condition)).join(', ');
}

/** What its method cannot promise. */
export function limits(row: ReadingRow): string {
  return row.limits.map((limit) => word(METHOD, limit)).join(' · ');
}
