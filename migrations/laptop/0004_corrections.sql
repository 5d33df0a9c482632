-- A session may have several records: each but the first corrects the one before. `number` is the order of sealing.

CREATE TABLE records_4 (
    number             INTEGER NOT NULL PRIMARY KEY,
    digest             BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    session_id         BLOB NOT NULL REFERENCES sessions (id),
    file               BLOB NOT NULL,
    token              BLOB,
    document_opened_at INTEGER
) STRICT;
INSERT INTO records_4 (digest, session_id, file, token, document_opened_at)
SELECT digest, session_id, file, token, document_opened_at FROM records ORDER BY rowid;
DROP TABLE records;
ALTER TABLE records_4 RENAME TO records;
CREATE INDEX records_by_session ON records (session_id);
