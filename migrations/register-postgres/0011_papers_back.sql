-- When a paper was taken back, and which coordinator's laptop said so last; neither while it is out. People's word.
ALTER TABLE papers ADD COLUMN back_at BIGINT;
ALTER TABLE papers ADD COLUMN back_said_by BYTEA CHECK (length(back_said_by) = 32);
