-- Campaigns: named windows over programmes, charities and merchants, and what they have come to. What a write adds to a
-- campaign is decided and recorded by that write's own transaction, so a total is the sum of its receipts at every moment.

CREATE TABLE campaigns (
    number      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          text NOT NULL UNIQUE,
    document    bytea NOT NULL,
    starts_at   bigint NOT NULL,
    ends_at     bigint NOT NULL,
    counts_from bigint NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    ended_at    bigint,
    ended_from  bigint,
    CHECK ((ended_at IS NULL) = (ended_from IS NULL))
);
COMMENT ON COLUMN campaigns.counts_from IS 'the first batch whose receipts count: the one after that of its notice';
COMMENT ON COLUMN campaigns.ended_at IS 'Unix seconds: where its window ends for what is recorded from batch ended_from on';
CREATE INDEX campaigns_by_window ON campaigns (ends_at, starts_at);

-- Rises whenever a campaign is made or ended. Who writes tells which version they have counted by.
ALTER TABLE open_batch ADD COLUMN campaigns bigint NOT NULL DEFAULT 0;

ALTER TABLE events ADD COLUMN campaigns integer[];
COMMENT ON COLUMN events.campaigns IS 'the numbers of the campaigns that any of its gifts counts for: its reversals count for the same';

-- One row for each write, campaign, unit and kind, until the batch is sealed. No row is ever waited for.
CREATE TABLE campaign_counts (
    campaign integer NOT NULL,
    unit     text NOT NULL,
    kind     smallint NOT NULL,
    batch    bigint NOT NULL,
    receipts bigint NOT NULL,
    sum      numeric NOT NULL
);
CREATE INDEX campaign_counts_by_batch ON campaign_counts (batch);

-- What each sealed batch has added, for ever; and all of them together.
CREATE TABLE campaign_batches (
    campaign integer NOT NULL,
    batch    bigint NOT NULL,
    unit     text NOT NULL,
    kind     smallint NOT NULL,
    receipts bigint NOT NULL,
    sum      numeric NOT NULL,
    PRIMARY KEY (campaign, batch, unit, kind)
);
CREATE TABLE campaign_totals (
    campaign integer NOT NULL,
    unit     text NOT NULL,
    kind     smallint NOT NULL,
    receipts bigint NOT NULL,
    sum      numeric NOT NULL,
    PRIMARY KEY (campaign, unit, kind)
);

DROP FUNCTION record_events;

-- As before, and: `known_campaigns` is the version of the campaigns that the counts were made by. Where it is not the
-- present one nothing is written, and `into_batch` is null: under the lock that was taken it cannot change any more.
-- A count is of the event `counted_of[n]`, and falls away with it when that event was there already. `event_campaigns`
-- holds an array literal for each event, or nothing; it is null, as the counts are, when none counts.
CREATE FUNCTION record_events(
    event_ids bytea, event_times bigint[], event_bodies text, event_receipts integer[],
    of_events integer[], ids bytea, lines integer[], kinds smallint[], amounts bigint[],
    all_terms bytea, all_details bytea, salts bytea, leaves bytea, privates text,
    promise_deadline bigint, promise_signature bytea, promise_leaves bytea, promise_receipts bytea,
    known_campaigns bigint, event_campaigns text, counted_of integer[], counted_campaigns integer[],
    counted_units text[], counted_kinds smallint[], counted_receipts bigint[], counted_sums bigint[],
    OUT into_batch bigint, OUT new_events bytea
) LANGUAGE plpgsql AS $$
DECLARE
    separator CONSTANT text := chr(30);
    all_new boolean;
    own_promise bigint;
    recorded bigint;
    present_campaigns bigint;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1634558318, 1);
    SELECT number, open_batch.campaigns INTO into_batch, present_campaigns FROM open_batch;
    IF known_campaigns <> present_campaigns THEN
        into_batch := NULL;
        RETURN;
    END IF;
    IF promise_signature IS NOT NULL THEN
        own_promise := nextval('promises_id_seq');
    END IF;

    WITH told AS (
        SELECT n::integer, time, body, own, (sum(own) OVER (ORDER BY n))::integer AS upto, counting
        FROM unnest(event_times, string_to_array(event_bodies, separator), event_receipts,
            string_to_array(event_campaigns, separator, '')) WITH ORDINALITY AS e (time, body, own, counting, n)
    ), added AS (
        INSERT INTO events (id, batch, accepted_at, body, receipts, promise, campaigns)
        SELECT substr(event_ids, 16 * n - 15, 16), into_batch, time, body, substr(ids, 16 * (upto - own) + 1, 16 * own),
            CASE WHEN own > 0 THEN own_promise END, counting::integer[]
        FROM told ON CONFLICT (id) DO NOTHING RETURNING id
    ) SELECT coalesce(string_agg(id, ''), ''), count(*) = cardinality(event_times) INTO new_events, all_new FROM added;

    WITH told AS (
        SELECT n::integer, of_event, line, kind, amount, private
        FROM unnest(of_events, lines, kinds, amounts, string_to_array(privates, separator))
            WITH ORDINALITY AS r (of_event, line, kind, amount, private, n)
    ), added AS (
        INSERT INTO receipts (id, batch, line, kind, amount, accepted_at, terms, details, salt, leaf, event, private)
        SELECT substr(ids, 16 * n - 15, 16), into_batch, line, kind, amount, event_times[of_event],
            substr(all_terms, 32 * n - 31, 32), substr(all_details, 32 * n - 31, 32), substr(salts, 32 * n - 31, 32),
            substr(leaves, 32 * n - 31, 32), substr(event_ids, 16 * of_event - 15, 16), private
        FROM told WHERE all_new OR substr(event_ids, 16 * of_event - 15, 16) IN (
            SELECT substr(new_events, 16 * k - 15, 16) FROM generate_series(1, length(new_events) / 16) AS k)
        RETURNING amount
    ), counted AS (
        INSERT INTO commits (batch, receipts, sum)
        SELECT into_batch, count(*), sum(amount) FROM added HAVING count(*) > 0 RETURNING receipts
    ) SELECT coalesce(sum(receipts), 0) INTO recorded FROM counted;

    IF counted_of IS NOT NULL THEN
        INSERT INTO campaign_counts (campaign, unit, kind, batch, receipts, sum)
        SELECT c.campaign, c.unit, c.kind, into_batch, sum(c.own), sum(c.amount)
        FROM unnest(counted_of, counted_campaigns, counted_units, counted_kinds, counted_receipts, counted_sums)
            AS c (of_event, campaign, unit, kind, own, amount)
        WHERE all_new OR substr(event_ids, 16 * c.of_event - 15, 16) IN (
            SELECT substr(new_events, 16 * k - 15, 16) FROM generate_series(1, length(new_events) / 16) AS k)
        GROUP BY c.campaign, c.unit, c.kind;
    END IF;

    IF own_promise IS NOT NULL AND recorded > 0 THEN
        INSERT INTO promises (id, deadline, signature, leaves, receipts)
        VALUES (own_promise, promise_deadline, promise_signature, promise_leaves, promise_receipts);
    END IF;
END $$;
