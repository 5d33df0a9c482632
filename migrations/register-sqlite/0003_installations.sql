-- Laptops that may send, by the key their requests are signed with.
CREATE TABLE installations (
    key         BLOB PRIMARY KEY CHECK (length(key) = 32) NOT NULL,
    admitted_at INTEGER NOT NULL
) STRICT;
