-- Certificates that laptops told to have opened for printing. A record may have several where keys differ: what a token
-- says is signed by its key, when it was opened is the laptop's word.
CREATE TABLE papers (
    token_digest  BYTEA NOT NULL PRIMARY KEY CHECK (length(token_digest) = 32),
    record_digest BYTEA NOT NULL CHECK (length(record_digest) = 32),
    assessor_key  BYTEA NOT NULL CHECK (length(assessor_key) = 32),
    token         BYTEA NOT NULL,
    -- The part that names the candidate; empty where the laptop had it no more.
    person        BYTEA NOT NULL,
    opened_at     BIGINT NOT NULL,
    told_at       BIGINT NOT NULL
);

CREATE INDEX papers_by_record ON papers (record_digest);
