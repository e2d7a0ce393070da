import { asPqrstError, PqrstError } from './error.js';
import type { WasmExports } from './wasm-types.js';
import { readable, type WasmSource } from './wasm-source.js';
import init, * as exported from './wasm/pqrst.js';

export type { WasmSource } from './wasm-source.js';

/** Settings of {@link load}. */
export interface LoadOptions {
  /** Overrides where the wasm module comes from. */
  wasm?: WasmSource;
}

let loading: Promise<void> | undefined;
let loaded = false;

/**
 * Makes the wasm module ready; every other function needs it. Later calls return the first one's promise.
 * In a browser the file beside this package is fetched; in Node it is read from disk.
 *
 * @throws {PqrstError} `wasm.load` when the module cannot be found or compiled; a later call tries again.
 */
export function load(options: LoadOptions = {}): Promise<void> {
  loading ??= start(options).catch((thrown: unknown) => {
    loading = undefined;
    const { message } = asPqrstError(thrown);
    throw new PqrstError('wasm.load', `The wasm module cannot be loaded: ${message}`, { cause: thrown });
  });
  return loading;
}

async function start({ wasm }: LoadOptions): Promise<void> {
  const source = wasm ?? new URL('./wasm/pqrst_bg.wasm', import.meta.url);
  await init({ module_or_path: await readable(source) });
  loaded = true;
}

/**
 * The wasm module's exports.
 * @throws {PqrstError} `wasm.notLoaded` before {@link load} has resolved.
 */
export function wasm(): WasmExports {
  if (!loaded) throw new PqrstError('wasm.notLoaded', 'Await load() before anything else.');
  return exported;
}
