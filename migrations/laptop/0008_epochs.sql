-- What the register lost of a record that it had: the record, by its own digest, or evidence that it names. A row leaves
-- when the register has it again.
CREATE TABLE lost_there (
    record_digest BLOB NOT NULL REFERENCES records (digest),
    item          BLOB NOT NULL CHECK (length(item) = 32),
    PRIMARY KEY (record_digest, item)
) STRICT;
