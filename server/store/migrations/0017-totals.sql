-- What all lines of a unit come to, in all and day by day, so that nobody has to add up receipts, statements or lines to
-- tell. Gifts and reversals are added in the transaction that seals their batch, the rest as the contract's watermarks are
-- read. Nothing in here ever falls.

CREATE TABLE unit_totals (
    unit         text PRIMARY KEY,
    gifts        bigint NOT NULL DEFAULT 0,
    given        numeric NOT NULL DEFAULT 0,
    reversed     numeric NOT NULL DEFAULT 0,
    paid         numeric NOT NULL DEFAULT 0,
    netted       numeric NOT NULL DEFAULT 0,
    acknowledged numeric NOT NULL DEFAULT 0,
    spent        numeric NOT NULL DEFAULT 0
);
COMMENT ON COLUMN unit_totals.gifts IS 'how many receipts of gifts; the others are minor units';

CREATE TABLE day_totals (
    unit         text NOT NULL,
    day          integer NOT NULL,
    gifts        bigint NOT NULL DEFAULT 0,
    given        numeric NOT NULL DEFAULT 0,
    reversed     numeric NOT NULL DEFAULT 0,
    paid         numeric NOT NULL DEFAULT 0,
    netted       numeric NOT NULL DEFAULT 0,
    acknowledged numeric NOT NULL DEFAULT 0,
    spent        numeric NOT NULL DEFAULT 0,
    PRIMARY KEY (unit, day)
);
COMMENT ON COLUMN day_totals.day IS 'the UTC day, counted from 1970, on which the batch was closed or the watermark read';

-- How far each line's watermarks are in the totals. A demonstration chain that starts anew begins at nothing and comes to
-- the same again: only what goes beyond this is new.
CREATE TABLE counted_marks (
    charity      bytea NOT NULL,
    unit         text NOT NULL,
    paid         bigint NOT NULL,
    netted       bigint NOT NULL,
    acknowledged bigint NOT NULL,
    spent        bigint NOT NULL,
    PRIMARY KEY (charity, unit)
);

