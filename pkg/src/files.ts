/** Record files: opened, read block by block, analysed, converted. Nothing leaves the browser or the machine. */
export { load } from './load.js';
export { PqrstError } from './error.js';
export { EcgRecord, openRecord, type Conversion, type EcgLead, type EcgMark, type OpenOptions, type RecordFormat } from './files/record.js';
export { analyzeRecord, type AnalyzeRecordOptions } from './files/analyze-record.js';
export type { FileSet, Files } from './files/file-set.js';
