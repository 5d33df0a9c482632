-- The newest pack of every laptop: as signed, and the file encrypted for it. The register cannot read the file.
CREATE TABLE packs (
    installation BLOB NOT NULL PRIMARY KEY CHECK (length(installation) = 32),
    number       INTEGER NOT NULL CHECK (0 < number),
    signed       BLOB NOT NULL,
    file         BLOB NOT NULL,
    received_at  INTEGER NOT NULL
) STRICT;

-- Requests to be enrolled that nobody answered yet, one for each key. They leave when a pack delegates the key.
CREATE TABLE requests (
    assessor_key BLOB NOT NULL PRIMARY KEY CHECK (length(assessor_key) = 32),
    signed       BLOB NOT NULL,
    received_at  INTEGER NOT NULL
) STRICT;
