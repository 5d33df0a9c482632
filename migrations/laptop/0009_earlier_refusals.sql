-- What the register refused earlier, of records that were offered again. `register_answers` has the last answer.
CREATE TABLE earlier_refusals (
    record_digest BLOB NOT NULL REFERENCES records (digest),
    signed        BLOB NOT NULL,
    PRIMARY KEY (record_digest, signed)
) STRICT;
