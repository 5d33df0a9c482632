-- Bundles that were taken, with the beacon in their answers: one that comes again is answered with the same bytes.
CREATE TABLE bundles (
    id       BYTEA NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    taken_at BIGINT NOT NULL,
    beacon   BYTEA NOT NULL
);
