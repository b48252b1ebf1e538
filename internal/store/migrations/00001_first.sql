-- One text for SQLite and PostgreSQL: TEXT ids (UUIDv7), BIGINT milliseconds
-- since 1970 UTC, TEXT for JSON and ciphertext, 0 or '' for "not set".

-- +goose Up
CREATE TABLE persons (
    id                TEXT PRIMARY KEY,
    key               TEXT NOT NULL,            -- the person's own key, wrapped; '' once erased
    register_index    TEXT NOT NULL UNIQUE,     -- blind index of the register's reference
    register_ref      TEXT NOT NULL,            -- sealed
    current_name      TEXT NOT NULL,            -- sealed, as all that follow
    birth_name        TEXT NOT NULL,
    mother_birth_name TEXT NOT NULL,
    birth_place       TEXT NOT NULL,
    birth_date        TEXT NOT NULL,
    address           TEXT NOT NULL,
    nationality       TEXT NOT NULL,
    personal_id       TEXT NOT NULL,
    tax_number        TEXT NOT NULL,
    taj               TEXT NOT NULL,
    core_index        TEXT NOT NULL,            -- blind index of birth name and birth date, for the desk's search
    created           BIGINT NOT NULL,
    checked           BIGINT NOT NULL           -- when the register last confirmed the data
);
CREATE INDEX persons_core ON persons (core_index);

CREATE TABLE offices (
    id      TEXT PRIMARY KEY,
    kind    TEXT NOT NULL,
    name    TEXT NOT NULL,
    address TEXT NOT NULL
);

CREATE TABLE accounts (
    id             TEXT PRIMARY KEY,
    person         TEXT NOT NULL REFERENCES persons (id),
    state          TEXT NOT NULL,
    username       TEXT NOT NULL,               -- sealed
    username_index TEXT NOT NULL,               -- blind index of the exact name
    folded_index   TEXT NOT NULL UNIQUE,        -- blind index of the folded name: taken only in case is taken
    email          TEXT NOT NULL,               -- sealed
    email_index    TEXT NOT NULL,
    lang           TEXT NOT NULL,
    office         TEXT NOT NULL,               -- the registering office
    created        BIGINT NOT NULL,
    activated      BIGINT NOT NULL,
    valid_until    BIGINT NOT NULL,
    sessions_from  BIGINT NOT NULL              -- sessions begun before do not count
);
CREATE UNIQUE INDEX accounts_username ON accounts (username_index);
CREATE INDEX accounts_email ON accounts (email_index);
CREATE INDEX accounts_person ON accounts (person);
CREATE INDEX accounts_office ON accounts (office, id);

CREATE TABLE clerks (
    account TEXT PRIMARY KEY REFERENCES accounts (id),
    office  TEXT NOT NULL REFERENCES offices (id),
    since   BIGINT NOT NULL
);

CREATE TABLE credentials (
    id        TEXT PRIMARY KEY,
    account   TEXT NOT NULL REFERENCES accounts (id),
    kind      TEXT NOT NULL,
    secret    TEXT NOT NULL,                    -- a hash, or sealed
    counter   BIGINT NOT NULL,                  -- last used step of a one-time code
    created   BIGINT NOT NULL,
    last_used BIGINT NOT NULL,
    UNIQUE (account, kind)
);

CREATE TABLE codes (
    id      TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    purpose TEXT NOT NULL,
    digest  TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    UNIQUE (account, purpose)
);
CREATE INDEX codes_expires ON codes (expires);
CREATE INDEX codes_digest ON codes (digest);

CREATE TABLE cases (
    id      TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    office  TEXT NOT NULL,
    clerk   TEXT NOT NULL,
    state   TEXT NOT NULL,
    data    TEXT NOT NULL,                      -- sealed; '' once closed
    name_index TEXT NOT NULL,                   -- blind index of the birth name, for the desk's search
    account TEXT NOT NULL,
    opened  BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX cases_office ON cases (office, state, id);
CREATE INDEX cases_name ON cases (office, name_index, id);
CREATE INDEX cases_account ON cases (account);
CREATE INDEX cases_kept ON cases (changed) WHERE data <> '';

CREATE TABLE outbox (
    id        TEXT PRIMARY KEY,
    medium    TEXT NOT NULL,                    -- mail or sms
    recipient TEXT NOT NULL,                    -- sealed
    template  TEXT NOT NULL,
    lang      TEXT NOT NULL,
    data      TEXT NOT NULL,                    -- sealed; '' once sent or given up
    state     TEXT NOT NULL,                    -- waiting, sent or failed
    created   BIGINT NOT NULL,
    due       BIGINT NOT NULL,
    attempts  BIGINT NOT NULL,
    fault     TEXT NOT NULL                     -- kind of the last fault, never its text
);
CREATE INDEX outbox_due ON outbox (state, due);

CREATE TABLE ledger (
    id       TEXT PRIMARY KEY,
    at       BIGINT NOT NULL,
    kind     TEXT NOT NULL,
    person   TEXT NOT NULL,                     -- whom it concerns; '' for the gateway itself
    body     TEXT NOT NULL,                     -- the leaf: canonical JSON with salted commitments
    opening  TEXT NOT NULL,                     -- sealed values and salts behind the commitments
    position BIGINT                             -- place in the tree; NULL until sequenced
);
CREATE UNIQUE INDEX ledger_position ON ledger (position) WHERE position IS NOT NULL;
CREATE INDEX ledger_person ON ledger (person, id);
CREATE INDEX ledger_unsequenced ON ledger (id) WHERE position IS NULL;

CREATE TABLE ledger_hashes (
    position BIGINT PRIMARY KEY,
    hash     TEXT NOT NULL
);

CREATE TABLE ledger_checkpoints (
    size BIGINT PRIMARY KEY,
    at   BIGINT NOT NULL,
    note TEXT NOT NULL
);

CREATE TABLE signing_keys (
    id           TEXT PRIMARY KEY,
    use_for      TEXT NOT NULL,
    alg          TEXT NOT NULL,
    private      TEXT NOT NULL,                 -- sealed
    published    BIGINT NOT NULL,
    active_from  BIGINT NOT NULL,
    retired_from BIGINT NOT NULL,
    gone_from    BIGINT NOT NULL
);

CREATE TABLE volatile (
    key     TEXT PRIMARY KEY,
    value   BYTEA NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX volatile_expires ON volatile (expires);

-- +goose Down
DROP TABLE volatile;
DROP TABLE signing_keys;
DROP TABLE ledger_checkpoints;
DROP TABLE ledger_hashes;
DROP TABLE ledger;
DROP TABLE outbox;
DROP TABLE cases;
DROP TABLE codes;
DROP TABLE credentials;
DROP TABLE clerks;
DROP TABLE accounts;
DROP TABLE offices;
DROP TABLE persons;
