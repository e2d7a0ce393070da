/** Where a wasm module comes from. */

/** What `load` accepts instead of the file beside the package: bytes, a compiled module, or where to fetch it. */
export type WasmSource = Uint8Array | ArrayBuffer | WebAssembly.Module | URL | string;

/** What `load` accepts for a file that is no module: its bytes, or where to fetch it. */
export type FileSource = Uint8Array | ArrayBuffer | URL | string;

/** In Node a `file:` URL is read: its `fetch` refuses them. */
export async function readable(source: WasmSource): Promise<WasmSource> {
  if (!(source instanceof URL) || source.protocol !== 'file:' || !inNode()) return source;
  // A name that bundlers cannot see: in a browser this line is never reached.
  const files = 'node:fs/promises';
  const { readFile } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ files)) as {
    readFile(path: URL): Promise<Uint8Array<ArrayBuffer>>;
  };
  return readFile(source);
}

/** The bytes of a file. */
export async function bytesOf(source: FileSource): Promise<Uint8Array> {
  const found = await readable(source);
  if (!(found instanceof URL) && typeof found !== 'string') return new Uint8Array(found as ArrayBuffer);
  const answer = await fetch(found);
  if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
  return new Uint8Array(await answer.arrayBuffer());
}

function inNode(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return typeof process?.versions?.node === 'string';
}
