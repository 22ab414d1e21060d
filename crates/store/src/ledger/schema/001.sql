-- Times are microseconds since 1970, dates YYYY-MM-DD ('' for none), hashes 32 bytes.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE runs (
    id          INTEGER PRIMARY KEY,
    pipeline    TEXT NOT NULL,
    config      BLOB NOT NULL,
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    outcome     TEXT,
    requests    INTEGER NOT NULL DEFAULT 0,
    epochs      INTEGER NOT NULL DEFAULT 0,
    resumes     INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX runs_open ON runs (pipeline) WHERE finished_at IS NULL;

CREATE TABLE windows (
    id            INTEGER PRIMARY KEY,
    source        TEXT NOT NULL,
    court         TEXT NOT NULL,
    bench         TEXT NOT NULL,           -- '' for all benches
    first_day     TEXT NOT NULL,
    last_day      TEXT NOT NULL,
    parent        INTEGER REFERENCES windows (id),
    state         TEXT NOT NULL DEFAULT 'open',
    walk          INTEGER NOT NULL DEFAULT 1,
    first_total   INTEGER,
    last_total    INTEGER,
    pages_done    INTEGER NOT NULL DEFAULT 0,
    next_start    INTEGER NOT NULL DEFAULT 0,
    accepted      INTEGER NOT NULL DEFAULT 0,
    quarantined   INTEGER NOT NULL DEFAULT 0,
    repeats       INTEGER NOT NULL DEFAULT 0,
    attempts      INTEGER NOT NULL DEFAULT 0,
    next_at       INTEGER,
    last_error    TEXT,
    last_run      INTEGER,
    completed_at  INTEGER,
    verified_at   INTEGER,
    completed_run INTEGER,
    UNIQUE (source, court, first_day, last_day, bench)
);
CREATE INDEX windows_parent ON windows (parent) WHERE parent IS NOT NULL;

-- The pages of a window's current walk.
CREATE TABLE pages (
    window_id            INTEGER NOT NULL REFERENCES windows (id),
    start                INTEGER NOT NULL,
    run                  INTEGER NOT NULL,
    epoch                INTEGER NOT NULL,
    capture_id           TEXT NOT NULL,
    total                INTEGER NOT NULL,
    row_count            INTEGER NOT NULL,
    new                  INTEGER NOT NULL,
    unchanged            INTEGER NOT NULL,
    updated              INTEGER NOT NULL,
    quarantined          INTEGER NOT NULL,
    repeats_in_page      INTEGER NOT NULL,
    repeats_across_pages INTEGER NOT NULL,
    serials              TEXT NOT NULL,    -- ranges: 1-1000,1002-1003
    PRIMARY KEY (window_id, start)
) WITHOUT ROWID;

-- Sessions that said a window is empty, in its current walk.
CREATE TABLE zeros (
    window_id  INTEGER NOT NULL REFERENCES windows (id),
    run        INTEGER NOT NULL,
    epoch      INTEGER NOT NULL,
    capture_id TEXT NOT NULL,
    PRIMARY KEY (window_id, run, epoch)
) WITHOUT ROWID;

-- What a window's current walk saw: kind 0 a judgment, kind 1 a row in quarantine.
CREATE TABLE members (
    window_id INTEGER NOT NULL REFERENCES windows (id),
    kind      INTEGER NOT NULL,
    item      INTEGER NOT NULL,
    PRIMARY KEY (window_id, kind, item)
) WITHOUT ROWID;
CREATE INDEX members_quarantined ON members (item) WHERE kind = 1;

-- One row a listed judgment, with what became of its document. Its values lie in judgment_values,
-- so that walks over all rows touch little.
CREATE TABLE judgments (
    id              INTEGER PRIMARY KEY,
    key             TEXT NOT NULL UNIQUE,
    source          TEXT NOT NULL,
    court           TEXT NOT NULL,
    bench           TEXT NOT NULL,
    year            INTEGER NOT NULL,
    decision_date   TEXT NOT NULL,
    cnr             TEXT NOT NULL,
    order_no        INTEGER NOT NULL,      -- -1 for none
    row_hash        BLOB NOT NULL,
    first_seen      INTEGER NOT NULL,
    last_seen       INTEGER NOT NULL,
    capture_id      TEXT NOT NULL,
    capture_row     INTEGER NOT NULL,
    doc_state       TEXT NOT NULL,         -- pending, stored, missing
    doc_sha256      BLOB,
    doc_size        INTEGER,
    doc_pages       INTEGER,
    doc_check       TEXT,
    doc_reason      TEXT,
    doc_run         INTEGER,
    doc_at          INTEGER,
    doc_attempts    INTEGER NOT NULL DEFAULT 0,
    doc_next_at     INTEGER,
    doc_error       TEXT,
    doc_last_sha256 BLOB
);
CREATE UNIQUE INDEX judgments_order ON judgments (year, court, bench, decision_date, cnr, order_no, key);
CREATE INDEX judgments_pending ON judgments (source, court, decision_date, key) WHERE doc_state = 'pending';
CREATE INDEX judgments_outcome ON judgments (source, court, doc_state, doc_reason, doc_next_at);
CREATE INDEX judgments_blob ON judgments (doc_sha256) WHERE doc_sha256 IS NOT NULL;

CREATE TABLE judgment_values (
    row_id   INTEGER PRIMARY KEY REFERENCES judgments (id),
    judgment TEXT NOT NULL,                -- JSON
    handle   TEXT NOT NULL                 -- JSON
);

CREATE TABLE revisions (
    id      INTEGER PRIMARY KEY,
    year    INTEGER NOT NULL,
    row_key TEXT NOT NULL,
    field   TEXT NOT NULL,
    old     TEXT,                          -- JSON
    new     TEXT,                          -- JSON
    seen    INTEGER NOT NULL
);
CREATE INDEX revisions_order ON revisions (year, seen, row_key, field, id);

CREATE TABLE quarantine (
    id          INTEGER PRIMARY KEY,
    key         BLOB NOT NULL UNIQUE,
    source      TEXT NOT NULL,
    court       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    detail      TEXT NOT NULL,
    html        TEXT NOT NULL,
    capture_id  TEXT NOT NULL,
    capture_row INTEGER NOT NULL,
    first_seen  INTEGER NOT NULL,
    last_seen   INTEGER NOT NULL
);

-- The durable length of each WARC file; bytes beyond it are a torn tail.
CREATE TABLE warc_files (
    name   TEXT PRIMARY KEY,
    run    INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    length INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE captures (
    id        TEXT PRIMARY KEY,
    file      TEXT NOT NULL REFERENCES warc_files (name),
    place     INTEGER NOT NULL,            -- offset of the response record
    length    INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE blobs (
    sha256    BLOB PRIMARY KEY,
    size      INTEGER NOT NULL,
    stored_at INTEGER NOT NULL
) WITHOUT ROWID;

-- What extraction gave for a published document.
CREATE TABLE texts (
    sha256 BLOB PRIMARY KEY,
    digest BLOB NOT NULL,
    pages  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE artifacts (
    path   TEXT PRIMARY KEY,
    layer  TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    rows   INTEGER NOT NULL,
    bytes  INTEGER NOT NULL,
    input  BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE captchas (
    run      INTEGER NOT NULL,
    portal   TEXT NOT NULL,
    solver   TEXT NOT NULL,
    model    TEXT NOT NULL,
    length   INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    PRIMARY KEY (run, portal, solver, model, length)
) WITHOUT ROWID;

CREATE TABLE requests (
    run      INTEGER NOT NULL,
    host     TEXT NOT NULL,
    kind     TEXT NOT NULL,
    requests INTEGER NOT NULL,
    bytes    INTEGER NOT NULL,
    PRIMARY KEY (run, host, kind)
) WITHOUT ROWID;
