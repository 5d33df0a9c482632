-- Evidence that left this laptop, and when. What names it stays: rows, record and the register's receipt.

CREATE TABLE evidence_left (
    digest  BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    left_at INTEGER NOT NULL
) STRICT;

-- What names evidence, without reading every log: the second and third byte of an encoded observation are 0 and its
-- kind, and photos are of kind 4, files of kind 18.
CREATE INDEX observations_with_evidence ON observations (session_id, observed)
    WHERE substr(observed, 2, 2) IN (X'0004', X'0012');
-- And without reading the scheme that stands before each gate.
CREATE INDEX gates ON sessions (id, gate);
