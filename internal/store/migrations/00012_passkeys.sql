-- Passkeys: keys with which people sign in without a name.

-- +goose Up
CREATE TABLE passkeys (
    id         TEXT PRIMARY KEY,
    account    TEXT NOT NULL REFERENCES accounts (id),
    credential TEXT NOT NULL UNIQUE,            -- the id that the authenticator gave it, in base64url: random, and of use here only
    key        TEXT NOT NULL,                   -- sealed: public key, model and kind, so that nobody puts a key of theirs in its place
    name       TEXT NOT NULL,                   -- sealed with the person's key: the citizen's own words
    backed_up  BIGINT NOT NULL,                 -- 1: there is a copy with whoever synchronises it
    counter    BIGINT NOT NULL,                 -- of its last use; 0 for keys that do not count
    suspected  BIGINT NOT NULL,                 -- when a copy of it was seen; 0: never
    created    BIGINT NOT NULL,
    last_used  BIGINT NOT NULL
);
CREATE INDEX passkeys_account ON passkeys (account, id);

-- +goose Down
DROP TABLE passkeys;
