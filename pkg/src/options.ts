// The glue of a wasm module takes its arguments for what was declared: a number in place of a text writes over its memory.
import { invalid } from './error.js';

/** The options that were given. One that is explicitly undefined counts as left out, as everywhere in JavaScript. */
export function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** A text, or `argument.invalid` with this name. */
export function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw invalid(`${name} is a text`);
  return value;
}

/** A text that may be left out. */
export function optionalText(value: unknown, name: string): string | undefined {
  return value === undefined || value === null ? undefined : text(value, name);
}

/** Several texts. */
export function texts(values: unknown, name: string): string[] {
  if (!Array.isArray(values)) throw invalid(`${name} is an array of texts`);
  return values.map((value) => text(value, `each of ${name}`));
}

/** A number; whether it makes sense is for the module to say. */
export function number(value: unknown, name: string): number {
  if (typeof value !== 'number') throw invalid(`${name} is a number`);
  return value;
}

/** A number that may be left out. */
export function optionalNumber(value: unknown, name: string): number | undefined {
  return value === undefined || value === null ? undefined : number(value, name);
}

/** Settings, by name. */
export function settings<T extends object>(value: T, name = 'options'): T {
  if (typeof value !== 'object' || (value as T | null) === null) throw invalid(`${name} is an object`);
  return value;
}

/** The bytes within their own bounds, of another window's kind as well: a view may look into a larger buffer. */
export function bytes(value: ArrayBufferView | ArrayBuffer, name: string): Uint8Array {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (Object.prototype.toString.call(value) !== '[object ArrayBuffer]') throw invalid(`${name} is a Uint8Array, a DataView or an ArrayBuffer`);
  return new Uint8Array(value);
}

/** Samples; other arrays of numbers are taken as well. */
export function samples(value: unknown, name: string): Float32Array {
  if (value instanceof Float32Array) return value;
  const numbers = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
  if (!numbers) throw invalid(`${name} is a Float32Array`);
  return Float32Array.from(value as ArrayLike<unknown>, (sample) => number(sample, `each of ${name}`));
}
