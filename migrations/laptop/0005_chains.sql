-- An assessor who starts anew, after a restore or with a lost passphrase, has a new key and with it a new chain; the old
-- chain and its delegations are kept. `chain` counts an assessor's keys from 1; the highest one is in use.

CREATE TABLE chains (
    assessor_id BLOB NOT NULL REFERENCES people (id),
    chain       INTEGER NOT NULL CHECK (0 < chain),
    -- Of the chains of before the key becomes known when their assessor unlocks.
    key         BLOB UNIQUE CHECK (length(key) = 32),
    PRIMARY KEY (assessor_id, chain)
) STRICT;
INSERT INTO chains (assessor_id, chain)
SELECT assessor_id, 1 FROM chain_entries UNION SELECT assessor_id, 1 FROM delegations
UNION SELECT assessor_id, 1 FROM delegations_before_2;

CREATE TABLE chain_entries_5 (
    assessor_id BLOB NOT NULL,
    chain       INTEGER NOT NULL,
    chain_index INTEGER NOT NULL CHECK (0 < chain_index),
    digest      BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    signed      BLOB NOT NULL,
    is_record   INTEGER NOT NULL CHECK (is_record IN (0, 1)),
    PRIMARY KEY (assessor_id, chain, chain_index),
    FOREIGN KEY (assessor_id, chain) REFERENCES chains (assessor_id, chain)
) STRICT;
INSERT INTO chain_entries_5 (assessor_id, chain, chain_index, digest, signed, is_record)
SELECT assessor_id, 1, chain_index, digest, signed, is_record FROM chain_entries ORDER BY rowid;
DROP TABLE chain_entries;
ALTER TABLE chain_entries_5 RENAME TO chain_entries;

CREATE TABLE delegations_5 (
    assessor_id BLOB NOT NULL,
    chain       INTEGER NOT NULL,
    scheme_id   BLOB NOT NULL CHECK (length(scheme_id) = 16),
    signed      BLOB NOT NULL,
    PRIMARY KEY (assessor_id, chain, scheme_id),
    FOREIGN KEY (assessor_id, chain) REFERENCES chains (assessor_id, chain)
) STRICT;
INSERT INTO delegations_5 (assessor_id, chain, scheme_id, signed)
SELECT assessor_id, 1, scheme_id, signed FROM delegations;
DROP TABLE delegations;
ALTER TABLE delegations_5 RENAME TO delegations;
