-- How somebody is reached; on coordinators' laptops alone.
ALTER TABLE people ADD COLUMN contact TEXT;

-- Whether the register was told that a record's certificate was opened for printing.
ALTER TABLE records ADD COLUMN is_paper_told INTEGER NOT NULL DEFAULT 0 CHECK (is_paper_told IN (0, 1));
