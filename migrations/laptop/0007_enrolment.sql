-- Who is on the roster of a course.
CREATE TABLE course_people (
    course_id BLOB NOT NULL REFERENCES courses (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    PRIMARY KEY (course_id, person_id)
) STRICT;

-- On a coordinator's laptop: who asked to be enrolled and was admitted, as they signed it.
CREATE TABLE admissions (
    assessor_key BLOB NOT NULL PRIMARY KEY CHECK (length(assessor_key) = 32),
    installation BLOB NOT NULL CHECK (length(installation) = 32),
    request      BLOB NOT NULL,
    admitted_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX admissions_by_installation ON admissions (installation);

-- The delegations that were signed for them. `ended` is 1 for retired and 2 for compromised.
CREATE TABLE grants (
    digest       BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    assessor_key BLOB NOT NULL REFERENCES admissions (assessor_key),
    signed       BLOB NOT NULL,
    ended        INTEGER CHECK (ended IN (1, 2)),
    ended_on     INTEGER CHECK ((ended IS NULL) = (ended_on IS NULL))
) STRICT;
CREATE INDEX grants_by_key ON grants (assessor_key);

-- The newest pack of each laptop: as signed, and the file encrypted for it.
CREATE TABLE packs (
    installation   BLOB NOT NULL PRIMARY KEY CHECK (length(installation) = 32),
    number         INTEGER NOT NULL CHECK (0 < number),
    signed         BLOB NOT NULL,
    file           BLOB NOT NULL,
    is_at_register INTEGER NOT NULL CHECK (is_at_register IN (0, 1))
) STRICT;
