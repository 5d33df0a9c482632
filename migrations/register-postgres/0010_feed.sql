-- What every laptop was told, in its own numbers, which begin anew with every epoch. Of what an entry says only the digest
-- is here: whatever counts now stands elsewhere, and what was replaced is told to nobody any more.
CREATE TABLE feed_entries (
    installation BYTEA NOT NULL REFERENCES installations (key),
    epoch        BIGINT NOT NULL CHECK (0 < epoch),
    number       BIGINT NOT NULL CHECK (0 < number),
    -- 1 key set, 2 snapshot, 3 pack: as in the signed page.
    kind         BIGINT NOT NULL,
    content      BYTEA NOT NULL CHECK (length(content) = 32),
    head         BYTEA NOT NULL CHECK (length(head) = 32),
    PRIMARY KEY (installation, epoch, number)
);
