-- Delegations under which records were accepted, by the first eight bytes of their digest, as in the signed snapshot.
CREATE TABLE delegations (
    digest       BYTEA NOT NULL PRIMARY KEY CHECK (length(digest) = 8),
    assessor_key BYTEA NOT NULL CHECK (length(assessor_key) = 32),
    -- NULL while in use; 1 retired, 2 compromised, and the day since 1970-01-01.
    ended        BIGINT CHECK (ended IN (1, 2)),
    ended_on     BIGINT,
    CHECK ((ended IS NULL) = (ended_on IS NULL))
);

-- How far an assessor key's chain is registered: every entry up to this one is here, and every record complete.
CREATE TABLE chains (
    assessor_key     BYTEA NOT NULL PRIMARY KEY CHECK (length(assessor_key) = 32),
    registered_up_to BIGINT NOT NULL CHECK (0 <= registered_up_to)
);

CREATE INDEX chain_entries_by_digest ON chain_entries (digest);
