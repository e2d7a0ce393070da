// Stands in for the declarations that wasm-bindgen writes beside the built module, so that types check before a build
// and no type of the browser's bindings reaches this package's own declarations.
import type { RecordsExports } from '../wasm-types.js';

export default function init(options: {
  module_or_path: Uint8Array | ArrayBuffer | WebAssembly.Module | URL | string | Response;
}): Promise<unknown>;
export const recordedRr: RecordsExports['recordedRr'];
export const hrvByRecipe: RecordsExports['hrvByRecipe'];
export const respirationOf: RecordsExports['respirationOf'];
