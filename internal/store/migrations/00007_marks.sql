-- What the gateway remembers of itself from one start to the next.

-- +goose Up
CREATE TABLE marks (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- +goose Down
DROP TABLE marks;
