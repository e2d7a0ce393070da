import type { Report } from 'pqrst';

/** What the worker tells of a file. */
export type FileNews =
  | { kind: 'opened'; format: string; leads: number }
  | { kind: 'progress'; part: number }
  /** `damaged`: a checksum of the file does not agree with its samples. */
  | { kind: 'report'; report: Report; damaged: boolean }
  | { kind: 'failed'; code: string };
