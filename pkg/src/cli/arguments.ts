import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { OpenOptions } from '../files/record.js';
import { Failure } from './failure.js';

/** Arguments of a command. */
export interface Arguments {
  files: string[];
  text(name: string): string | undefined;
  on(name: string): boolean;
  /** What the user says of a file that does not say it itself. */
  open: OpenOptions;
}

const OPEN: NonNullable<ParseArgsConfig['options']> = {
  rate: { type: 'string' },
  unit: { type: 'string' },
  gain: { type: 'string' },
  columns: { type: 'string' },
};

/** Files and named options. An unknown option is a usage error. */
export function argumentsOf(args: readonly string[], options: NonNullable<ParseArgsConfig['options']>): Arguments {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: { ...OPEN, ...options }, allowPositionals: true, strict: true });
    const text = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined);
    return { files: positionals, text, on: (name) => values[name] === true, open: openOptions(text) };
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown;
    throw new Failure(2, (thrown as Error).message.split('. ')[0] ?? 'wrong options');
  }
}

function openOptions(text: (name: string) => string | undefined): OpenOptions {
  const number = (name: string): number | undefined => {
    const given = text(name);
    if (given === undefined) return undefined;
    const value = Number(given);
    if (!(value > 0 && Number.isFinite(value))) throw new Failure(2, `--${name} takes a number above 0`);
    return value;
  };
  const unit = text('unit');
  if (unit !== undefined && unit !== 'uV' && unit !== 'mV' && unit !== 'V') throw new Failure(2, '--unit is uV, mV or V');
  const columns = text('columns')?.split(',').map(Number);
  if (columns?.some((column) => !(Number.isInteger(column) && column > 0))) throw new Failure(2, '--columns takes numbers from 1, such as 2,3');
  return { samplingRateHz: number('rate'), unit, gain: number('gain'), columns };
}
