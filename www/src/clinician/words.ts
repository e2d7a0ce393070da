import type { Summary } from 'pqrst';
import type { Live } from '../shared/live.js';
import type { Visit } from './portal.js';

/** Where the test stands. */
export const LIVE_STATE: Record<Live['state'], string> = {
  idle: 'Patient is preparing',
  choosing: 'Choosing the strap',
  connecting: 'Connecting',
  contact: 'Connected, waiting for skin contact',
  settling: 'Connected, signal settling',
  recording: 'Recording',
  reconnecting: 'Connection lost, reconnecting',
  finished: 'Recorded; patient is looking at the result',
  failed: 'Stopped with a problem; patient can try again',
};

/** Where a rested series of blood pressures stands. */
export const PRESSURE_STATE: Record<NonNullable<Live['bloodPressure']>, string> = {
  rest: 'Blood pressure: patient rests before the first reading',
  measureAgain: 'Blood pressure: patient waits for the next reading',
  done: 'Blood pressure: enough was measured',
};

/** Where a visit stands. */
export const STATUS: Record<Visit['status'], string> = {
  invited: 'Invited',
  opened: 'Link opened',
  live: 'Test running',
  done: 'Result received',
};

/** Answers about a pacemaker. */
export const PACEMAKER: Record<Summary['context']['pacemaker'], string> = {
  yes: 'Pacemaker or ICD: yes',
  no: 'Pacemaker or ICD: no',
  unsure: 'Pacemaker or ICD: patient not sure',
  notAsked: 'Pacemaker or ICD: not asked',
};

/** Answers about symptoms. */
export const SYMPTOMS: Record<Summary['context']['symptoms'], string> = {
  none: 'Symptoms: none reported before the test',
  present: 'Symptoms: present before the test',
  notAsked: 'Symptoms: not asked',
};

/** A word for the rhythm, as a hint. */
export const RHYTHM_LABEL: Record<NonNullable<Summary['rhythm']['label']['value']>, string> = {
  normal: 'no irregularity found',
  af: 'irregular, like atrial fibrillation',
  other: 'another irregularity',
  noisy: 'too noisy to tell',
};

/** The verdict's first words. */
export const VERDICT: Record<Summary['verdict']['kind'], string> = {
  usable: 'Usable',
  retake: 'Not usable, repeat advised',
  noVerdict: 'Cannot be judged',
};
