-- What we asked of the contract, and what it says. Kept apart from the receipts: all of it can be told again.

-- Each call that the contract shall receive, in order: written before the outside world hears of it. A demonstration
-- chain that has forgotten everything is rebuilt from these rows.
CREATE TABLE chain_calls (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text NOT NULL,
    once         text UNIQUE,
    args         jsonb NOT NULL,
    role         text NOT NULL,
    state        text NOT NULL DEFAULT 'intended' CHECK (state IN ('intended', 'sent', 'mined', 'final', 'failed')),
    created_at   timestamptz NOT NULL DEFAULT now(),
    transaction  bytea,
    block        bigint,
    mined_at     timestamptz,
    failure      text
);
CREATE INDEX chain_calls_unfinished ON chain_calls (id) WHERE state NOT IN ('final', 'failed');
COMMENT ON COLUMN chain_calls.once IS 'a name that only one call may have, so that asking twice is harmless';

-- Every signed form of a transaction, kept before it is sent: the same bytes can be sent again after a reorganisation.
CREATE TABLE chain_transactions (
    hash       bytea PRIMARY KEY,
    chain_id   bigint NOT NULL,
    sender     bytea NOT NULL,
    nonce      bigint NOT NULL,
    raw        bytea NOT NULL,
    max_fee    numeric NOT NULL,
    calls      bigint[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX chain_transactions_by_sender ON chain_transactions (chain_id, sender, nonce);

-- The contract that this ledger lives in.
CREATE TABLE deployment (
    sole        boolean PRIMARY KEY DEFAULT true CHECK (sole),
    chain_id    bigint NOT NULL,
    contract    bytea NOT NULL CHECK (length(contract) = 20),
    final_batch bigint NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL DEFAULT now()
);

-- The contract's watermarks as last read, so that reads survive a dead endpoint.
CREATE TABLE watermarks (
    charity      bytea NOT NULL,
    unit         text NOT NULL,
    given        bigint NOT NULL DEFAULT 0,
    reversed     bigint NOT NULL DEFAULT 0,
    paid         bigint NOT NULL DEFAULT 0,
    netted       bigint NOT NULL DEFAULT 0,
    acknowledged bigint NOT NULL DEFAULT 0,
    spent        bigint NOT NULL DEFAULT 0,
    read_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (charity, unit)
);

-- What stops the chain's jobs until a person has looked.
CREATE TABLE alarms (
    kind      text PRIMARY KEY,
    message   text NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT now()
);
