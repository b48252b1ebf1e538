-- Metadata of services that speak SAML, as they were fetched last; and the end of
-- sessions is told through any door, not OpenID Connect alone.

-- +goose Up
CREATE TABLE saml_metadata (
    service TEXT PRIMARY KEY,                   -- its id in the catalogue
    address TEXT NOT NULL,                      -- where it was fetched
    text    TEXT NOT NULL,                      -- the last that was good; '' for none yet
    fetched BIGINT NOT NULL,                    -- when that was; 0 for never
    due     BIGINT NOT NULL,                    -- when to look again
    fault   TEXT NOT NULL                       -- why the last look failed; '' if it did not
);

ALTER TABLE oidc_logouts RENAME TO logouts_before;
DROP INDEX oidc_logouts_account;
DROP INDEX oidc_logouts_expires;
DROP INDEX oidc_logouts_due;
CREATE TABLE logouts (
    session TEXT NOT NULL,                      -- its public name, not the cookie
    service TEXT NOT NULL,
    door    TEXT NOT NULL,                      -- through which the service is told
    account TEXT NOT NULL,
    person  TEXT NOT NULL,                      -- the ids alone: account and person may be gone
    subject TEXT NOT NULL,                      -- the name by which the service knows the person, where it may look it up
    expires BIGINT NOT NULL,                    -- when the session is over by itself
    ended   BIGINT NOT NULL,                    -- 0: it lives
    due     BIGINT NOT NULL,                    -- when to tell the service; 0 while the session lives
    PRIMARY KEY (session, service, door)
);
INSERT INTO logouts SELECT session, service, 'oidc', account, person, '', expires, ended, due FROM logouts_before;
DROP TABLE logouts_before;
CREATE INDEX logouts_account ON logouts (account) WHERE ended = 0;
CREATE INDEX logouts_expires ON logouts (expires) WHERE ended = 0;
CREATE INDEX logouts_due ON logouts (due) WHERE due > 0;
CREATE INDEX logouts_subject ON logouts (subject) WHERE subject <> '' AND ended = 0;

-- +goose Down
DROP TABLE saml_metadata;
CREATE TABLE oidc_logouts (
    session TEXT NOT NULL,
    service TEXT NOT NULL,
    account TEXT NOT NULL,
    person  TEXT NOT NULL,
    expires BIGINT NOT NULL,
    ended   BIGINT NOT NULL,
    due     BIGINT NOT NULL,
    PRIMARY KEY (session, service)
);
INSERT INTO oidc_logouts SELECT session, service, account, person, expires, ended, due FROM logouts WHERE door = 'oidc';
DROP TABLE logouts;
CREATE INDEX oidc_logouts_account ON oidc_logouts (account) WHERE ended = 0;
CREATE INDEX oidc_logouts_expires ON oidc_logouts (expires) WHERE ended = 0;
CREATE INDEX oidc_logouts_due ON oidc_logouts (due) WHERE due > 0;
