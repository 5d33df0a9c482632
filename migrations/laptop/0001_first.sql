-- The laptop's store. Times are milliseconds since 1970 UTC; signed and encoded bytes are kept exactly as made.

-- What came with the pack: root, key set, beacon, snapshot, scheme, course, the register's address.
CREATE TABLE pack_items (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE people (
    id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name         TEXT NOT NULL CHECK (name <> ''),
    birth_year   INTEGER,
    is_on_roster INTEGER NOT NULL CHECK (is_on_roster IN (0, 1))
) STRICT;

-- One delegation per assessor of this installation.
CREATE TABLE delegations (
    assessor_id BLOB NOT NULL PRIMARY KEY REFERENCES people (id),
    signed      BLOB NOT NULL
) STRICT;

CREATE TABLE sessions (
    id               BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    assessor_id      BLOB NOT NULL REFERENCES people (id),
    candidate_id     BLOB NOT NULL REFERENCES people (id),
    second_person_id BLOB NOT NULL REFERENCES people (id),
    scheme           BLOB NOT NULL,
    course           BLOB NOT NULL,
    opened_at        INTEGER NOT NULL,
    gate             BLOB NOT NULL,
    abandoned_at     INTEGER,
    CHECK (candidate_id <> assessor_id AND second_person_id <> assessor_id AND candidate_id <> second_person_id)
) STRICT;

-- The log. Rows are only ever added.
CREATE TABLE observations (
    session_id BLOB NOT NULL REFERENCES sessions (id),
    sequence   INTEGER NOT NULL CHECK (0 < sequence),
    tapped_at  INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    observed   BLOB NOT NULL,
    PRIMARY KEY (session_id, sequence)
) STRICT;

CREATE TABLE acknowledgements (
    session_id BLOB NOT NULL REFERENCES sessions (id),
    role       INTEGER NOT NULL,
    content    BLOB NOT NULL,
    PRIMARY KEY (session_id, role)
) STRICT;

-- The assessor keys' chains: sessions opened and abandoned, and sealed records.
CREATE TABLE chain_entries (
    assessor_id BLOB NOT NULL REFERENCES people (id),
    chain_index INTEGER NOT NULL CHECK (0 < chain_index),
    digest      BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    signed      BLOB NOT NULL,
    is_record   INTEGER NOT NULL CHECK (is_record IN (0, 1)),
    PRIMARY KEY (assessor_id, chain_index)
) STRICT;

CREATE TABLE records (
    digest             BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    session_id         BLOB NOT NULL UNIQUE REFERENCES sessions (id),
    file               BLOB NOT NULL,
    token              BLOB,
    document_opened_at INTEGER
) STRICT;

-- What the register signed about a record.
CREATE TABLE register_answers (
    record_digest BLOB NOT NULL REFERENCES records (digest),
    kind          TEXT NOT NULL CHECK (kind IN ('held', 'complete', 'refusal')),
    signed        BLOB NOT NULL,
    PRIMARY KEY (record_digest, kind)
) STRICT;
