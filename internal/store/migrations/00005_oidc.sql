-- What must be remembered of OpenID Connect's tokens. All tokens are sealed and
-- carry the rest. Nothing here outlives a session by more than some minutes, and
-- without it refresh tokens are refused; so PostgreSQL keeps both unlogged.

-- +goose Up
CREATE TABLE refresh_families (
    grant_id   TEXT PRIMARY KEY,
    generation BIGINT NOT NULL,                 -- of the refresh token that counts
    rotated    BIGINT NOT NULL,                 -- when it came to be
    expires    BIGINT NOT NULL
);
CREATE INDEX refresh_families_expires ON refresh_families (expires);

CREATE TABLE ended_grants (
    id      TEXT PRIMARY KEY,                   -- of a grant, or of a session with all its grants
    expires BIGINT NOT NULL                     -- when nothing of it could count any more
);
CREATE INDEX ended_grants_expires ON ended_grants (expires);

-- +goose Down
DROP TABLE ended_grants;
DROP TABLE refresh_families;
