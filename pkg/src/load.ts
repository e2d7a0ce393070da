import { asPqrstError, PqrstError } from './error.js';
import type { WasmExports } from './wasm-types.js';
import init, * as exported from './wasm/pqrst.js';

/** What {@link load} accepts instead of the file beside the package: bytes, a compiled module, or where to fetch it. */
export type WasmSource = Uint8Array | ArrayBuffer | WebAssembly.Module | URL | string;

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

/** In Node a `file:` URL is read: its `fetch` refuses them. */
async function readable(source: WasmSource): Promise<WasmSource> {
  if (!(source instanceof URL) || source.protocol !== 'file:' || !inNode()) return source;
  // A name that bundlers cannot see: in a browser this line is never reached.
  const files = 'node:fs/promises';
  const { readFile } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ files)) as {
    readFile(path: URL): Promise<Uint8Array<ArrayBuffer>>;
  };
  return readFile(source);
}

function inNode(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return typeof process?.versions?.node === 'string';
}

/**
 * The wasm module's exports.
 * @throws {PqrstError} `wasm.notLoaded` before {@link load} has resolved.
 */
export function wasm(): WasmExports {
  if (!loaded) throw new PqrstError('wasm.notLoaded', 'Await load() before anything else.');
  return exported;
}
