-- Mandates: who may act for whom at which services.

-- +goose Up
CREATE TABLE mandates (
    id             TEXT   PRIMARY KEY,
    principal      TEXT   NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    account        TEXT   NOT NULL,                 -- the account of the principal from which it was given, and with which it ends
    representative TEXT   REFERENCES persons (id) ON DELETE CASCADE,  -- NULL: nobody has accepted it yet
    services       TEXT   NOT NULL,                 -- ids in the catalogue, with a blank before and after each
    reveal         TEXT   NOT NULL,                 -- how the representative sees the principal's name
    state          TEXT   NOT NULL,
    ended_by       TEXT   NOT NULL,                 -- '': it is not over, or its time was
    code           TEXT   UNIQUE,                   -- digest of the code of an offer; NULL: nobody can accept it any more
    office         TEXT   NOT NULL,                 -- where it was recorded; '': on line
    created        BIGINT NOT NULL,
    changed        BIGINT NOT NULL,
    due            BIGINT NOT NULL,                 -- until when the next step can be taken
    until          BIGINT NOT NULL,                 -- until when it is given
    proof          TEXT   NOT NULL                  -- keyed digest of the row, so that nobody writes a mandate into the database
);
CREATE INDEX mandates_principal ON mandates (principal, created);
CREATE INDEX mandates_representative ON mandates (representative, created);
CREATE INDEX mandates_due ON mandates (state, due);

-- +goose Down
DROP TABLE mandates;
