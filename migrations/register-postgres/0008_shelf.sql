-- Refusals of files that were offered again. The first one stays in `refusals`, with the file.
CREATE TABLE later_refusals (
    file_digest BYTEA NOT NULL REFERENCES refusals (file_digest),
    number      BIGINT NOT NULL CHECK (0 < number),
    refused_at  BIGINT NOT NULL,
    signed      BYTEA NOT NULL,
    PRIMARY KEY (file_digest, number)
);

-- Whether an entry is a sealed record. Of entries of before nobody wrote it down.
ALTER TABLE chain_entries ADD COLUMN is_record BIGINT CHECK (is_record IN (0, 1));
CREATE INDEX chain_entries_by_kind ON chain_entries (is_record);
