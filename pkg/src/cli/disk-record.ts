import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PqrstError } from '../error.js';
import type { FileSet } from '../files/file-set.js';
import { openRecord, type EcgRecord, type OpenOptions } from '../files/record.js';
import { Failure } from './failure.js';

/** Runs `use` with the record whose first file is `path`; whatever cannot be read ends as exit code 3. */
export async function withRecord<T>(path: string, options: OpenOptions, use: (record: EcgRecord) => T | Promise<T>): Promise<T> {
  const files = new Folder(dirname(path));
  if (files.size(basename(path)) === undefined) {
    const there = statSync(path, { throwIfNoEntry: false });
    throw new Failure(3, `${path} ${there ? 'cannot be read' : 'does not exist'}`);
  }
  let record: EcgRecord | undefined;
  try {
    record = await openRecord(files, { ...options, name: basename(path) });
    return await use(record);
  } catch (thrown) {
    if (!(thrown instanceof PqrstError)) throw thrown;
    throw new Failure(3, `${path}: ${thrown.message}`);
  } finally {
    record?.dispose();
    files.close();
  }
}

/** Says that the checksum of what was read is wrong, where it is. */
export function tellChecksum(path: string, { checksumAgrees }: { checksumAgrees: boolean | null }): void {
  if (checksumAgrees === false) process.stderr.write(`pqrst: ${path}: a checksum does not agree: the file may be damaged\n`);
}

/** The record's name: that of its file, without the ending. */
export function nameOf(path: string): string {
  return basename(path).replace(/\.[^.]+$/, '');
}

/** A folder whose files are read in ranges. A header may not point out of it. */
class Folder implements FileSet {
  #path: string;
  #open = new Map<string, number>();

  constructor(path: string) {
    this.#path = path;
  }

  names(): string[] {
    return [];
  }

  size(name: string): number | undefined {
    const file = this.#file(name);
    if (file === undefined) return undefined;
    const { size, isFile } = ((s) => ({ size: s.size, isFile: s.isFile() }))(fstatSync(file));
    return isFile ? size : undefined;
  }

  read(name: string, offset: number, length: number): Uint8Array {
    const file = this.#file(name);
    if (file === undefined) throw new Error(`${name} cannot be read`);
    const bytes = new Uint8Array(Math.max(0, Math.min(length, fstatSync(file).size - offset)));
    let done = 0;
    for (let n = -1; n !== 0 && done < bytes.length; done += n) n = readSync(file, bytes, done, bytes.length - done, offset + done);
    return bytes.subarray(0, done);
  }

  close(): void {
    for (const file of this.#open.values()) closeSync(file);
    this.#open.clear();
  }

  #file(name: string): number | undefined {
    if (name === '' || /[/\\\0]/.test(name)) return undefined;
    const open = this.#open.get(name);
    if (open !== undefined) return open;
    try {
      const file = openSync(join(this.#path, name), 'r');
      this.#open.set(name, file);
      return file;
    } catch {
      return undefined;
    }
  }
}
