-- What every laptop was told, in its own numbers, which begin anew with every epoch. Of what an entry says only the digest
-- is here: whatever counts now stands elsewhere, and what was replaced is told to nobody any more.
CREATE TABLE feed_entries (
    installation BLOB NOT NULL REFERENCES installations (key),
    epoch        INTEGER NOT NULL CHECK (0 < epoch),
    number       INTEGER NOT NULL CHECK (0 < number),
    -- 1 key set, 2 snapshot, 3 pack: as in the signed page.
    kind         INTEGER NOT NULL,
    content      BLOB NOT NULL CHECK (length(content) = 32),
    head         BLOB NOT NULL CHECK (length(head) = 32),
    PRIMARY KEY (installation, epoch, number)
) STRICT;
