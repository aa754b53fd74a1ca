-- The spine: who is known, what was sent of them, how they are linked, and what folds them.

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Running totals, kept by the writer so that nothing has to count millions of rows.
CREATE TABLE total (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE namespace (
    id        INTEGER PRIMARY KEY,
    code      TEXT    NOT NULL COLLATE NOCASE UNIQUE,
    kind      TEXT    NOT NULL,
    is_unique INTEGER NOT NULL,
    priority  INTEGER
) STRICT;

CREATE TABLE dataset (
    id             INTEGER PRIMARY KEY,
    name           TEXT    NOT NULL UNIQUE,
    kind           TEXT    NOT NULL,
    channel        TEXT,
    upsert         INTEGER NOT NULL,
    keeps_versions INTEGER NOT NULL
) STRICT;

CREATE TABLE dictionary (
    id    INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE batch (
    id          INTEGER PRIMARY KEY,
    import      INTEGER NOT NULL,
    dataset     INTEGER NOT NULL REFERENCES dataset (id),
    ingested_at INTEGER NOT NULL,
    files       TEXT    NOT NULL,
    fingerprint TEXT    NOT NULL,
    dictionary  INTEGER REFERENCES dictionary (id),
    read        INTEGER NOT NULL,
    accepted    INTEGER NOT NULL,
    replaced    INTEGER NOT NULL,
    rejected    INTEGER NOT NULL,
    duplicates  INTEGER NOT NULL
) STRICT;

CREATE INDEX batch_by_dataset ON batch (dataset);

-- The cluster is a label: the smallest id of the identities that links hold together.
CREATE TABLE identity (
    id         INTEGER PRIMARY KEY,
    namespace  INTEGER NOT NULL,
    value      TEXT    NOT NULL,
    cluster    INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    source_set INTEGER NOT NULL,
    fragments  INTEGER NOT NULL,
    events     INTEGER NOT NULL,
    last_event INTEGER
) STRICT;

-- Which datasets hold a fragment or event of a primary identity, as a sorted JSON list of ids; 0 is none.
CREATE TABLE source_set (
    id       INTEGER PRIMARY KEY,
    datasets TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE deleted_identity (
    namespace  INTEGER NOT NULL,
    value      TEXT    NOT NULL,
    deleted_at INTEGER NOT NULL,
    PRIMARY KEY (value, namespace)
) STRICT, WITHOUT ROWID;

CREATE TABLE link (
    a           INTEGER NOT NULL,
    b           INTEGER NOT NULL,
    is_kept     INTEGER NOT NULL,
    since_batch INTEGER NOT NULL,
    since_row   INTEGER NOT NULL,
    first_batch INTEGER NOT NULL,
    first_row   INTEGER NOT NULL,
    first_line  INTEGER NOT NULL,
    last_batch  INTEGER NOT NULL,
    last_row    INTEGER NOT NULL,
    seen        INTEGER NOT NULL,
    PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;

-- The rows of a batch that show a link, where they are more than its first sighting.
CREATE TABLE link_source (
    a          INTEGER NOT NULL,
    b          INTEGER NOT NULL,
    batch      INTEGER NOT NULL,
    first_line INTEGER NOT NULL,
    last_line  INTEGER NOT NULL,
    seen       INTEGER NOT NULL,
    PRIMARY KEY (a, b, batch)
) STRICT, WITHOUT ROWID;

-- The intervals in which a link held, once they are over; the one that lasts is in the link itself.
CREATE TABLE link_interval (
    a           INTEGER NOT NULL,
    b           INTEGER NOT NULL,
    since_batch INTEGER NOT NULL,
    since_row   INTEGER NOT NULL,
    until_batch INTEGER NOT NULL,
    until_row   INTEGER NOT NULL,
    until_line  INTEGER NOT NULL,
    reason      TEXT    NOT NULL,
    PRIMARY KEY (a, b, since_batch, since_row, until_batch, until_row)
) STRICT, WITHOUT ROWID;

-- The identities of every record in arrival order, many records to a row; key = batch << 32 | first row.
CREATE TABLE observation (
    key   INTEGER PRIMARY KEY,
    rows  INTEGER NOT NULL,
    bytes BLOB    NOT NULL
) STRICT;

-- Rows, or identities of rows, that took no part in linking.
CREATE TABLE refusal (
    batch  INTEGER NOT NULL,
    line   INTEGER NOT NULL,
    n      INTEGER NOT NULL,
    detail TEXT    NOT NULL,
    PRIMARY KEY (batch, line, n)
) STRICT, WITHOUT ROWID;

-- Versions of fragments; key = identity << 24 | n, so that what is held of an identity lies together.
CREATE TABLE fragment (
    key           INTEGER PRIMARY KEY,
    dataset       INTEGER NOT NULL,
    batch         INTEGER NOT NULL,
    line          INTEGER NOT NULL,
    operation     INTEGER NOT NULL,
    customer_time INTEGER,
    touches       BLOB,
    secondary     BLOB,
    body          BLOB    NOT NULL
) STRICT;

-- Events of one identity, dataset and batch in blocks in time order; key = identity << 24 | n.
CREATE TABLE event_block (
    key      INTEGER PRIMARY KEY,
    dataset  INTEGER NOT NULL,
    batch    INTEGER NOT NULL,
    first    INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    events   INTEGER NOT NULL,
    replaced BLOB,
    head     BLOB    NOT NULL,
    marks    BLOB    NOT NULL,
    bodies   BLOB    NOT NULL
) STRICT;

CREATE TABLE event_type (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- A line of the list for every cluster that has a fragment or an event.
CREATE TABLE cluster (
    id          INTEGER PRIMARY KEY,
    canonical   INTEGER NOT NULL,
    identities  INTEGER NOT NULL,
    fragments   INTEGER NOT NULL,
    events      INTEGER NOT NULL,
    last_event  INTEGER,
    last_active INTEGER NOT NULL
) STRICT;

CREATE TABLE attribute_path (
    id   INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE
) STRICT;

-- Which identities' fragments say something, in any version, as ascending ids in variable-length steps;
-- values are folded for look-up, and each import adds rows of its own.
CREATE TABLE attribute (
    path       INTEGER NOT NULL,
    value      TEXT    NOT NULL,
    import     INTEGER NOT NULL,
    identities BLOB    NOT NULL,
    PRIMARY KEY (path, value, import)
) STRICT, WITHOUT ROWID;

CREATE TABLE policy (
    id         TEXT    PRIMARY KEY,
    name       TEXT    NOT NULL COLLATE NOCASE UNIQUE,
    is_default INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    document   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE policy_version (
    id       TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    document TEXT    NOT NULL,
    PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;
