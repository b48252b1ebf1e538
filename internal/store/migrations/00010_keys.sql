-- Signing keys that wait until services have them, or that a security module holds.

-- +goose Up
ALTER TABLE signing_keys ADD COLUMN ready_from BIGINT NOT NULL DEFAULT 0; -- signs from then on once services have it; 0: at active_from
ALTER TABLE signing_keys ADD COLUMN held TEXT NOT NULL DEFAULT '';        -- its id in the security module; '': the private key is here
ALTER TABLE signing_keys ADD COLUMN public TEXT NOT NULL DEFAULT '';      -- PKIX DER in base64, of a key that is held

-- From where services have proved who they are lately.
CREATE TABLE service_addresses (
    service TEXT   NOT NULL,                    -- id in the catalogue
    address TEXT   NOT NULL,                    -- keyed digest; '': it proves nothing
    seen    BIGINT NOT NULL,
    PRIMARY KEY (service, address)
);

-- From where a signing key that waits was fetched.
CREATE TABLE key_fetches (
    kid     TEXT   NOT NULL,
    address TEXT   NOT NULL,                    -- keyed digest
    service TEXT   NOT NULL,                    -- as the request named it; '': it named none
    seen    BIGINT NOT NULL,
    PRIMARY KEY (kid, address, service)
);

-- +goose Down
DROP TABLE key_fetches;
DROP TABLE service_addresses;
ALTER TABLE signing_keys DROP COLUMN public;
ALTER TABLE signing_keys DROP COLUMN held;
ALTER TABLE signing_keys DROP COLUMN ready_from;
