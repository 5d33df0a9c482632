-- Delegations under which records were accepted, by the first eight bytes of their digest, as in the signed snapshot.
CREATE TABLE delegations (
    digest       BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 8),
    assessor_key BLOB NOT NULL CHECK (length(assessor_key) = 32),
    -- NULL while in use; 1 retired, 2 compromised, and the day since 1970-01-01.
    ended        INTEGER CHECK (ended IN (1, 2)),
    ended_on     INTEGER,
    CHECK ((ended IS NULL) = (ended_on IS NULL))
) STRICT;

-- How far an assessor key's chain is registered: every entry up to this one is here, and every record complete.
CREATE TABLE chains (
    assessor_key     BLOB NOT NULL PRIMARY KEY CHECK (length(assessor_key) = 32),
    registered_up_to INTEGER NOT NULL CHECK (0 <= registered_up_to)
) STRICT;

CREATE INDEX chain_entries_by_digest ON chain_entries (digest);
