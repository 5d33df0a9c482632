-- Beside a tap's time of day: how long the app had been running by a clock that nobody can set, and the register's last
-- time held at that moment. Taps of before name neither.

ALTER TABLE observations ADD COLUMN run INTEGER CHECK (0 <= run);
ALTER TABLE observations ADD COLUMN run_millis INTEGER
    CHECK (0 <= run_millis) CHECK ((run IS NULL) = (run_millis IS NULL));
ALTER TABLE observations ADD COLUMN beacon_at INTEGER;
