-- Red flags: which results raised one, and who acknowledged it when.

ALTER TABLE result ADD COLUMN flagged INTEGER NOT NULL DEFAULT 0 CHECK (flagged IN (0, 1));

CREATE TABLE acknowledgement (
    report_id    TEXT    PRIMARY KEY REFERENCES result (report_id) ON DELETE CASCADE,
    clinician_id INTEGER NOT NULL REFERENCES clinician (id),
    at_ms        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
