-- People: whose purchase is whose, what merchants were told of a day, which papers were handed out, what was erased.

-- Found by donor and by merchant: one row for each purchase of a sealed batch, made off the hot path. No order number and
-- no buyer's name is in it; `donor` is a keyed hash of merchant and buyer.
CREATE TABLE purchase_index (
    event        bytea PRIMARY KEY,
    batch        bigint NOT NULL,
    merchant     text NOT NULL,
    day          integer NOT NULL,
    completed_at bigint,
    donor        bytea
);
CREATE INDEX purchases_by_merchant ON purchase_index (merchant, day);
CREATE INDEX purchases_by_donor ON purchase_index (donor, completed_at) WHERE donor IS NOT NULL;
COMMENT ON COLUMN purchase_index.day IS 'the UTC day, counted from 1970, in whose merchant total it is';
COMMENT ON COLUMN purchase_index.donor IS 'null when the shop named no buyer, and, like completed_at, once erased';

-- What was recorded of each merchant on each day, added up batch by batch. Currency is empty for refunds that took
-- nothing back.
CREATE TABLE merchant_sums (
    day       integer NOT NULL,
    merchant  text NOT NULL,
    currency  text NOT NULL,
    purchases bigint NOT NULL,
    paid      bigint NOT NULL,
    given     bigint NOT NULL,
    refunds   bigint NOT NULL,
    reversed  bigint NOT NULL,
    PRIMARY KEY (day, merchant, currency)
);

-- The document of each merchant's day, and the number of all its purchases since the beginning.
CREATE TABLE merchant_totals (
    merchant text NOT NULL,
    day      integer NOT NULL,
    document bytea NOT NULL,
    last     bigint NOT NULL,
    PRIMARY KEY (merchant, day)
);

-- How far the index and the merchants' totals have come.
CREATE TABLE index_progress (
    sole         boolean PRIMARY KEY DEFAULT true CHECK (sole),
    indexed      bigint NOT NULL DEFAULT 0,
    open_day     integer NOT NULL DEFAULT 0,
    totals_day   integer NOT NULL DEFAULT 0,
    totals_after text NOT NULL DEFAULT ''
);
INSERT INTO index_progress DEFAULT VALUES;
COMMENT ON COLUMN index_progress.indexed IS 'the last batch whose purchases are in the index and in the sums';
COMMENT ON COLUMN index_progress.open_day IS 'the first day that purchases are still added to: earlier ones are over';
COMMENT ON COLUMN index_progress.totals_after IS 'with totals_day: the last merchant''s day whose document is recorded';

-- Papers that were handed out, so that whoever holds one can compare. The token is on the paper and cannot be guessed.
CREATE TABLE issued_statements (
    token     bytea PRIMARY KEY CHECK (length(token) = 16),
    hash      bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    subject   text NOT NULL,
    body      text NOT NULL,
    issued_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX issued_statements_by_subject ON issued_statements (subject);

-- What was erased, when and by whom: no personal data. Written before anything is taken away, and finished by whoever
-- comes by; a donor who comes back is of the next generation, with a key of its own.
CREATE TABLE erasures (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    donor       bytea,
    generation  integer NOT NULL DEFAULT 1,
    purchase    bytea,
    role        text NOT NULL,
    label       text NOT NULL,
    asked_at    bigint NOT NULL,
    upto        bigint NOT NULL,
    purchases   bigint NOT NULL DEFAULT 0,
    receipts    bigint NOT NULL DEFAULT 0,
    finished_at timestamptz,
    CHECK (num_nonnulls(donor, purchase) = 1),
    UNIQUE (donor, generation),
    UNIQUE (purchase, generation)
);
CREATE INDEX erasures_unfinished ON erasures (id) WHERE finished_at IS NULL;
COMMENT ON COLUMN erasures.upto IS 'the batch that was open when it was asked for';

-- Gifts whose details are gone and whose salt still waits for their batch to be final: it is read again before.
CREATE TABLE salts_to_erase (
    receipt bytea PRIMARY KEY,
    batch   bigint NOT NULL,
    erasure bigint NOT NULL REFERENCES erasures
);
CREATE INDEX salts_to_erase_by_batch ON salts_to_erase (batch);
CREATE INDEX salts_to_erase_by_erasure ON salts_to_erase (erasure);

ALTER TABLE events ADD COLUMN erased_at bigint;
ALTER TABLE refunds ALTER COLUMN body DROP NOT NULL;
COMMENT ON COLUMN events.erased_at IS 'Unix seconds; since then body_hash, the SHA-256 of the body, stands for the body';

-- What concerns one charity, whatever the kind of call.
CREATE INDEX chain_calls_by_charity ON chain_calls ((coalesce(args->>'charity', args->'acknowledgement'->>'charity',
    args->'disbursement'->>'charity', args->'statement'->>'charity')), id);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
        PERFORM create_distributed_table('purchase_index', 'event');
    END IF;
END $$;
