-- Several schemes and courses on one laptop, a delegation for each; sessions without a second person, in a language,
-- with a partner. Sessions of before keep their rows; what they hold is in an older form.

CREATE TABLE schemes (
    id     BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    signed BLOB NOT NULL
) STRICT;

CREATE TABLE courses (
    id        BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    scheme_id BLOB NOT NULL CHECK (length(scheme_id) = 16),
    encoded   BLOB NOT NULL
) STRICT;

-- One delegation per assessor and scheme. Those of before name their scheme only inside the signed bytes.
ALTER TABLE delegations RENAME TO delegations_before_2;
CREATE TABLE delegations (
    assessor_id BLOB NOT NULL REFERENCES people (id),
    scheme_id   BLOB NOT NULL CHECK (length(scheme_id) = 16),
    signed      BLOB NOT NULL,
    PRIMARY KEY (assessor_id, scheme_id)
) STRICT;

CREATE TABLE sessions_2 (
    id               BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    assessor_id      BLOB NOT NULL REFERENCES people (id),
    candidate_id     BLOB NOT NULL REFERENCES people (id),
    second_person_id BLOB REFERENCES people (id),
    scheme_id        BLOB NOT NULL CHECK (length(scheme_id) = 16),
    scheme           BLOB NOT NULL,
    course           BLOB NOT NULL,
    language         TEXT NOT NULL CHECK (language <> ''),
    partner_id       BLOB REFERENCES sessions (id) DEFERRABLE INITIALLY DEFERRED,
    attempt          INTEGER NOT NULL CHECK (0 < attempt),
    opened_at        INTEGER NOT NULL,
    gate             BLOB NOT NULL,
    abandoned_at     INTEGER,
    CHECK (candidate_id <> assessor_id AND second_person_id <> assessor_id AND candidate_id <> second_person_id),
    CHECK (partner_id <> id)
) STRICT;
INSERT INTO sessions_2 (id, assessor_id, candidate_id, second_person_id, scheme_id, scheme, course, language,
                        partner_id, attempt, opened_at, gate, abandoned_at)
SELECT id, assessor_id, candidate_id, second_person_id, zeroblob(16), scheme, course, 'en',
       NULL, 1, opened_at, gate, abandoned_at
FROM sessions;
DROP TABLE sessions;
ALTER TABLE sessions_2 RENAME TO sessions;
