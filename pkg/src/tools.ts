import { asPqrstError, PqrstError } from './error.js';
import { readable } from './wasm-source.js';
import type { ToolsExports } from './wasm-types.js';

let loading: Promise<ToolsExports> | undefined;

/**
 * The second wasm module: virtual straps, synthetic ECG, record files. Loaded when first needed, so that a live test
 * does not carry it.
 *
 * @throws {PqrstError} `wasm.load` when it cannot be found or compiled; a later call tries again.
 */
export function tools(): Promise<ToolsExports> {
  loading ??= start().catch((thrown: unknown) => {
    loading = undefined;
    const { message } = asPqrstError(thrown);
    throw new PqrstError('wasm.load', `The wasm module cannot be loaded: ${message}`, { cause: thrown });
  });
  return loading;
}

async function start(): Promise<ToolsExports> {
  const { default: init, ...exported } = await import('./wasm/pqrst_tools.js');
  await init({ module_or_path: await readable(new URL('./wasm/pqrst_tools_bg.wasm', import.meta.url)) });
  return exported;
}
