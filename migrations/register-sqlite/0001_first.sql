-- The register's book. Rows are only ever added, but for the two counters of the one row in `institution`.
-- Times are milliseconds since 1970 UTC; signed bytes and files are kept exactly as they came or were made.

CREATE TABLE institution (
    id           INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    root         BLOB NOT NULL CHECK (length(root) = 32),
    key_set      BLOB NOT NULL,
    -- The public half of the key that signs receipts; the secret half is not in this file.
    register_key BLOB NOT NULL CHECK (length(register_key) = 32),
    epoch        INTEGER NOT NULL CHECK (0 < epoch),
    last_beacon  INTEGER NOT NULL CHECK (0 <= last_beacon)
) STRICT;

-- The log: every accepted record.
CREATE TABLE records (
    log_index   INTEGER NOT NULL PRIMARY KEY CHECK (0 < log_index),
    log_head    BLOB NOT NULL UNIQUE CHECK (length(log_head) = 32),
    digest      BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    received_at INTEGER NOT NULL,
    file        BLOB NOT NULL
) STRICT;

-- What an accepted record names.
CREATE TABLE record_evidence (
    record_digest   BLOB NOT NULL REFERENCES records (digest),
    ordinal         INTEGER NOT NULL CHECK (0 < ordinal),
    evidence_digest BLOB NOT NULL CHECK (length(evidence_digest) = 32),
    size            INTEGER NOT NULL CHECK (0 <= size),
    PRIMARY KEY (record_digest, ordinal)
) STRICT;

CREATE INDEX record_evidence_by_digest ON record_evidence (evidence_digest);

CREATE TABLE receipts (
    record_digest BLOB NOT NULL REFERENCES records (digest),
    kind          TEXT NOT NULL CHECK (kind IN ('held', 'complete')),
    signed        BLOB NOT NULL,
    PRIMARY KEY (record_digest, kind)
) STRICT;

-- The shelf: refused record files. A damaged copy and the undamaged file have one record digest, not one file digest.
CREATE TABLE refusals (
    file_digest   BLOB NOT NULL PRIMARY KEY CHECK (length(file_digest) = 32),
    record_digest BLOB NOT NULL CHECK (length(record_digest) = 32),
    refused_at    INTEGER NOT NULL,
    signed        BLOB NOT NULL,
    file          BLOB NOT NULL
) STRICT;

CREATE INDEX refusals_by_record ON refusals (record_digest);

-- The assessor keys' chains. Two digests at one place are a fork; both stay.
CREATE TABLE chain_entries (
    assessor_key BLOB NOT NULL CHECK (length(assessor_key) = 32),
    chain_index  INTEGER NOT NULL CHECK (0 < chain_index),
    digest       BLOB NOT NULL CHECK (length(digest) = 32),
    signed       BLOB NOT NULL,
    received_at  INTEGER NOT NULL,
    PRIMARY KEY (assessor_key, chain_index, digest)
) STRICT;

CREATE TABLE withdrawn (
    certificate_id BLOB NOT NULL PRIMARY KEY CHECK (length(certificate_id) = 16),
    -- 1 revoked, 2 suspended, 3 refused: as in the signed snapshot.
    state          INTEGER NOT NULL CHECK (state IN (1, 2, 3)),
    -- Days since 1970-01-01.
    day            INTEGER NOT NULL
) STRICT;

CREATE TABLE snapshots (
    epoch  INTEGER NOT NULL CHECK (0 < epoch),
    number INTEGER NOT NULL CHECK (0 < number),
    signed BLOB NOT NULL,
    PRIMARY KEY (epoch, number)
) STRICT;
