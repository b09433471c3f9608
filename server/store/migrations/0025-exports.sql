-- What each line was given and what was taken back, day by day, and how much of it each merchant's buyers gave: what grants
-- over any period are added up from. A day is the UTC day on which the batch was closed, so that the days of a line add up
-- to its statements. Added up batch by batch together with `merchant_gifts`.
CREATE TABLE line_days (
    line     integer NOT NULL REFERENCES lines,
    day      integer NOT NULL,
    given    numeric NOT NULL,
    reversed numeric NOT NULL,
    PRIMARY KEY (line, day)
);
COMMENT ON COLUMN line_days.day IS 'counted from 1970';

CREATE TABLE merchant_gift_days (
    merchant text NOT NULL,
    line     integer NOT NULL REFERENCES lines,
    day      integer NOT NULL,
    given    bigint NOT NULL,
    reversed bigint NOT NULL,
    PRIMARY KEY (merchant, line, day)
);
CREATE INDEX merchants_shown ON merchants (id) WHERE shows_totals;

-- Lines are known from their statements; whose gifts were in earlier batches is not made up for.
INSERT INTO line_days (line, day, given, reversed)
    SELECT line, (closed_at / 86400)::integer, coalesce(sum("to" - "from") FILTER (WHERE kind = 0), 0),
        coalesce(sum("to" - "from") FILTER (WHERE kind = 1), 0)
    FROM statements JOIN batches ON number = batch
    WHERE batch <= (SELECT indexed FROM index_progress) GROUP BY line, closed_at / 86400;
