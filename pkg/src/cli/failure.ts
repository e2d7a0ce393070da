/** What `--help` prints. */
export const USAGE = `Usage:
  pqrst analyze FILE [--lead NAME] [--all-leads] [--hrv-recipe NAME] [--hrv-correct] [--json]
  pqrst analyze --rr FILE [--hrv-recipe NAME] [--hrv-correct] [--json]
  pqrst annotate FILE.. --out DIR [--lead NAME] [--waves] [--csv]
  pqrst convert FILE.. --to wfdb|edf|csv --out DIR [--name NAME]

analyze   prints what was found in a record; --json prints the whole report;
          --all-leads judges the quality of every lead and of the record: jointly from eight leads on
          (rule jointLeads), otherwise the record is as good as its best lead (rule bestLead);
          --rr takes a list of RR intervals, one a line in milliseconds or seconds;
          --hrv-recipe computes variability as pqrst, hrv-analysis, pyhrv, systole or neurokit does,
          --hrv-correct mends artefacts (Lipponen and Tarvainen 2019) in place of leaving them out
annotate  writes the beats of each record with their classes (N, S, V, F, Q when unsure) and the changes of
          rhythm to DIR/<record>.pqrst (WFDB annotations), with --waves the onsets, peaks and ends of P, QRS
          and T as well, or with --csv the beats alone to DIR/<record>.csv (one sample index a line)
convert   writes all leads of each record to DIR/record.hea, .edf or .csv, without names, dates,
          identifiers and remarks, and the beats, waves and rhythms that it marks (WFDB, EDF);
          --name calls them otherwise

Formats: WFDB (.hea), EDF, EDF+, BDF, HL7 aECG, DICOM, SCP-ECG, ISHNE, Apple Health, Polar Sensor Logger,
AliveCor .atc, PhysioNet Challenge .mat, Movesense .sbem, and columns of numbers (.csv, .txt). Columns that
do not say it themselves need --rate HZ, --unit uV|mV|V, and maybe --gain N (numbers a unit) and
--columns 2,3 (which hold a lead, counted from 1).

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
