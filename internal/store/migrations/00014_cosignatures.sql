-- What outside witnesses have signed beneath the ledger's heads.

-- +goose Up
CREATE TABLE ledger_cosignatures (
    size    BIGINT NOT NULL,                    -- of the tree whose head it is
    witness TEXT   NOT NULL,                    -- name of the witness and hash of its key
    at      BIGINT NOT NULL,                    -- when it signed, by its own clock
    line    TEXT   NOT NULL,                    -- the signature as it stands in a note
    PRIMARY KEY (size, witness)
);
CREATE INDEX ledger_cosignatures_witness ON ledger_cosignatures (witness, size);

-- +goose Down
DROP TABLE ledger_cosignatures;
