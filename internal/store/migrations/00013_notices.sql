-- What people wish to be told, and what they said was not them.

-- +goose Up
CREATE TABLE notices (
    person    TEXT   PRIMARY KEY REFERENCES persons (id) ON DELETE CASCADE,
    version   BIGINT NOT NULL,                  -- of the settings
    settings  TEXT   NOT NULL,                  -- sealed with the person's key: what they wish, and their phone; '' as it is for everybody
    seen      TEXT   NOT NULL,                  -- sealed with the person's key: how and from where they were identified
    statement BIGINT NOT NULL                   -- the month whose statement is sent next, counted from year 0; 0: none is wished
);
CREATE INDEX notices_statement ON notices (statement) WHERE statement > 0;

CREATE TABLE reports (
    id       TEXT   PRIMARY KEY,
    account  TEXT   NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    person   TEXT   NOT NULL,
    office   TEXT   NOT NULL,                   -- that keeps the account; '' for any
    kind     TEXT   NOT NULL,                   -- what the notice was about: signin, forbidden, settings or change
    method   TEXT   NOT NULL,                   -- by which it was done
    digest   TEXT   NOT NULL,                   -- of the token in the link
    state    TEXT   NOT NULL,                   -- sent, then open, taken and closed
    created  BIGINT NOT NULL,
    expires  BIGINT NOT NULL,                   -- of the link
    reported BIGINT NOT NULL,                   -- when the person said that it was not them
    clerk    TEXT   NOT NULL,                   -- account of whoever has taken it
    taken    BIGINT NOT NULL,
    closed   BIGINT NOT NULL,
    result   TEXT   NOT NULL
);
CREATE INDEX reports_digest ON reports (digest);
CREATE INDEX reports_account ON reports (account);
CREATE INDEX reports_office ON reports (office, id) WHERE state IN ('open', 'taken');
CREATE INDEX reports_expires ON reports (expires) WHERE state = 'sent';

-- +goose Down
DROP TABLE reports;
DROP TABLE notices;
