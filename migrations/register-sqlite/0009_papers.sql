-- Certificates that laptops told to have opened for printing. A record may have several where keys differ: what a token
-- says is signed by its key, when it was opened is the laptop's word.
CREATE TABLE papers (
    token_digest  BLOB NOT NULL PRIMARY KEY CHECK (length(token_digest) = 32),
    record_digest BLOB NOT NULL CHECK (length(record_digest) = 32),
    assessor_key  BLOB NOT NULL CHECK (length(assessor_key) = 32),
    token         BLOB NOT NULL,
    -- The part that names the candidate; empty where the laptop had it no more.
    person        BLOB NOT NULL,
    opened_at     INTEGER NOT NULL,
    told_at       INTEGER NOT NULL
) STRICT;

CREATE INDEX papers_by_record ON papers (record_digest);
