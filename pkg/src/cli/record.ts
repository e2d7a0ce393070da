import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { guarded, PqrstError } from '../error.js';
import type { LeadSamples } from '../leads.js';
import { tools } from '../tools.js';
import { readWfdb, signalFiles, type WfdbLead } from '../wfdb.js';
import { Failure } from './failure.js';

/** A lead read from disk, with the record's name. */
export interface DiskRecord extends WfdbLead {
  record: string;
}

/** Reads one lead of the record whose header is `path`. */
export async function readRecord(path: string, lead: string | undefined): Promise<DiskRecord> {
  const headerName = basename(path);
  const files = await filesOf(path);
  return readable(path, async () => ({
    record: headerName.replace(/\.hea$/, ''),
    ...(await readWfdb(files, headerName, lead)),
  }));
}

/** Reads every lead of the record whose header is `path`. */
export async function readLeads(path: string): Promise<LeadSamples[]> {
  const files = await filesOf(path);
  const { WfdbRecord } = await tools();
  return readable(path, () =>
    guarded(() => {
      const record = new WfdbRecord(files, basename(path));
      try {
        return record.leads().map((name) => ({
          name,
          samplingRateHz: record.samplingRateOf(name),
          samplesUv: record.samplesUv(name),
        }));
      } finally {
        record.free();
      }
    }),
  );
}

async function filesOf(path: string): Promise<Map<string, Uint8Array>> {
  const header = await bytesOf(path, path);
  const files = new Map<string, Uint8Array>([[basename(path), header]]);
  for (const name of signalFiles(new TextDecoder().decode(header))) {
    files.set(name, await bytesOf(join(dirname(path), name), path));
  }
  return files;
}

async function readable<T>(path: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
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
