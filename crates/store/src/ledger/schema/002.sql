-- Since when a re-scan of its window no longer lists the row; NULL while it is listed.
ALTER TABLE judgments ADD COLUMN not_listed_since INTEGER;

-- The last day that the next walk of a proven window is to reach ('' for the day it has), and when its
-- total was last compared without a walk.
ALTER TABLE windows ADD COLUMN grow_to TEXT NOT NULL DEFAULT '';
ALTER TABLE windows ADD COLUMN counted_at INTEGER;
-- What of its dates is listed no more: 0 never looked at, 1 looked at, 2 to be looked at when the walks of its
-- court that are under way have ended.
ALTER TABLE windows ADD COLUMN judged INTEGER NOT NULL DEFAULT 0;
CREATE INDEX windows_unjudged ON windows (source, court) WHERE judged = 2;

-- What a person has to look at. One open alarm a kind, source, court and subject.
CREATE TABLE alarms (
    id              INTEGER PRIMARY KEY,
    kind            TEXT NOT NULL,
    source          TEXT NOT NULL,
    court           TEXT NOT NULL,         -- '' for all of the source
    subject         TEXT NOT NULL,         -- window, layout, field: what it is about
    what            TEXT NOT NULL,
    since           TEXT NOT NULL,         -- day
    advice          TEXT NOT NULL,
    raised_run      INTEGER NOT NULL,
    raised_at       INTEGER NOT NULL,
    seen_run        INTEGER NOT NULL,
    seen_at         INTEGER NOT NULL,
    acknowledged_at INTEGER,
    closed_at       INTEGER
);
CREATE UNIQUE INDEX alarms_open ON alarms (kind, source, court, subject) WHERE closed_at IS NULL;

-- Rows that print each field, by the day of the run that read them.
CREATE TABLE field_days (
    source TEXT NOT NULL,
    court  TEXT NOT NULL,
    field  TEXT NOT NULL,
    day    TEXT NOT NULL,
    rows   INTEGER NOT NULL,
    filled INTEGER NOT NULL,
    PRIMARY KEY (source, court, field, day)
) WITHOUT ROWID;

-- Layouts of pages that were read and believed.
CREATE TABLE layouts (
    source      TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    news        TEXT NOT NULL,             -- what was new about it
    first_day   TEXT NOT NULL,
    PRIMARY KEY (source, fingerprint)
) WITHOUT ROWID;

-- Documents whose text took too long to be had, with the run that tried.
CREATE TABLE text_timeouts (
    sha256 BLOB PRIMARY KEY,
    run    INTEGER NOT NULL
) WITHOUT ROWID;

-- Rows to be shown to nobody, by whose order and since when; `what` is a CNR or a row's key.
CREATE TABLE removals (
    what   TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    since  TEXT NOT NULL
) WITHOUT ROWID;
ALTER TABLE judgments ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX judgments_removed ON judgments (key) WHERE removed = 1;

-- Documents that a row had before those that `judgments` names: the row and all of them are removed together.
CREATE TABLE row_documents (
    row_id INTEGER NOT NULL REFERENCES judgments (id),
    sha256 BLOB NOT NULL,
    PRIMARY KEY (row_id, sha256)
) WITHOUT ROWID;
CREATE INDEX row_documents_blob ON row_documents (sha256);
CREATE INDEX judgments_last_blob ON judgments (doc_last_sha256) WHERE doc_last_sha256 IS NOT NULL;

CREATE TRIGGER judgments_document AFTER UPDATE OF doc_sha256 ON judgments
    WHEN old.doc_sha256 IS NOT NULL AND old.doc_sha256 IS NOT new.doc_sha256
BEGIN
    INSERT OR IGNORE INTO row_documents (row_id, sha256) VALUES (new.id, old.doc_sha256);
END;

CREATE TRIGGER judgments_last_document AFTER UPDATE OF doc_last_sha256 ON judgments
    WHEN old.doc_last_sha256 IS NOT NULL AND old.doc_last_sha256 IS NOT new.doc_last_sha256
BEGIN
    INSERT OR IGNORE INTO row_documents (row_id, sha256) VALUES (new.id, old.doc_last_sha256);
END;

-- Figures about the rows, kept by the triggers below, so that nobody has to count millions of rows to learn
-- that nothing changed.

-- Partitions of the published tables, with the rows that are shown. `version` grows with every change of a row; the other numbers are the
-- version that each layer was last made from.
CREATE TABLE partitions (
    year      INTEGER NOT NULL,
    court     TEXT NOT NULL,
    bench     TEXT NOT NULL,
    rows      INTEGER NOT NULL,
    version   INTEGER NOT NULL,
    published INTEGER NOT NULL DEFAULT -1,
    extracted INTEGER NOT NULL DEFAULT -1,
    indexed   INTEGER NOT NULL DEFAULT -1,
    PRIMARY KEY (year, court, bench)
) WITHOUT ROWID;
INSERT INTO partitions (year, court, bench, rows, version)
    SELECT year, court, bench, count(*), 0 FROM judgments GROUP BY year, court, bench;

