// Stands in for the declarations that wasm-bindgen writes beside the built module, so that types check before a build
// and no type of the browser's bindings reaches this package's own declarations.
import type { ResultsExports } from '../wasm-types.js';

export default function init(options: {
  module_or_path: Uint8Array | ArrayBuffer | WebAssembly.Module | URL | string | Response;
}): Promise<unknown>;
export const toFhir: ResultsExports['toFhir'];
export const report: ResultsExports['report'];
export const checkRedFlags: ResultsExports['checkRedFlags'];
export const places: ResultsExports['places'];
export const annotations: ResultsExports['annotations'];
