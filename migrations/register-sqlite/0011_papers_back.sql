-- When a paper was taken back, and which coordinator's laptop said so last; neither while it is out. People's word.
ALTER TABLE papers ADD COLUMN back_at INTEGER;
ALTER TABLE papers ADD COLUMN back_said_by BLOB CHECK (length(back_said_by) = 32);
