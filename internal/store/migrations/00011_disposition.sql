-- What people lay down about how they may be identified (R23).

-- +goose Up
ALTER TABLE persons ADD COLUMN disposition TEXT NOT NULL DEFAULT '';  -- JSON; '' forbids nothing

-- +goose Down
ALTER TABLE persons DROP COLUMN disposition;
