-- The register's book. Rows are only ever added, but for the two counters of the one row in `institution`.
-- Times are milliseconds since 1970 UTC; signed bytes and files are kept exactly as they came or were made.

CREATE TABLE institution (
    id           BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    root         BYTEA NOT NULL CHECK (length(root) = 32),
    key_set      BYTEA NOT NULL,
    -- The public half of the key that signs receipts; the secret half is not in this file.
    register_key BYTEA NOT NULL CHECK (length(register_key) = 32),
    epoch        BIGINT NOT NULL CHECK (0 < epoch),
    last_beacon  BIGINT NOT NULL CHECK (0 <= last_beacon)
);

-- The log: every accepted record.
CREATE TABLE records (
    log_index   BIGINT NOT NULL PRIMARY KEY CHECK (0 < log_index),
    log_head    BYTEA NOT NULL UNIQUE CHECK (length(log_head) = 32),
    digest      BYTEA NOT NULL UNIQUE CHECK (length(digest) = 32),
    received_at BIGINT NOT NULL,
    file        BYTEA NOT NULL
);

-- What an accepted record names.
CREATE TABLE record_evidence (
    record_digest   BYTEA NOT NULL REFERENCES records (digest),
    ordinal         BIGINT NOT NULL CHECK (0 < ordinal),
    evidence_digest BYTEA NOT NULL CHECK (length(evidence_digest) = 32),
    size            BIGINT NOT NULL CHECK (0 <= size),
    PRIMARY KEY (record_digest, ordinal)
);

CREATE INDEX record_evidence_by_digest ON record_evidence (evidence_digest);

CREATE TABLE receipts (
    record_digest BYTEA NOT NULL REFERENCES records (digest),
    kind          TEXT NOT NULL CHECK (kind IN ('held', 'complete')),
    signed        BYTEA NOT NULL,
    PRIMARY KEY (record_digest, kind)
);

-- The shelf: refused record files. A damaged copy and the undamaged file have one record digest, not one file digest.
CREATE TABLE refusals (
    file_digest   BYTEA NOT NULL PRIMARY KEY CHECK (length(file_digest) = 32),
    record_digest BYTEA NOT NULL CHECK (length(record_digest) = 32),
    refused_at    BIGINT NOT NULL,
    signed        BYTEA NOT NULL,
    file          BYTEA NOT NULL
);

CREATE INDEX refusals_by_record ON refusals (record_digest);

-- The assessor keys' chains. Two digests at one place are a fork; both stay.
CREATE TABLE chain_entries (
    assessor_key BYTEA NOT NULL CHECK (length(assessor_key) = 32),
    chain_index  BIGINT NOT NULL CHECK (0 < chain_index),
    digest       BYTEA NOT NULL CHECK (length(digest) = 32),
    signed       BYTEA NOT NULL,
    received_at  BIGINT NOT NULL,
    PRIMARY KEY (assessor_key, chain_index, digest)
);

CREATE TABLE withdrawn (
    certificate_id BYTEA NOT NULL PRIMARY KEY CHECK (length(certificate_id) = 16),
    -- 1 revoked, 2 suspended, 3 refused: as in the signed snapshot.
    state          BIGINT NOT NULL CHECK (state IN (1, 2, 3)),
    -- Days since 1970-01-01.
    day            BIGINT NOT NULL
);

CREATE TABLE snapshots (
    epoch  BIGINT NOT NULL CHECK (0 < epoch),
    number BIGINT NOT NULL CHECK (0 < number),
    signed BYTEA NOT NULL,
    PRIMARY KEY (epoch, number)
);
