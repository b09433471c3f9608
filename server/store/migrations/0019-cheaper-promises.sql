-- What a promise costs in the write transaction, made less: its number comes from the sequence by name, and its deadline is
-- found by block ranges, since deadlines grow with their rows.

DROP INDEX promises_by_deadline;
CREATE INDEX promises_by_deadline ON promises USING brin (deadline) WITH (pages_per_range = 16, autosummarize = on);

CREATE OR REPLACE FUNCTION record_events(
    event_ids bytea, event_times bigint[], event_bodies text, event_receipts integer[],
    of_events integer[], ids bytea, lines integer[], kinds smallint[], amounts bigint[],
    all_terms bytea, all_details bytea, salts bytea, leaves bytea, privates text,
    promise_deadline bigint, promise_signature bytea, promise_leaves bytea, promise_receipts bytea,
    OUT into_batch bigint, OUT new_events bytea
) LANGUAGE plpgsql AS $$
DECLARE
    separator CONSTANT text := chr(30);
    all_new boolean;
    own_promise bigint;
    recorded bigint;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1634558318, 1);
    SELECT number INTO into_batch FROM open_batch;
    IF promise_signature IS NOT NULL THEN
        own_promise := nextval('promises_id_seq');
    END IF;

    WITH told AS (
        SELECT n::integer, time, body, own, (sum(own) OVER (ORDER BY n))::integer AS upto
        FROM unnest(event_times, string_to_array(event_bodies, separator), event_receipts) WITH ORDINALITY AS e (time, body, own, n)
    ), added AS (
        INSERT INTO events (id, batch, accepted_at, body, receipts, promise)
        SELECT substr(event_ids, 16 * n - 15, 16), into_batch, time, body, substr(ids, 16 * (upto - own) + 1, 16 * own),
            CASE WHEN own > 0 THEN own_promise END
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

    IF own_promise IS NOT NULL AND recorded > 0 THEN
        INSERT INTO promises (id, deadline, signature, leaves, receipts)
        VALUES (own_promise, promise_deadline, promise_signature, promise_leaves, promise_receipts);
    END IF;
END $$;
