-- Moves of the ledger from one contract to another: written down before anything is sent, and kept as its history.
CREATE TABLE moves (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    from_chain      bigint NOT NULL,
    from_contract   bytea NOT NULL CHECK (length(from_contract) = 20),
    from_block      bigint NOT NULL,
    forgotten       boolean NOT NULL,
    last_good_batch bigint NOT NULL,
    to_chain        bigint NOT NULL,
    to_contract     bytea CHECK (length(to_contract) = 20),
    state           text NOT NULL DEFAULT 'rebuilding' CHECK (state IN ('rebuilding', 'compared', 'opened', 'succeeded')),
    nonce           bigint,
    created_at      timestamptz NOT NULL DEFAULT now(),
    ended_at        timestamptz
);
CREATE UNIQUE INDEX moves_under_way ON moves ((true)) WHERE state <> 'succeeded';
COMMENT ON COLUMN moves.from_block IS 'the block of the earlier contract, or one before it: its events are read from there';
COMMENT ON COLUMN moves.forgotten IS 'the earlier contract was on a demonstration chain: it is gone, and names no successor';
COMMENT ON COLUMN moves.last_good_batch IS 'the last batch whose root on the earlier contract is ours';
COMMENT ON COLUMN moves.to_contract IS 'known once the new contract is built and compared';
COMMENT ON COLUMN moves.nonce IS 'of the admin on the earlier chain: the place of the transaction that names the successor';
