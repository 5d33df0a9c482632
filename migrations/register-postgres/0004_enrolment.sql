-- The newest pack of every laptop: as signed, and the file encrypted for it. The register cannot read the file.
CREATE TABLE packs (
    installation BYTEA NOT NULL PRIMARY KEY CHECK (length(installation) = 32),
    number       BIGINT NOT NULL CHECK (0 < number),
    signed       BYTEA NOT NULL,
    file         BYTEA NOT NULL,
    received_at  BIGINT NOT NULL
);

-- Requests to be enrolled that nobody answered yet, one for each key. They leave when a pack delegates the key.
CREATE TABLE requests (
    assessor_key BYTEA NOT NULL PRIMARY KEY CHECK (length(assessor_key) = 32),
    signed       BYTEA NOT NULL,
    received_at  BIGINT NOT NULL
);
