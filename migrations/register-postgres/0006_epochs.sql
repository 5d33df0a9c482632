-- Epochs that began because a client showed something signed that was lost, each as signed; the first has no beginning.
CREATE TABLE epochs (
    number BIGINT NOT NULL PRIMARY KEY CHECK (1 < number),
    signed BYTEA NOT NULL
);

-- Receipts that clients gave back, exactly as they were signed. The first of a kind is its record's receipt, too.
CREATE TABLE returned_receipts (
    digest        BYTEA NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    record_digest BYTEA NOT NULL REFERENCES records (digest),
    signed        BYTEA NOT NULL,
    returned_at   BIGINT NOT NULL
);

CREATE INDEX returned_receipts_by_record ON returned_receipts (record_digest);

-- What is known of withdrawals and ends only by lists that were lost: eight bytes of a digest, as in the signed list of
-- that epoch and number.
CREATE TABLE kept_withdrawals (
    certificate BYTEA NOT NULL PRIMARY KEY CHECK (length(certificate) = 8),
    state       BIGINT NOT NULL CHECK (state IN (1, 2, 3)),
    day         BIGINT NOT NULL,
    epoch       BIGINT NOT NULL,
    number      BIGINT NOT NULL
);

CREATE TABLE kept_ends (
    delegation BYTEA NOT NULL PRIMARY KEY CHECK (length(delegation) = 8),
    ended      BIGINT NOT NULL CHECK (ended IN (1, 2)),
    ended_on   BIGINT NOT NULL,
    epoch      BIGINT NOT NULL,
    number     BIGINT NOT NULL
);
