-- When contracts that the ledger has left were first told of batches and watermarks that their successor records again: what
-- reports take for the time of those. Unix seconds, of the earlier contract's blocks from before the successor's opening.
CREATE TABLE first_anchored (
    batch bigint PRIMARY KEY,
    at    bigint NOT NULL
);
CREATE TABLE first_moved (
    charity bytea NOT NULL,
    unit    text NOT NULL,
    step    text NOT NULL CHECK (step IN ('paid', 'acknowledged', 'spent')),
    upto    bigint NOT NULL,
    at      bigint NOT NULL,
    PRIMARY KEY (charity, unit, step, upto)
);
COMMENT ON COLUMN moved_events.at IS 'of the block, in Unix seconds; where an earlier contract was told before, of that one''s';

-- No batch is closed before the end of a period that was reported on.
CREATE INDEX philanthropy_reports_by_end ON philanthropy_reports (period_upto);
