import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PqrstError } from '../error.js';
import { readWfdb, signalFiles, type WfdbLead } from '../wfdb.js';
import { Failure } from './failure.js';

/** A lead read from disk, with the record's name. */
export interface DiskRecord extends WfdbLead {
  record: string;
}

/** Reads one lead of the record whose header is `path`. */
export async function readRecord(path: string, lead: string | undefined): Promise<DiskRecord> {
  const headerName = basename(path);
  const header = await bytesOf(path, path);
  const files = new Map<string, Uint8Array>([[headerName, header]]);
  for (const name of signalFiles(new TextDecoder().decode(header))) {
    files.set(name, await bytesOf(join(dirname(path), name), path));
  }
  try {
    return { record: headerName.replace(/\.hea$/, ''), ...(await readWfdb(files, headerName, lead)) };
  } catch (thrown) {
    if (!(thrown instanceof PqrstError)) throw thrown;
    throw new Failure(3, `${path}: ${thrown.message}`);
  }
}

async function bytesOf(path: string, header: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (thrown) {
    const why = (thrown as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new Failure(3, path === header ? `${path} ${why}` : `${header}: its signal file ${path} ${why}`);
  }
}
