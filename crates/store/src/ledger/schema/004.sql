-- Cases as the case portals show them, with the view they were seen in last: a page, or a row of a search.
CREATE TABLE cases (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    portal     TEXT NOT NULL,
    court      TEXT NOT NULL,
    bench      TEXT NOT NULL,
    year       INTEGER NOT NULL,
    cnr        TEXT NOT NULL,              -- '' for none
    view       TEXT NOT NULL,
    row_hash   BLOB NOT NULL,              -- of `value`
    hearings   INTEGER NOT NULL,
    orders     INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    capture_id TEXT,
    value      TEXT NOT NULL
);
CREATE INDEX cases_place ON cases (year, court, bench, key);
CREATE INDEX cases_cnr ON cases (cnr) WHERE cnr <> '';

-- Lines of cause lists. One that changes is another line; `last_seen` tells until when the old one stood.
CREATE TABLE case_listings (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    portal      TEXT NOT NULL,
    court       TEXT NOT NULL,
    bench       TEXT NOT NULL,
    year        INTEGER NOT NULL,
    cnr         TEXT NOT NULL,
    list        TEXT NOT NULL,             -- whose list, as it was asked for
    day         TEXT NOT NULL,
    row_hash    BLOB NOT NULL,
    first_seen  INTEGER NOT NULL,
    last_seen   INTEGER NOT NULL,
    capture_id  TEXT,
    capture_row INTEGER NOT NULL,
    value       TEXT NOT NULL
);
CREATE INDEX case_listings_place ON case_listings (year, court, bench, day, key);

-- Documents of orders and lists, by the row that names them and their place in it.
CREATE TABLE case_documents (
    owner  TEXT NOT NULL,
    slot   TEXT NOT NULL,
    state  TEXT NOT NULL,                  -- stored, missing
    reason TEXT,
    sha256 BLOB,
    size   INTEGER,
    PRIMARY KEY (owner, slot)
) WITHOUT ROWID;
CREATE INDEX case_documents_blob ON case_documents (sha256) WHERE sha256 IS NOT NULL;

-- What the case portals were to be asked, and what became of it.
CREATE TABLE case_items (
    id         INTEGER PRIMARY KEY,
    ask        TEXT NOT NULL UNIQUE,
    portal     TEXT NOT NULL,
    state      TEXT NOT NULL DEFAULT 'open',  -- open, found, none, failed
    reason     TEXT,
    attempts   INTEGER NOT NULL DEFAULT 0,
    run        INTEGER,                    -- the run that settled it
    settled_at INTEGER,
    documents  INTEGER NOT NULL DEFAULT 0  -- whether its documents were fetched as well
);
CREATE INDEX case_items_state ON case_items (portal, state);

-- What an answer led to: a search by number to the cases it found.
CREATE TABLE case_follow_ups (
    parent INTEGER NOT NULL REFERENCES case_items (id),
    child  INTEGER NOT NULL REFERENCES case_items (id),
    PRIMARY KEY (parent, child)
) WITHOUT ROWID;

-- Cases and lines that are to be shown to nobody.
CREATE VIEW removed_cases (key) AS
    SELECT key FROM cases WHERE key IN (SELECT what FROM removals) OR cnr IN (SELECT what FROM removals WHERE what <> '')
    UNION ALL
    SELECT key FROM case_listings
    WHERE key IN (SELECT what FROM removals) OR cnr IN (SELECT what FROM removals WHERE what <> '');
