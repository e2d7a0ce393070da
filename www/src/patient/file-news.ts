import type { Report } from 'pqrst';

/** What the worker tells of a file. */
export type FileNews =
  | { kind: 'opened'; format: string; leads: number }
  | { kind: 'progress'; part: number }
  | { kind: 'report'; report: Report }
  | { kind: 'failed'; code: string };
