-- Telefonos Azonosítás: the numeric credential of a person (R20).

-- +goose Up
CREATE TABLE phones (
    id               TEXT PRIMARY KEY,              -- sessions name it in the place of an account
    person           TEXT NOT NULL UNIQUE REFERENCES persons (id),
    identifier       TEXT NOT NULL,                 -- sealed with the person's key
    identifier_index TEXT NOT NULL UNIQUE,          -- blind
    password         TEXT NOT NULL,                 -- sealed under the gateway's key (decision 0033)
    initial          BIGINT NOT NULL,               -- 1: one-time, to be changed at the first sign-in
    lapses           BIGINT NOT NULL,               -- the end of a one-time password
    positions        TEXT NOT NULL,                 -- of the password, as they are asked until somebody answers rightly
    heard            BIGINT NOT NULL,               -- answers that others may have heard since the password was chosen
    wrong            BIGINT NOT NULL,               -- wrong answers in a row
    misses           BIGINT NOT NULL,               -- wrong answers since the password was chosen
    questions        TEXT NOT NULL,                 -- sealed under the gateway's key: hashes of the answers; '' for none
    reminders        TEXT NOT NULL,                 -- of the questions, as they are asked until somebody answers rightly
    forgotten        BIGINT NOT NULL,               -- wrong tries at the questions in a row
    contact          TEXT NOT NULL,                 -- sealed with the person's key: where the one-time password goes
    told             TEXT NOT NULL,                 -- of which state the owner was told last
    due              BIGINT NOT NULL,               -- when the sweep has to look at it; 0: never
    sessions_from    BIGINT NOT NULL,
    office           TEXT NOT NULL,
    created          BIGINT NOT NULL,
    changed          BIGINT NOT NULL,
    last_used        BIGINT NOT NULL
);
CREATE INDEX phones_due ON phones (due) WHERE due > 0;

-- Identifiers that were ever given: none is given to somebody else.
CREATE TABLE phone_identifiers (
    identifier_index TEXT PRIMARY KEY
);

-- Attempts at identifiers that nobody has cost what others cost. The buckets tell nothing of what was typed.
CREATE TABLE phone_misses (
    bucket BIGINT PRIMARY KEY,
    misses BIGINT NOT NULL
);

-- +goose Down
DROP TABLE phone_misses;
DROP TABLE phone_identifiers;
DROP TABLE phones;
