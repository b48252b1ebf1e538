-- Services that the operator registered by command, beside those of the file.

-- +goose Up
CREATE TABLE services (
    id      TEXT PRIMARY KEY,
    text    TEXT NOT NULL,                      -- the registration, as YAML
    created BIGINT NOT NULL,
    changed BIGINT NOT NULL
);

-- +goose Down
DROP TABLE services;
