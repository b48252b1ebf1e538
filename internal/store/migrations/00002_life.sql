-- The life of an account. Columns with constant defaults are added without
-- touching rows, and the version before goes on beside them.

-- +goose Up
ALTER TABLE accounts ADD COLUMN channel TEXT NOT NULL DEFAULT 'office';  -- how it was registered
ALTER TABLE accounts ADD COLUMN provisional BIGINT NOT NULL DEFAULT 0;   -- 1: nobody has checked its owner
ALTER TABLE accounts ADD COLUMN due BIGINT NOT NULL DEFAULT 0;           -- when its life is looked at next; 0: as soon as possible

ALTER TABLE credentials ADD COLUMN initial BIGINT NOT NULL DEFAULT 0;    -- 1: issued by an office, to be replaced at the first sign-in

CREATE TABLE tombstones (
    account      TEXT PRIMARY KEY,
    person       TEXT NOT NULL,                 -- the id alone: the person may be gone
    office       TEXT NOT NULL,
    channel      TEXT NOT NULL,
    reason       TEXT NOT NULL,                 -- why it ended
    folded_index TEXT NOT NULL,                 -- of the username, while it rests; '' after
    created      BIGINT NOT NULL,
    activated    BIGINT NOT NULL,
    ended        BIGINT NOT NULL,
    rests_until  BIGINT NOT NULL                -- of the username
);
CREATE INDEX tombstones_folded ON tombstones (folded_index);
CREATE INDEX tombstones_rest ON tombstones (rests_until) WHERE folded_index <> '';

CREATE TABLE pending_acts (
    id      TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    kind    TEXT NOT NULL,
    data    TEXT NOT NULL,                      -- sealed
    digest  TEXT NOT NULL,                      -- of the token in the letter that stops it
    created BIGINT NOT NULL,
    due     BIGINT NOT NULL,                    -- carried out, or forgotten, then
    UNIQUE (account, kind)
);
CREATE INDEX pending_acts_due ON pending_acts (due);
CREATE INDEX pending_acts_digest ON pending_acts (digest);

CREATE TABLE card_codes (
    id             TEXT PRIMARY KEY,
    document_index TEXT NOT NULL,               -- blind index of the card's number
    reference      TEXT NOT NULL,               -- sealed: the register's name for the holder
    document       TEXT NOT NULL,               -- sealed
    digest         TEXT NOT NULL,               -- argon2id over a peppered code
    state          TEXT NOT NULL,
    tries          BIGINT NOT NULL,             -- wrong codes so far
    reserved_by    TEXT NOT NULL,               -- digest of a browser's cookie
    reserved_until BIGINT NOT NULL,
    office         TEXT NOT NULL,
    clerk          TEXT NOT NULL,
    issued         BIGINT NOT NULL,
    changed        BIGINT NOT NULL,
    expires        BIGINT NOT NULL
);
CREATE INDEX card_codes_document ON card_codes (document_index);
CREATE INDEX card_codes_expires ON card_codes (expires) WHERE state IN ('issued', 'reserved');

CREATE TABLE fees (
    id      TEXT PRIMARY KEY,
    office  TEXT NOT NULL,
    receipt TEXT NOT NULL,                      -- blind index of its number
    forints BIGINT NOT NULL,
    account TEXT NOT NULL,
    at      BIGINT NOT NULL,
    UNIQUE (office, receipt)
);

CREATE TABLE reviews (
    id       TEXT PRIMARY KEY,
    entry    TEXT NOT NULL UNIQUE,              -- of the ledger
    office   TEXT NOT NULL,
    clerk    TEXT NOT NULL,                     -- who acted
    account  TEXT NOT NULL,
    act      TEXT NOT NULL,
    at       BIGINT NOT NULL,
    size     BIGINT NOT NULL,                   -- of the checkpoint that drew it
    state    TEXT NOT NULL,                     -- open or done
    reviewer TEXT NOT NULL,
    verdict  TEXT NOT NULL,
    reviewed BIGINT NOT NULL
);
CREATE INDEX reviews_office ON reviews (office, state, id);

CREATE TABLE jobs (
    name  TEXT PRIMARY KEY,
    lease BIGINT NOT NULL,                      -- until when one process has it
    began BIGINT NOT NULL,                      -- the last run
    ended BIGINT NOT NULL,                      -- the last run that ended well
    done  BIGINT NOT NULL,                      -- by the last run
    total BIGINT NOT NULL,                      -- of all runs
    fault TEXT NOT NULL                         -- kind of the last fault, '' after a good run
);

-- +goose Down
DROP TABLE jobs;
DROP TABLE reviews;
DROP TABLE fees;
DROP TABLE card_codes;
DROP TABLE pending_acts;
DROP TABLE tombstones;
ALTER TABLE credentials DROP COLUMN initial;
ALTER TABLE accounts DROP COLUMN due;
ALTER TABLE accounts DROP COLUMN provisional;
ALTER TABLE accounts DROP COLUMN channel;
