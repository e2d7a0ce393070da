import { guarded, invalid, PqrstError } from '../error.js';
import { number, optionalNumber, optionalText, settings, text } from '../options.js';
import { filesModule } from '../tools.js';
import type { FilesExports, RecordCore } from '../wasm-types.js';
import { fileSetOf, type Files, type FileSet } from './file-set.js';

/** Formats that a record can be converted to. */
export type RecordFormat = 'wfdb' | 'edf' | 'csv';

/** What a file may leave open: plain columns of numbers say neither rate nor unit. What it says itself is believed first. */
export interface OpenOptions {
  /** Which of the files is opened first; found by content and name when left out. */
  name?: string;
  /** Samples a second. */
  samplingRateHz?: number;
  /** Unit of the numbers. */
  unit?: 'uV' | 'mV' | 'V';
  /** Numbers a unit, for whole numbers of a converter. */
  gain?: number;
  /** Columns that hold a lead, counted from 1; every column that is no time when left out. */
  columns?: readonly number[];
}

/** A lead of a record. Its name is as the file gives it, and stays with whoever opened the file. */
export interface EcgLead {
  name: string;
  samplingRateHz: number;
}

/**
 * Something that the file marks: a beat, a wave or a change of rhythm (`code`, as WFDB writes it; the text of `+` is the
 * rhythm's name, such as `(AFIB`), or what its text says.
 */
export interface EcgMark {
  timeS: number;
  durationS: number | null;
  code: string | null;
  text: string;
}

/** Files for your own disk. They hold samples and nothing that tells whose they are. */
export interface Conversion {
  files: [name: string, bytes: Uint8Array][];
  /** Largest difference between a sample and what was written of it, in microvolts. */
  roundingUv: number;
  /** False where the checksum of a lead does not agree, null where not every lead has one. */
  checksumAgrees: boolean | null;
}

/**
 * Opens a record: WFDB, EDF and EDF+, BDF, HL7 aECG, DICOM, SCP-ECG, ISHNE, Apple Health, Polar Sensor Logger,
 * AliveCor, MAT-files of the PhysioNet Challenges, Movesense SBEM, plain CSV.
 *
 * @throws {PqrstError} `import.…` when the files cannot be read, `wasm.load` when the module cannot.
 */
export async function openRecord(files: Files, options: OpenOptions = {}): Promise<EcgRecord> {
  const [module, set] = [await filesModule(), await fileSetOf(files)];
  return guarded(() => new EcgRecord(module, set, settings(options)));
}

/** An opened record. Its header has been read; samples are read when they are asked for. */
export class EcgRecord {
  /** Which importer reads it: `edf`, `wfdb`, … */
  readonly format: string;
  readonly leads: readonly EcgLead[];
  #core: RecordCore | undefined;

  /** Use {@link openRecord}. */
  constructor(module: FilesExports, files: FileSet, { name, samplingRateHz, unit, gain, columns }: OpenOptions) {
    const first = optionalText(name, 'name') ?? module.firstFile(files, files.names());
    if (first === undefined) throw new PqrstError('import.unknownFormat', 'no importer knows any of these files');
    this.#core = new module.RecordCore(
      files,
      first,
      optionalNumber(samplingRateHz, 'samplingRateHz'),
      optionalText(unit, 'unit'),
      optionalNumber(gain, 'gain'),
      Uint32Array.from(columns ?? [], (column) => number(column, 'each of columns')),
    );
    this.format = this.#core.format;
    const rates = this.#core.samplingRatesHz();
    this.leads = this.#core.leads().map((lead, i) => ({ name: lead, samplingRateHz: rates[i] ?? 0 }));
  }

  /** How much has been read by {@link blocks}, 0 to 1. */
  get progress(): number {
    return this.#opened().progress;
  }

  /**
   * Whether the checksum that the file has for the lead which was read last agrees with its samples: false says that the
   * file is damaged, or was made by a writer that errs. Null before the lead's end is reached, and where the file has none.
   */
  get checksumAgrees(): boolean | null {
    return this.#opened().checksumAgrees ?? null;
  }

  /** The lead of this name or at this place; the first ECG lead when none is given. */
  lead(name?: string | number): EcgLead {
    const found = this.leads[this.#place(name)];
    if (!found) throw noSuchLead();
    return found;
  }

  /**
   * The samples of a lead in microvolts, some ten thousand at a time; NaN where there are none. One lead is read at a
   * time: a second call begins anew.
   */
  *blocks(lead?: string | number): Generator<Float32Array, void, undefined> {
    const core = this.#opened();
    guarded(() => core.start(this.#place(lead)));
    for (let block = guarded(() => core.next()); block; block = guarded(() => this.#opened().next())) yield block;
  }

  /** All samples of a lead in microvolts; NaN where there are none. */
  samplesUv(lead?: string | number): Float32Array {
    const blocks = [...this.blocks(lead)];
    const all = new Float32Array(blocks.reduce((length, block) => length + block.length, 0));
    let at = 0;
    for (const block of blocks) {
      all.set(block, at);
      at += block.length;
    }
    return all;
  }

  /** What the file marks, as far as it has been read. The texts are the file's own: they may say anything. */
  marks(): EcgMark[] {
    return guarded(() => this.#opened().marks());
  }

  /** All leads in another format, without anything that tells whose they are. `name` is what the files are called. */
  convert(format: RecordFormat, name = 'record'): Conversion {
    return guarded(() => this.#opened().convert(text(format, 'format'), text(name, 'name')));
  }

  /** Lets the memory go. */
  dispose(): void {
    this.#core?.free();
    this.#core = undefined;
  }

  #place(lead: string | number | undefined): number {
    const place = typeof lead === 'number' ? lead : this.#opened().find(optionalText(lead, 'lead'));
    if (place === undefined || !this.leads[place]) throw noSuchLead();
    return place;
  }

  #opened(): RecordCore {
    if (!this.#core) throw invalid('the record was disposed of');
    return this.#core;
  }
}

function noSuchLead(): PqrstError {
  return new PqrstError('import.noSuchLead', 'the record has no such lead');
}
