import { guarded } from './error.js';
import { tools } from './tools.js';

/** One lead of a WFDB record. */
export interface WfdbLead {
  /** As the header names it. */
  name: string;
  samplingRateHz: number;
  samplesUv: Float32Array;
}

/**
 * Reads one lead of a WFDB record (formats 16 and 212).
 *
 * @param files The header and the signal files it names, by file name.
 * @param headerName Which of them is the header.
 * @param lead Name of the lead; the first one by default.
 * @throws {PqrstError} when a file is missing, cut short or not of these formats, or the lead does not exist.
 */
export async function readWfdb(
  files: ReadonlyMap<string, Uint8Array>,
  headerName: string,
  lead?: string,
): Promise<WfdbLead> {
  const { WfdbRecord } = await tools();
  return guarded(() => {
    const record = new WfdbRecord(files, headerName);
    try {
      const name = lead ?? record.leads()[0] ?? '';
      return { name, samplingRateHz: record.samplingRateOf(lead), samplesUv: record.samplesUv(lead) };
    } finally {
      record.free();
    }
  });
}

/** Names of the signal files in a WFDB header, each once, in order. Only plain names: a header may not point elsewhere. */
export function signalFiles(header: string): string[] {
  const lines = header.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const count = Number.parseInt(lines[0]?.trim().split(/\s+/)[1] ?? '', 10);
  const names = lines.slice(1, 1 + (Number.isFinite(count) ? count : 0)).map((line) => line.trim().split(/\s+/)[0] ?? '');
  return [...new Set(names)].filter((name) => name !== '' && name !== '~' && name !== '-' && !/[/\\]/.test(name));
}