-- Rows by day of decision.
CREATE TABLE listed_days (
    source TEXT NOT NULL,
    court  TEXT NOT NULL,
    day    TEXT NOT NULL,
    rows   INTEGER NOT NULL,
    PRIMARY KEY (source, court, day)
) WITHOUT ROWID;
INSERT INTO listed_days
    SELECT source, court, decision_date, count(*) FROM judgments WHERE decision_date <> ''
    GROUP BY source, court, decision_date;

-- Documents by outcome.
CREATE TABLE document_sums (
    source TEXT NOT NULL,
    court  TEXT NOT NULL,
    state  TEXT NOT NULL,
    reason TEXT NOT NULL,                  -- '' for none
    number INTEGER NOT NULL,
    PRIMARY KEY (source, court, state, reason)
) WITHOUT ROWID;
INSERT INTO document_sums
    SELECT source, court, doc_state, coalesce(doc_reason, ''), count(*) FROM judgments
    GROUP BY source, court, doc_state, coalesce(doc_reason, '');

CREATE TRIGGER judgments_added AFTER INSERT ON judgments BEGIN
    INSERT INTO partitions (year, court, bench, rows, version) VALUES (new.year, new.court, new.bench, 1, 1)
        ON CONFLICT DO UPDATE SET rows = rows + 1, version = version + 1;
    INSERT INTO listed_days SELECT new.source, new.court, new.decision_date, 1 WHERE new.decision_date <> ''
        ON CONFLICT DO UPDATE SET rows = rows + 1;
    INSERT INTO document_sums VALUES (new.source, new.court, new.doc_state, coalesce(new.doc_reason, ''), 1)
        ON CONFLICT DO UPDATE SET number = number + 1;
    UPDATE judgments SET removed = 1, doc_state = 'missing', doc_reason = 'removed' WHERE id = new.id
        AND EXISTS (SELECT 1 FROM removals WHERE what IN (new.key, nullif(new.cnr, '')));
END;

CREATE TRIGGER judgments_hidden AFTER UPDATE OF removed ON judgments WHEN old.removed <> new.removed BEGIN
    UPDATE partitions SET rows = rows + old.removed - new.removed, version = version + 1
        WHERE year = new.year AND court = new.court AND bench = new.bench;
END;

-- A row that is hidden wants no document, whatever becomes of it.
CREATE TRIGGER judgments_stay_hidden AFTER UPDATE OF doc_state, doc_reason ON judgments
    WHEN new.removed = 1 AND new.doc_reason IS NOT 'removed'
BEGIN
    UPDATE judgments SET doc_state = 'missing', doc_reason = 'removed' WHERE id = new.id;
END;

CREATE TRIGGER judgments_changed AFTER UPDATE OF cnr, order_no, row_hash, first_seen, last_seen, capture_id,
    capture_row, doc_state, doc_sha256, doc_size, doc_pages, doc_check, doc_reason, not_listed_since ON judgments
BEGIN
    UPDATE partitions SET version = version + 1
        WHERE year = new.year AND court = new.court AND bench = new.bench;
END;

CREATE TRIGGER judgments_moved AFTER UPDATE OF year, decision_date ON judgments
    WHEN old.year <> new.year OR old.decision_date <> new.decision_date
BEGIN
    UPDATE partitions SET rows = rows - 1 + old.removed, version = version + 1
        WHERE year = old.year AND court = old.court AND bench = old.bench;
    INSERT INTO partitions (year, court, bench, rows, version)
        VALUES (new.year, new.court, new.bench, 1 - new.removed, 1)
        ON CONFLICT DO UPDATE SET rows = rows + excluded.rows, version = version + 1;
    UPDATE listed_days SET rows = rows - 1
        WHERE source = old.source AND court = old.court AND day = old.decision_date;
    INSERT INTO listed_days SELECT new.source, new.court, new.decision_date, 1 WHERE new.decision_date <> ''
        ON CONFLICT DO UPDATE SET rows = rows + 1;
END;

CREATE TRIGGER judgments_settled AFTER UPDATE OF doc_state, doc_reason ON judgments
    WHEN old.doc_state <> new.doc_state OR old.doc_reason IS NOT new.doc_reason
BEGIN
    UPDATE document_sums SET number = number - 1 WHERE source = old.source AND court = old.court
        AND state = old.doc_state AND reason = coalesce(old.doc_reason, '');
    INSERT INTO document_sums VALUES (new.source, new.court, new.doc_state, coalesce(new.doc_reason, ''), 1)
        ON CONFLICT DO UPDATE SET number = number + 1;
END;

-- Wanted documents that are not to be tried before an instant.
CREATE INDEX judgments_waiting ON judgments (source, court, doc_next_at)
    WHERE doc_state = 'pending' AND doc_next_at IS NOT NULL;
-- The sums above count outcomes; what is left to be found are the documents given up.
DROP INDEX judgments_outcome;
CREATE INDEX judgments_missing ON judgments (source, doc_at) WHERE doc_state = 'missing';
