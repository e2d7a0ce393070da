import { asPqrstError, PqrstError } from './error.js';
import type { ResultsExports, WasmExports } from './wasm-types.js';
import { bytesOf, readable, type FileSource, type WasmSource } from './wasm-source.js';
import init, * as exported from './wasm/pqrst.js';
import initResults, * as resultsExported from './wasm/pqrst_results.js';

export type { FileSource, WasmSource } from './wasm-source.js';

/** Settings of {@link load}. */
export interface LoadOptions {
  /** Overrides where the wasm module comes from. */
  wasm?: WasmSource;
  /** Overrides where the file with the weights of the fitted models comes from: its bytes, or where to fetch it. */
  weights?: FileSource;
  /** Overrides where the module that makes reports and Bundles comes from. */
  results?: WasmSource;
}

let loading: Promise<void> | undefined;
let loaded = false;

/**
 * Makes the wasm module ready; every other function needs it. Later calls return the first one's promise.
 * In a browser the three files beside this package are fetched at the same time, the module, its weights and the module
 * that makes reports; in Node they are read from disk.
 *
 * @throws {PqrstError} `wasm.load` when a file cannot be found, the module not compiled, or the weights are of another
 * version; a later call tries again.
 */
export function load(options: LoadOptions = {}): Promise<void> {
  loading ??= start(options).catch((thrown: unknown) => {
    loading = undefined;
    const { message } = asPqrstError(thrown);
    throw new PqrstError('wasm.load', `The wasm module cannot be loaded: ${message}`, { cause: thrown });
  });
  return loading;
}

async function start({ wasm, weights, results }: LoadOptions): Promise<void> {
  const source = wasm ?? new URL('./wasm/pqrst_bg.wasm', import.meta.url);
  const beside = bytesOf(weights ?? new URL('./wasm/pqrst_weights.bin', import.meta.url));
  const reports = results ?? new URL('./wasm/pqrst_results_bg.wasm', import.meta.url);
  const [bytes] = await Promise.all([
    beside,
    readable(source).then((module_or_path) => init({ module_or_path })),
    readable(reports).then((module_or_path) => initResults({ module_or_path })),
  ]);
  exported.giveWeights(bytes);
  loaded = true;
}

/**
 * The exports of the module that makes reports and Bundles.
 * @throws {PqrstError} `wasm.notLoaded` before {@link load} has resolved.
 */
export function resultsModule(): ResultsExports {
  wasm();
  return resultsExported;
}

/**
 * The wasm module's exports.
 * @throws {PqrstError} `wasm.notLoaded` before {@link load} has resolved.
 */
export function wasm(): WasmExports {
  if (!loaded) throw new PqrstError('wasm.notLoaded', 'Await load() before anything else.');
  return exported;
}
