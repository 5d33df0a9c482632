-- The record that this one corrects, in its own words; no bytes where it corrects none. Of records of before it is read
-- from their files when the register is opened.
ALTER TABLE records ADD COLUMN corrects BLOB CHECK (length(corrects) IN (0, 32));
CREATE INDEX records_by_corrected ON records (corrects);
