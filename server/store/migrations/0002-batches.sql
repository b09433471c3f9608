-- Events and receipts as they are accepted, and the batches that they fall into.

-- The batch that a write falls into is decided by reading this row under the shared batch lock.
CREATE TABLE open_batch (
    sole      boolean PRIMARY KEY DEFAULT true CHECK (sole),
    number    bigint NOT NULL CHECK (number >= 1),
    opened_at bigint NOT NULL
);

-- What each write transaction added. A batch is complete when its receipts add up to these.
CREATE TABLE commits (
    batch    bigint NOT NULL,
    receipts bigint NOT NULL,
    sum      numeric NOT NULL,
    at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX commits_by_batch ON commits (batch);

-- One row for each accepted event, for ever. `body` is null once erased; `body_hash` stands for it then.
CREATE TABLE events (
    id          bytea PRIMARY KEY CHECK (length(id) = 16),
    batch       bigint NOT NULL,
    accepted_at bigint NOT NULL,
    body        text,
    body_hash   bytea,
    receipts    bytea NOT NULL CHECK (length(receipts) % 16 = 0)
);
COMMENT ON COLUMN events.receipts IS 'the ids of its receipts, 16 bytes each, in the order of the answer';

-- Written once and never updated, but for erasure, which takes `salt` and `private` away.
-- Partitioned by batch so that old batches can move out. An id is looked up in every partition, so a partition
-- spans many batches (about a week of them); within one the pages are in the order of batches, which is what the
-- block range index finds a whole batch by.
CREATE TABLE receipts (
    id          bytea NOT NULL,
    batch       bigint NOT NULL,
    line        integer NOT NULL,
    kind        smallint NOT NULL,
    amount      bigint NOT NULL CHECK (amount > 0),
    accepted_at bigint NOT NULL,
    terms       bytea NOT NULL,
    details     bytea NOT NULL,
    salt        bytea,
    leaf        bytea NOT NULL,
    event       bytea NOT NULL,
    private     text,
    UNIQUE (id, batch)
) PARTITION BY RANGE (batch);
CREATE INDEX receipts_by_batch ON receipts USING brin (batch) WITH (pages_per_range = 16, autosummarize = on);

-- Makes the partition that holds a batch. Called ahead of time by the sealer.
CREATE FUNCTION ensure_receipts_partition(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    span  CONSTANT bigint := 10000;
    first CONSTANT bigint := wanted / span * span;
    name  CONSTANT text := format('receipts_from_%s', first);
BEGIN
    IF to_regclass(name) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF receipts FOR VALUES FROM (%s) TO (%s)', name, first, first + span);
    END IF;
END $$;
SELECT ensure_receipts_partition(1);

-- Writes events with their receipts into the open batch, all in one statement from outside: one journey to the database
-- and back for a whole group. Events that are there already are left as they are, and their receipts out. `new_events`
-- is the ids of those that are new, one behind the other.
--
-- A column of fixed width comes as its values one behind the other, one of texts with U+001E between them (RFC 7464; no
-- JSON contains it): neither side then escapes or parses each value. Receipts come in the order of their events, of which
-- the n-th has `event_receipts[n]`.
--
-- The lock comes first and the number is read in a statement of its own: at READ COMMITTED each statement of a function
-- sees what was committed when that statement began, so the number is read under the lock (see server/store/locks.ts),
-- and stays until this transaction has ended.
CREATE FUNCTION record_events(
    event_ids bytea, event_times bigint[], event_bodies text, event_receipts integer[],
    of_events integer[], ids bytea, lines integer[], kinds smallint[], amounts bigint[],
    all_terms bytea, all_details bytea, salts bytea, leaves bytea, privates text,
    OUT into_batch bigint, OUT new_events bytea
) LANGUAGE plpgsql AS $$
DECLARE
    separator CONSTANT text := chr(30);
    all_new boolean;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1634558318, 1);
    SELECT number INTO into_batch FROM open_batch;

    WITH told AS (
        SELECT n::integer, time, body, own, (sum(own) OVER (ORDER BY n))::integer AS upto
        FROM unnest(event_times, string_to_array(event_bodies, separator), event_receipts) WITH ORDINALITY AS e (time, body, own, n)
    ), added AS (
        INSERT INTO events (id, batch, accepted_at, body, receipts)
        SELECT substr(event_ids, 16 * n - 15, 16), into_batch, time, body, substr(ids, 16 * (upto - own) + 1, 16 * own)
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
    )
    INSERT INTO commits (batch, receipts, sum)
    SELECT into_batch, count(*), sum(amount) FROM added HAVING count(*) > 0;
END $$;

-- Which reversals name a gift, and what each refund took from a purchase's items.
CREATE TABLE reversals (
    reversal bytea PRIMARY KEY,
    gift     bytea NOT NULL,
    amount   bigint NOT NULL,
    batch    bigint NOT NULL
);
CREATE INDEX reversals_by_gift ON reversals (gift);

CREATE TABLE refunds (
    purchase bytea NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY,
    refund   bytea NOT NULL,
    body     text NOT NULL,
    PRIMARY KEY (purchase, refund)
);

CREATE TABLE batches (
    number       bigint PRIMARY KEY,
    state        text NOT NULL CHECK (state IN ('closed', 'sealed', 'submitted', 'anchored', 'final')),
    opened_at    bigint NOT NULL,
    closed_at    bigint NOT NULL,
    receipts     bigint,
    root         bytea,
    sealed_at    timestamptz,
    transaction  bytea,
    block        bigint,
    anchored_at  timestamptz
);
CREATE INDEX batches_unfinished ON batches (number) WHERE state <> 'final';

CREATE TABLE statements (
    batch         bigint NOT NULL,
    line          integer NOT NULL REFERENCES lines,
    kind          smallint NOT NULL,
    "from"        bigint NOT NULL,
    "to"          bigint NOT NULL,
    previous      bigint NOT NULL,
    receipts      bigint NOT NULL,
    receipts_root bytea NOT NULL,
    leaf          bytea NOT NULL,
    PRIMARY KEY (batch, line, kind)
);
CREATE INDEX statements_by_line ON statements (line, kind, batch DESC);

CREATE TABLE notices (
    batch   bigint NOT NULL,
    kind    text NOT NULL,
    subject bytea NOT NULL,
    content bytea NOT NULL,
    leaf    bytea NOT NULL,
    PRIMARY KEY (batch, kind, subject)
);

-- Each statement's leaves in the line's order, 128 a chunk, 40 bytes each: leaf, then amount big-endian. A proof finds
-- its chunk by id, rehashes it, and fetches the rest by key from the nodes of level 7 and up.
CREATE TABLE chunks (
    batch    bigint NOT NULL,
    line     integer NOT NULL,
    kind     smallint NOT NULL,
    number   bigint NOT NULL,
    first_id bytea NOT NULL,
    leaves   bytea STORAGE PLAIN NOT NULL,
    PRIMARY KEY (batch, line, kind, first_id)
);

CREATE TABLE nodes (
    batch    bigint NOT NULL,
    line     integer NOT NULL,
    kind     smallint NOT NULL,
    level    smallint NOT NULL,
    position bigint NOT NULL,
    hash     bytea NOT NULL,
    sum      bigint NOT NULL,
    PRIMARY KEY (batch, line, kind, level, position)
);
