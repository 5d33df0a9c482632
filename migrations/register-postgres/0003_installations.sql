-- Laptops that may send, by the key their requests are signed with.
CREATE TABLE installations (
    key         BYTEA PRIMARY KEY CHECK (length(key) = 32) NOT NULL,
    admitted_at BIGINT NOT NULL
);
