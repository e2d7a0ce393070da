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
  if (isFileSet(files)) return files;
  const parts = new Map<string, Uint8Array | Blob>();
  if (files instanceof Map) for (const [name, part] of files as ReadonlyMap<string, Uint8Array | Blob>) parts.set(lastPart(name), part);
  else for (const file of files instanceof Blob ? [files as File] : (files as Iterable<File>)) parts.set(lastPart(file.name), file);
  const { FileReaderSync } = globalThis as { FileReaderSync?: new () => SyncReader };
  if (FileReaderSync) return new PartsInPlace(parts, new FileReaderSync());
  const held = new Map<string, Uint8Array>();
  for (const [name, part] of parts) held.set(name, part instanceof Blob ? new Uint8Array(await part.arrayBuffer()) : part);
  return new PartsInPlace(held, undefined);
}

function isFileSet(files: Files): files is FileSet {
  return typeof (files as Partial<FileSet>).names === 'function';
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
