-- What philanthropy reports are made of: what the contract's events say, and what receipts' details say by programme.

-- The events by which the contract anchored batches and moved watermarks, up to the block named in `moves_read`, which is
-- settled. They can all be read again: a chain that begins anew takes them away.
CREATE TABLE anchored_events (
    batch       bigint PRIMARY KEY,
    block       bigint NOT NULL,
    at          bigint NOT NULL,
    transaction bytea NOT NULL
);
CREATE TABLE moved_events (
    block       bigint NOT NULL,
    log         integer NOT NULL,
    step        text NOT NULL CHECK (step IN ('paid', 'acknowledged', 'spent')),
    charity     bytea NOT NULL,
    unit        text NOT NULL,
    "from"      bigint NOT NULL,
    upto        bigint NOT NULL,
    evidence    bytea,
    at          bigint NOT NULL,
    transaction bytea NOT NULL,
    PRIMARY KEY (block, log)
);
CREATE INDEX moved_events_by_line ON moved_events (charity, unit, step, upto);
CREATE INDEX moved_events_spent ON moved_events (at) WHERE step = 'spent';
COMMENT ON COLUMN moved_events.at IS 'of the block, in Unix seconds';

CREATE TABLE moves_read (
    sole     boolean PRIMARY KEY DEFAULT true CHECK (sole),
    chain_id bigint NOT NULL,
    contract bytea NOT NULL,
    block    bigint NOT NULL,
    hash     bytea NOT NULL,
    at       bigint NOT NULL
);

-- What the receipts of a batch come to by line, side and programme; with a merchant's name where it showed its totals when
-- the batch was indexed, else the empty one.
CREATE TABLE programme_sums (
    batch     bigint NOT NULL,
    line      integer NOT NULL REFERENCES lines,
    kind      smallint NOT NULL,
    programme text NOT NULL,
    merchant  text NOT NULL,
    receipts  bigint NOT NULL,
    amount    bigint NOT NULL,
    PRIMARY KEY (batch, line, kind, programme, merchant)
);
ALTER TABLE index_progress ADD COLUMN programmes_from bigint NOT NULL DEFAULT 1;
UPDATE index_progress SET programmes_from = indexed + 1;
COMMENT ON COLUMN index_progress.programmes_from IS 'the first batch whose receipts are in programme_sums';

-- Documents that publish those sums, each over consecutive batches that were closed on one day.
CREATE TABLE programmes_documents (
    from_batch bigint PRIMARY KEY,
    to_batch   bigint NOT NULL CHECK (to_batch >= from_batch),
    document   bytea NOT NULL REFERENCES documents (hash)
);

CREATE TABLE philanthropy_reports (
    document    bytea PRIMARY KEY REFERENCES documents (hash),
    number      bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    period_from bigint NOT NULL,
    period_upto bigint NOT NULL,
    made_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX batches_by_closing ON batches (closed_at);
