-- Devices that are remembered: who signed in from one is asked to wait for nobody else.

-- +goose Up
CREATE TABLE devices (
    id        TEXT PRIMARY KEY,                          -- random; the browser holds it sealed, another for each account
    account   TEXT NOT NULL REFERENCES accounts (id),
    kind      TEXT NOT NULL,                             -- sealed with the person's key: kind of browser and device, for its owner to know it again
    first_day BIGINT NOT NULL,                           -- on which it signed in first
    last_day  BIGINT NOT NULL                            -- and last
);
CREATE INDEX devices_account ON devices (account, last_day);
CREATE INDEX devices_last_day ON devices (last_day);

-- +goose Down
DROP TABLE devices;
