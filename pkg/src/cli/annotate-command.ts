import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { guarded, PqrstError } from '../error.js';
import { tools } from '../tools.js';
import { argumentsOf } from './arguments.js';
import { Failure } from './failure.js';
import { readRecord, type DiskRecord } from './record.js';

/** `pqrst annotate FILE.hea.. --out DIR [--lead NAME] [--csv]` */
export async function annotateCommand(args: readonly string[]): Promise<void> {
  const { files, text, on } = argumentsOf(args, {
    lead: { type: 'string' },
    out: { type: 'string' },
    csv: { type: 'boolean' },
  });
  const out = text('out');
  if (files.length === 0) throw new Failure(2, 'annotate takes at least one file');
  if (out === undefined) throw new Failure(2, 'annotate needs --out DIR');
  await mkdir(out, { recursive: true }).catch(() => {
    throw new Failure(2, `${out} cannot be used as a folder`);
  });
  for (const file of files) {
    const record = await readRecord(file, text('lead'));
    const path = join(out, `${record.record}.${on('csv') ? 'csv' : 'pqrst'}`);
    const content = await contentOf(file, record, on('csv'));
    await writeFile(path, content).catch(() => {
      throw new Failure(2, `${path} cannot be written`);
    });
  }
}

async function contentOf(
  file: string,
  { samplesUv, samplingRateHz }: DiskRecord,
  csv: boolean,
): Promise<Uint8Array | string> {
  const { annotate, rPeaks } = await tools();
  try {
    return guarded(() => {
      if (!csv) return annotate(samplesUv, samplingRateHz);
      return Array.from(rPeaks(samplesUv, samplingRateHz), (place) => `${Math.round(place)}\n`).join('');
    });
  } catch (thrown) {
    if (!(thrown instanceof PqrstError)) throw thrown;
    throw new Failure(3, `${file}: ${thrown.message}`);
  }
}
