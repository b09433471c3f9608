-- Settlement: runs that look at every line, and the payouts that they come to.

CREATE TABLE settlement_runs (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    asked_by   text NOT NULL CHECK (asked_by IN ('operator', 'schedule')),
    state      text NOT NULL DEFAULT 'proving' CHECK (state IN ('proving', 'deciding', 'paying', 'done')),
    decided_to integer NOT NULL DEFAULT 0,
    looked_at  integer NOT NULL DEFAULT 0,
    unpaid     jsonb NOT NULL DEFAULT '{}',
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at   timestamptz
);
-- One run at a time: whoever asks while one is under way joins it.
CREATE UNIQUE INDEX settlement_runs_under_way ON settlement_runs ((true)) WHERE state <> 'done';
COMMENT ON COLUMN settlement_runs.decided_to IS 'the last line that was decided on; a run that was cut off goes on behind it';
COMMENT ON COLUMN settlement_runs.looked_at IS 'how many lines were decided on';
COMMENT ON COLUMN settlement_runs.unpaid IS 'on how many lines nothing was paid, by reason';

-- Lines that a run could not pay although there is money for them: somebody has to act.
CREATE TABLE settlement_set_aside (
    run    bigint NOT NULL REFERENCES settlement_runs,
    line   integer NOT NULL REFERENCES lines,
    reason text NOT NULL,
    PRIMARY KEY (run, line)
);

CREATE TABLE payouts (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run        bigint NOT NULL REFERENCES settlement_runs,
    line       integer NOT NULL REFERENCES lines,
    rail       text NOT NULL CHECK (rail IN ('token', 'bank')),
    "from"     bigint NOT NULL,
    upto       bigint NOT NULL,
    net_from   bigint NOT NULL,
    net_to     bigint NOT NULL,
    amount     bigint NOT NULL GENERATED ALWAYS AS ((upto - "from") - (net_to - net_from)) STORED,
    state      text NOT NULL CHECK (state IN ('intended', 'waiting', 'confirmed', 'paid', 'failed')),
    call       bigint REFERENCES chain_calls,
    reason     text,
    created_at timestamptz NOT NULL DEFAULT now(),
    paid_at    timestamptz,
    CHECK ("from" < upto AND net_from <= net_to AND amount > 0),
    CHECK (rail = 'bank' OR state NOT IN ('waiting', 'confirmed')),
    CHECK (rail = 'token' OR state <> 'intended')
);
COMMENT ON COLUMN payouts.state IS 'token: intended, then paid or failed; bank: waiting for the bank, confirmed by it, then paid or failed';
COMMENT ON COLUMN payouts.call IS 'the call that records it with the contract; null while it waits for the bank';
COMMENT ON COLUMN payouts.reason IS 'why it failed, or what it waits for';
COMMENT ON COLUMN payouts.paid_at IS 'when the contract has recorded it for the first time';

-- Whoever pays a second time from the same position, or while a payout of the line is under way, is refused here.
CREATE UNIQUE INDEX payouts_once ON payouts (line, "from") WHERE state <> 'failed';
CREATE UNIQUE INDEX payouts_under_way ON payouts (line) WHERE state IN ('intended', 'waiting', 'confirmed');
CREATE INDEX payouts_by_line ON payouts (line, upto);
CREATE INDEX payouts_by_run ON payouts (run, state);
CREATE INDEX payouts_by_call ON payouts (call);

-- A payout ends with its call, in the transaction in which the call ends. What the contract refuses gives its interval
-- back; but not when the bank has moved the money already: that payout stays confirmed, and its call is asked for again.
CREATE FUNCTION payout_follows_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.state = 'final' THEN
        UPDATE payouts SET state = 'paid', reason = NULL, paid_at = coalesce(paid_at, new.mined_at, now())
        WHERE call = new.id AND state IN ('intended', 'confirmed');
    ELSE
        UPDATE payouts SET state = CASE rail WHEN 'token' THEN 'failed' ELSE state END, reason = new.failure
        WHERE call = new.id AND state IN ('intended', 'confirmed');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payout_follows_call AFTER UPDATE OF state ON chain_calls FOR EACH ROW
    WHEN (new.kind IN ('payToken', 'payBank') AND new.state IN ('final', 'failed'))
    EXECUTE FUNCTION payout_follows_call();

ALTER TABLE chain_calls ADD COLUMN waits_for text;
COMMENT ON COLUMN chain_calls.waits_for IS 'what a call that is put off waits for; counts only while it is intended';

-- Payouts that wait for their unit's token are tried as soon as the contract knows it.
CREATE FUNCTION payouts_follow_token() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE chain_calls SET not_before = NULL, waits_for = NULL
    WHERE state = 'intended' AND kind = 'payToken' AND args->>'unit' = new.args->>'unit';
    RETURN NULL;
END $$;
CREATE TRIGGER payouts_follow_token AFTER UPDATE OF state ON chain_calls FOR EACH ROW
    WHEN (new.kind = 'setToken' AND new.state = 'final') EXECUTE FUNCTION payouts_follow_token();

-- A position is looked up by where its statement ends.
CREATE INDEX statements_by_end ON statements (line, kind, "to");
