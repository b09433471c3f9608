-- What we asked of the contract, and what it says. Kept apart from the receipts: all of it can be told again.

-- Each call that the contract shall receive: written before the outside world hears of it. A chain that has forgotten
-- everything is rebuilt from these rows.
CREATE TABLE chain_calls (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text NOT NULL,
    once         text UNIQUE,
    args         jsonb NOT NULL,
    role         text NOT NULL,
    turn         smallint NOT NULL DEFAULT 100,
    state        text NOT NULL DEFAULT 'intended' CHECK (state IN ('intended', 'sent', 'mined', 'final', 'failed')),
    sender       bytea,
    nonce        bigint,
    attempts     smallint NOT NULL DEFAULT 0,
    not_before   timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    transaction  bytea,
    block        bigint,
    mined_at     timestamptz,
    failure      text,
    CHECK (state NOT IN ('sent', 'mined') OR (sender IS NOT NULL AND nonce IS NOT NULL))
);
CREATE INDEX chain_calls_unfinished ON chain_calls (turn, id) WHERE state NOT IN ('final', 'failed');
CREATE INDEX chain_calls_by_kind ON chain_calls (kind, id DESC);
COMMENT ON COLUMN chain_calls.once IS 'a name that only one call may have, so that asking twice is harmless; a failed call gives it back';
COMMENT ON COLUMN chain_calls.turn IS 'rebuilding goes by turn, then by id; what is asked for at any other time comes last';
COMMENT ON COLUMN chain_calls.nonce IS 'with the sender: the place that a signed transaction takes, and all its replacements with higher fees';
COMMENT ON COLUMN chain_calls.mined_at IS 'when it was done for the first time; a rebuilding keeps it';

-- Every signed form of a transaction, kept before it is sent: the same bytes can be sent again after a reorganisation.
CREATE TABLE chain_transactions (
    hash       bytea PRIMARY KEY,
    chain_id   bigint NOT NULL,
    sender     bytea NOT NULL,
    nonce      bigint NOT NULL,
    raw        bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX chain_transactions_by_sender ON chain_transactions (chain_id, sender, nonce);

-- The newest statement of each side of a line that was asked to be proven, and when.
CREATE TABLE proofs_asked (
    line     integer NOT NULL,
    kind     smallint NOT NULL,
    batch    bigint NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (line, kind)
);

-- The contract that this ledger lives in, and when all its watermarks were last read.
CREATE TABLE deployment (
    sole       boolean PRIMARY KEY DEFAULT true CHECK (sole),
    chain_id   bigint NOT NULL,
    contract   bytea NOT NULL CHECK (length(contract) = 20),
    created_at timestamptz NOT NULL DEFAULT now(),
    read_at    timestamptz
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

-- What stops the chain's jobs for as long as it stands.
CREATE TABLE alarms (
    kind      text PRIMARY KEY,
    message   text NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT now()
);
