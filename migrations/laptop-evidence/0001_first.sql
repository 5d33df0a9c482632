-- Evidence beside the store: chunked, named by the digest of its whole bytes, committed before any row that names it.
CREATE TABLE evidence (
    digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    size   INTEGER NOT NULL CHECK (0 <= size)
) STRICT;

CREATE TABLE chunks (
    digest      BLOB NOT NULL REFERENCES evidence (digest),
    chunk_index INTEGER NOT NULL CHECK (0 <= chunk_index),
    bytes       BLOB NOT NULL,
    PRIMARY KEY (digest, chunk_index)
) STRICT;