-- Takes the row of the unit last of all, and for as long as the transaction lasts: whoever calls this ends soon.
CREATE FUNCTION add_to_totals(
    of_unit text, of_day bigint, more_gifts bigint, more_given numeric, more_reversed numeric,
    more_paid numeric, more_netted numeric, more_acknowledged numeric, more_spent numeric
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO day_totals AS sum (unit, day, gifts, given, reversed, paid, netted, acknowledged, spent)
    VALUES (of_unit, of_day, more_gifts, more_given, more_reversed, more_paid, more_netted, more_acknowledged, more_spent)
    ON CONFLICT (unit, day) DO UPDATE SET gifts = sum.gifts + excluded.gifts, given = sum.given + excluded.given,
        reversed = sum.reversed + excluded.reversed, paid = sum.paid + excluded.paid, netted = sum.netted + excluded.netted,
        acknowledged = sum.acknowledged + excluded.acknowledged, spent = sum.spent + excluded.spent;
    INSERT INTO unit_totals AS sum (unit, gifts, given, reversed, paid, netted, acknowledged, spent)
    VALUES (of_unit, more_gifts, more_given, more_reversed, more_paid, more_netted, more_acknowledged, more_spent)
    ON CONFLICT (unit) DO UPDATE SET gifts = sum.gifts + excluded.gifts, given = sum.given + excluded.given,
        reversed = sum.reversed + excluded.reversed, paid = sum.paid + excluded.paid, netted = sum.netted + excluded.netted,
        acknowledged = sum.acknowledged + excluded.acknowledged, spent = sum.spent + excluded.spent;
$$;

-- A bank payout is the operator's claim until its charity was seen to have signed for all of it.
ALTER TABLE payouts ADD COLUMN acknowledged_at timestamptz;
COMMENT ON COLUMN payouts.acknowledged_at IS 'when the contract was first read to say that the charity has signed for it';
CREATE INDEX payouts_claimed ON payouts (paid_at, id) WHERE rail = 'bank' AND state = 'paid' AND acknowledged_at IS NULL;
CREATE INDEX payouts_unsigned ON payouts (line, upto) WHERE acknowledged_at IS NULL;

CREATE FUNCTION totals_follow_watermarks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before counted_marks;
    counted counted_marks;
BEGIN
    -- The row of the line's watermarks is held by whoever changes it: nobody else counts this line meanwhile.
    SELECT * INTO before FROM counted_marks WHERE charity = new.charity AND unit = new.unit;
    INSERT INTO counted_marks AS marks (charity, unit, paid, netted, acknowledged, spent)
    VALUES (new.charity, new.unit, new.paid, new.netted, new.acknowledged, new.spent)
    ON CONFLICT (charity, unit) DO UPDATE SET paid = greatest(marks.paid, excluded.paid),
        netted = greatest(marks.netted, excluded.netted),
        acknowledged = greatest(marks.acknowledged, excluded.acknowledged), spent = greatest(marks.spent, excluded.spent)
    WHERE marks.paid < excluded.paid OR marks.netted < excluded.netted
        OR marks.acknowledged < excluded.acknowledged OR marks.spent < excluded.spent
    RETURNING * INTO counted;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF counted.acknowledged > coalesce(before.acknowledged, 0) THEN
        UPDATE payouts SET acknowledged_at = now() FROM lines
        WHERE lines.charity = new.charity AND lines.unit = new.unit AND line = lines.id AND upto <= new.acknowledged
            AND acknowledged_at IS NULL;
    END IF;
    PERFORM add_to_totals(new.unit, extract(epoch FROM new.read_at)::bigint / 86400, 0, 0, 0,
        counted.paid - coalesce(before.paid, 0), counted.netted - coalesce(before.netted, 0),
        counted.acknowledged - coalesce(before.acknowledged, 0), counted.spent - coalesce(before.spent, 0));
    RETURN NULL;
END $$;
CREATE TRIGGER totals_follow_watermarks AFTER INSERT OR UPDATE ON watermarks FOR EACH ROW
    WHEN (new.paid > 0) EXECUTE FUNCTION totals_follow_watermarks();

-- How many receipts were written second by second, of batches that were sealed within the last minutes: of the others
-- `commits` tells.
CREATE TABLE recent_receipts (
    second   bigint NOT NULL,
    batch    bigint NOT NULL,
    receipts bigint NOT NULL,
    PRIMARY KEY (second, batch)
);

-- What there is already: by the batches that were sealed, and by the calls that the contract has taken, each on its day.
DO $$
BEGIN
    PERFORM add_to_totals(unit, closed_at / 86400,
            coalesce(sum(statements.receipts) FILTER (WHERE kind = 0), 0)::bigint,
            coalesce(sum("to" - "from") FILTER (WHERE kind = 0), 0), coalesce(sum("to" - "from") FILTER (WHERE kind = 1), 0),
            0, 0, 0, 0)
        FROM statements JOIN batches ON number = batch JOIN lines ON lines.id = line GROUP BY unit, closed_at / 86400;

    CREATE TEMPORARY TABLE taken ON COMMIT DROP AS
        SELECT decode(substr(args->>'charity', 3), 'hex') AS charity, args->>'unit' AS unit, mined_at,
            (args->>'upTo')::bigint - (args->>'from')::bigint AS paid,
            (args->>'netTo')::bigint - coalesce(lag((args->>'netTo')::bigint) OVER line, 0) AS netted,
            0::bigint AS acknowledged, 0::bigint AS spent
        FROM chain_calls WHERE kind IN ('payBank', 'payToken') AND state <> 'failed' AND mined_at IS NOT NULL
        WINDOW line AS (PARTITION BY args->>'charity', args->>'unit' ORDER BY (args->>'upTo')::bigint)
        UNION ALL
        SELECT decode(substr(said->>'charity', 3), 'hex'), said->>'unit', mined_at, 0, 0,
            CASE kind WHEN 'acknowledge' THEN more ELSE 0 END, CASE kind WHEN 'disburse' THEN more ELSE 0 END
        FROM chain_calls,
            LATERAL (SELECT coalesce(args->'acknowledgement', args->'disbursement') AS said) AS signed,
            LATERAL (SELECT (said->>'upTo')::bigint - (said->>'from')::bigint AS more) AS behind
        WHERE kind IN ('acknowledge', 'disburse') AND state <> 'failed' AND mined_at IS NOT NULL;

    -- What others have brought to the contract is in no call of ours: the watermarks tell it, on the day of their reading.
    INSERT INTO taken
        SELECT charity, unit, read_at, greatest(marks.paid - coalesce(sum(told.paid), 0), 0),
            greatest(marks.netted - coalesce(sum(told.netted), 0), 0),
            greatest(marks.acknowledged - coalesce(sum(told.acknowledged), 0), 0),
            greatest(marks.spent - coalesce(sum(told.spent), 0), 0)
        FROM watermarks AS marks LEFT JOIN taken AS told USING (charity, unit) GROUP BY marks.charity, marks.unit;

    INSERT INTO counted_marks (charity, unit, paid, netted, acknowledged, spent)
        SELECT charity, unit, sum(paid), sum(netted), sum(acknowledged), sum(spent)
        FROM taken GROUP BY charity, unit;
    PERFORM add_to_totals(unit, extract(epoch FROM mined_at)::bigint / 86400, 0, 0, 0,
            sum(paid), sum(netted), sum(acknowledged), sum(spent))
        FROM taken GROUP BY unit, extract(epoch FROM mined_at)::bigint / 86400
        HAVING sum(paid) + sum(acknowledged) + sum(spent) > 0;
    UPDATE payouts SET acknowledged_at = now() FROM lines JOIN counted_marks AS counted USING (charity, unit)
        WHERE lines.id = line AND upto <= counted.acknowledged;
END $$;
