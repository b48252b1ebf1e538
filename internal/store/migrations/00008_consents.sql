-- What people let services have that no law gives these.

-- +goose Up
CREATE TABLE consents (
    person  TEXT   NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    service TEXT   NOT NULL,                    -- id in the catalogue
    allows  TEXT   NOT NULL,                    -- names of data, with blanks between them
    refuses TEXT   NOT NULL,                    -- those that it may not have
    decided BIGINT NOT NULL,
    PRIMARY KEY (person, service)
);

-- +goose Down
DROP TABLE consents;
