-- Times are milliseconds since 1970 UTC by the portal's clock. Secrets are stored as SHA-256 digests only.

CREATE TABLE clinician (
    id            INTEGER PRIMARY KEY,
    name          TEXT    NOT NULL UNIQUE COLLATE NOCASE,
    password      TEXT    NOT NULL, -- PHC string, argon2id
    created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
    token_digest  BLOB    PRIMARY KEY,
    clinician_id  INTEGER NOT NULL REFERENCES clinician (id) ON DELETE CASCADE,
    expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_clinician ON session (clinician_id, expires_at_ms);

-- One invitation at a time: a new link overwrites the old one's digest.
CREATE TABLE visit (
    id                       TEXT    PRIMARY KEY, -- the pseudonym that bundles name
    clinician_id             INTEGER NOT NULL REFERENCES clinician (id),
    code                     TEXT    NOT NULL,
    mode                     TEXT    NOT NULL CHECK (mode IN ('real', 'demo')),
    test                     TEXT    NOT NULL CHECK (test IN ('rest-30s', 'rest-5min')),
    created_at_ms            INTEGER NOT NULL,
    invitation_digest        BLOB    NOT NULL UNIQUE,
    invitation_expires_at_ms INTEGER NOT NULL,
    UNIQUE (clinician_id, code)
) STRICT;

-- The tabs that opened the current link.
CREATE TABLE opener (
    visit_id TEXT NOT NULL REFERENCES visit (id),
    digest   BLOB NOT NULL,
    PRIMARY KEY (visit_id, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE result (
    report_id       TEXT    PRIMARY KEY, -- stored once: this key is the judge
    visit_id        TEXT    NOT NULL REFERENCES visit (id),
    summary         TEXT    NOT NULL,    -- canonical JSON
    received        BLOB    NOT NULL CHECK (length(received) <= 65536),
    received_at_ms  INTEGER NOT NULL,
    recorded_ago_ms INTEGER NOT NULL CHECK (recorded_ago_ms >= 0)
) STRICT;

CREATE INDEX result_by_visit ON result (visit_id);

-- AUTOINCREMENT: a number is never given twice, also after its row went, so that Last-Event-ID stays true.
CREATE TABLE event (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    visit_id TEXT    NOT NULL REFERENCES visit (id),
    kind     TEXT    NOT NULL CHECK (kind IN ('live', 'result', 'opened')),
    data     TEXT    NOT NULL, -- live: the status; opened: the number of tabs; result: the report id
    at_ms    INTEGER NOT NULL
) STRICT;

CREATE INDEX event_by_visit ON event (visit_id, kind, seq);
