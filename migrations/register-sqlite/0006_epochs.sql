-- Epochs that began because a client showed something signed that was lost, each as signed; the first has no beginning.
CREATE TABLE epochs (
    number INTEGER NOT NULL PRIMARY KEY CHECK (1 < number),
    signed BLOB NOT NULL
) STRICT;

-- Receipts that clients gave back, exactly as they were signed. The first of a kind is its record's receipt, too.
CREATE TABLE returned_receipts (
    digest        BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    record_digest BLOB NOT NULL REFERENCES records (digest),
    signed        BLOB NOT NULL,
    returned_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX returned_receipts_by_record ON returned_receipts (record_digest);

-- What is known of withdrawals and ends only by lists that were lost: eight bytes of a digest, as in the signed list of
-- that epoch and number.
CREATE TABLE kept_withdrawals (
    certificate BLOB NOT NULL PRIMARY KEY CHECK (length(certificate) = 8),
    state       INTEGER NOT NULL CHECK (state IN (1, 2, 3)),
    day         INTEGER NOT NULL,
    epoch       INTEGER NOT NULL,
    number      INTEGER NOT NULL
) STRICT;

CREATE TABLE kept_ends (
    delegation BLOB NOT NULL PRIMARY KEY CHECK (length(delegation) = 8),
    ended      INTEGER NOT NULL CHECK (ended IN (1, 2)),
    ended_on   INTEGER NOT NULL,
    epoch      INTEGER NOT NULL,
    number     INTEGER NOT NULL
) STRICT;
