import { asPqrstError, PqrstError } from './error.js';
import { readable } from './wasm-source.js';
import type { DevicesExports } from './wasm-types.js';

let loading: Promise<DevicesExports> | undefined;

/**
 * The third wasm module: what speaks with rarer devices. Loaded when one of them is linked, so that a test with a
 * common strap does not carry it.
 *
 * @throws {PqrstError} `wasm.load` when it cannot be found or compiled; a later call tries again.
 */
export function devices(): Promise<DevicesExports> {
  loading ??= start().catch((thrown: unknown) => {
    loading = undefined;
    const { message } = asPqrstError(thrown);
    throw new PqrstError('wasm.load', `The wasm module cannot be loaded: ${message}`, { cause: thrown });
  });
  return loading;
}

async function start(): Promise<DevicesExports> {
  const { default: init, ...exported } = await import('./wasm/pqrst_devices.js');
  await init({ module_or_path: await readable(new URL('./wasm/pqrst_devices_bg.wasm', import.meta.url)) });
  return exported;
}
