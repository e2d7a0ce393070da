/** What `--help` prints. */
export const USAGE = `Usage:
  pqrst analyze FILE.hea [--lead NAME] [--all-leads] [--json]
  pqrst annotate FILE.hea.. --out DIR [--lead NAME] [--csv]

analyze   prints what was found in a WFDB record (formats 16 and 212); --json prints the whole report;
          --all-leads judges the quality of every lead and of the record: jointly from eight leads on
          (rule jointLeads), otherwise the record is as good as its best lead (rule bestLead)
annotate  writes the R peaks of each record to DIR/<record>.pqrst (WFDB annotations),
          or with --csv to DIR/<record>.csv (one sample index a line)

Exit codes: 0 done, 2 usage, 3 unreadable input.`;

/** An end that the user can understand: 2 usage, 3 unreadable input. */
export class Failure extends Error {
  /** What the process ends with. */
  readonly exitCode: 2 | 3;

  /** @param message one line, without the program's name. */
  constructor(exitCode: 2 | 3, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
