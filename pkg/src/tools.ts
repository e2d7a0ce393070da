import { asPqrstError, PqrstError } from './error.js';
import { readable } from './wasm-source.js';
import type { FilesExports, RecordsExports, ToolsExports } from './wasm-types.js';

/** A module with its start function. */
interface Startable<T> {
  load(): Promise<T & { default(options: { module_or_path: Awaited<ReturnType<typeof readable>> }): Promise<unknown> }>;
  at(): URL;
}

/**
 * The wasm module for virtual straps and synthetic ECG, the one for lists of intervals and recipes, and
 * the one for record files. Each is loaded when first needed,
 * so that a live test does not carry it.
 *
 * @throws {PqrstError} `wasm.load` when it cannot be found or compiled; a later call tries again.
 */
export const tools: () => Promise<ToolsExports> = onDemand({
  load: () => import('./wasm/pqrst_tools.js'),
  at: () => new URL('./wasm/pqrst_tools_bg.wasm', import.meta.url),
});

/** @see {@link tools} */
export const recordsModule: () => Promise<RecordsExports> = onDemand({
  load: () => import('./wasm/pqrst_records.js'),
  at: () => new URL('./wasm/pqrst_records_bg.wasm', import.meta.url),
});

/** @see {@link tools} */
export const filesModule: () => Promise<FilesExports> = onDemand({
  load: () => import('./wasm/pqrst_files.js'),
  at: () => new URL('./wasm/pqrst_files_bg.wasm', import.meta.url),
});

function onDemand<T>(module: Startable<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= start(module).catch((thrown: unknown) => {
      loading = undefined;
      const { message } = asPqrstError(thrown);
      throw new PqrstError('wasm.load', `The wasm module cannot be loaded: ${message}`, { cause: thrown });
    });
    return loading;
  };
}

async function start<T>({ load, at }: Startable<T>): Promise<T> {
  const { default: init, ...exported } = await load();
  await init({ module_or_path: await readable(at()) });
  return exported as T;
}
