-- Services that want to hear of the end of a session in which they were reached.
-- A row is put down when that happens, and becomes due with the end.

-- +goose Up
CREATE TABLE oidc_logouts (
    session TEXT NOT NULL,                      -- its public name, not the cookie
    service TEXT NOT NULL,
    account TEXT NOT NULL,
    person  TEXT NOT NULL,                      -- the ids alone: account and person may be gone
    expires BIGINT NOT NULL,                    -- when the session is over by itself
    ended   BIGINT NOT NULL,                    -- 0: it lives
    due     BIGINT NOT NULL,                    -- when to tell the service; 0 while the session lives
    PRIMARY KEY (session, service)
);
CREATE INDEX oidc_logouts_account ON oidc_logouts (account) WHERE ended = 0;
CREATE INDEX oidc_logouts_expires ON oidc_logouts (expires) WHERE ended = 0;
CREATE INDEX oidc_logouts_due ON oidc_logouts (due) WHERE due > 0;

-- +goose Down
DROP TABLE oidc_logouts;
