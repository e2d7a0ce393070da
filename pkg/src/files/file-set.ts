import { invalid } from '../error.js';
import { bytes as bytesOf, texts } from '../options.js';

/** Files by name, read in ranges: what a record of several files needs. Names are plain, without folders. */
export interface FileSet {
  names(): string[];
  /** Bytes of a file; undefined when there is none of this name. */
  size(name: string): number | undefined;
  /** Bytes from `offset`, `length` of them or fewer when the file ends before. */
  read(name: string, offset: number, length: number): Uint8Array;
}

/** What {@link openRecord} takes: a dropped or chosen file, several of them, bytes by name, or a set of your own. */
export type Files = File | Iterable<File> | ReadonlyMap<string, Uint8Array | Blob> | FileSet;

/** Reads blobs at once where it may: in a worker. */
interface SyncReader {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}

/**
 * The set behind {@link Files}. In a worker files stay on the disk and are read piece by piece; elsewhere browsers only
 * read them as a whole, into memory.
 */
export async function fileSetOf(files: Files): Promise<FileSet> {
  if (isFileSet(files)) return new Checked(files);
  const parts = new Map<string, Uint8Array | Blob>();
  for (const [name, part] of named(files)) {
    if (typeof name !== 'string' || !(ArrayBuffer.isView(part) || part instanceof Blob)) throw invalid(WANTED);
    parts.set(lastPart(name), part instanceof Blob ? part : bytesOf(part, name));
  }
  const { FileReaderSync } = globalThis as { FileReaderSync?: new () => SyncReader };
  if (FileReaderSync) return new PartsInPlace(parts, new FileReaderSync());
  const held = new Map<string, Uint8Array>();
  for (const [name, part] of parts) held.set(name, part instanceof Blob ? new Uint8Array(await part.arrayBuffer()) : part);
  return new PartsInPlace(held, undefined);
}

const WANTED = 'files is a File, several of them, a Map of names to bytes, or has names(), size() and read()';

/** Names and what stands behind them, as far as it can be seen. */
function named(files: Files): Iterable<[unknown, unknown]> {
  if (files instanceof Map) return files as Map<unknown, unknown>;
  if (files instanceof Blob) return [[(files as File).name, files]];
  const iterable = typeof files === 'object' && files !== null && Symbol.iterator in files;
  if (!iterable) throw invalid(WANTED);
  return Array.from(files as Iterable<Partial<File> | null | undefined>, (file) => [file?.name, file]);
}

function isFileSet(files: Files): files is FileSet {
  const set = (files ?? {}) as Partial<FileSet>;
  return [set.names, set.size, set.read].every((method) => typeof method === 'function');
}

/** A set of somebody else's: what it answers is looked at before the module takes it. */
class Checked implements FileSet {
  #set: FileSet;

  constructor(set: FileSet) {
    this.#set = set;
  }

  names(): string[] {
    return texts(this.#set.names(), 'names()');
  }

  size(name: string): number | undefined {
    const size = this.#set.size(name) as unknown;
    return typeof size === 'number' && Number.isFinite(size) && size >= 0 ? size : undefined;
  }

  read(name: string, offset: number, length: number): Uint8Array {
    return bytesOf(this.#set.read(name, offset, length), name).subarray(0, length);
  }
}

class PartsInPlace implements FileSet {
  #parts: ReadonlyMap<string, Uint8Array | Blob>;
  #reader: SyncReader | undefined;

  constructor(parts: ReadonlyMap<string, Uint8Array | Blob>, reader: SyncReader | undefined) {
    this.#parts = parts;
    this.#reader = reader;
  }

  names(): string[] {
    return [...this.#parts.keys()];
  }

  size(name: string): number | undefined {
    const part = this.#parts.get(name);
    return part instanceof Blob ? part.size : part?.byteLength;
  }

  read(name: string, offset: number, length: number): Uint8Array {
    const part = this.#parts.get(name);
    if (part === undefined) throw new Error(`${name} is missing`);
    if (!(part instanceof Blob)) return part.subarray(offset, offset + length);
    if (!this.#reader) throw new Error(`${name} cannot be read here`);
    return new Uint8Array(this.#reader.readAsArrayBuffer(part.slice(offset, offset + length)));
  }
}

function lastPart(name: string): string {
  return name.split(/[/\\]/).at(-1) ?? name;
}
