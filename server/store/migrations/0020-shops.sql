-- Terms are noticed before the first receipt that names them: the batch is read beside the pledge. Pledges from before
-- documents were kept are noticed now; meanwhile no older process may close the batch that they fall into.
SELECT pg_advisory_xact_lock_shared(1634558318, 1);
WITH added AS (
    INSERT INTO documents (hash, kind, subject, batch, public, body)
    SELECT id, 'pledge', decode(repeat('00', 32), 'hex'), number, true, terms FROM pledges, open_batch
    WHERE NOT EXISTS (SELECT FROM documents WHERE hash = pledges.id)
    RETURNING batch
)
INSERT INTO commits (batch, receipts, sum) SELECT DISTINCT batch, 0, 0 FROM added;

-- What charities' own shops sell: a price holds from its moment on until the next, and is kept for ever, since sales are
-- priced by the list that was in force when they were completed.
CREATE TABLE goods_prices (
    merchant   text NOT NULL REFERENCES merchants,
    product    text NOT NULL,
    currency   text NOT NULL,
    valid_from bigint NOT NULL,
    price      bigint,
    title      text NOT NULL,
    outcome    text,
    PRIMARY KEY (merchant, product, currency, valid_from)
);
COMMENT ON COLUMN goods_prices.price IS 'of one piece, in minor units; null from when it is not sold any more';

-- The pledges of charities' own shops, and what was given under each, added up as batches are indexed.
CREATE TABLE shop_pledges (
    pledge   bytea PRIMARY KEY REFERENCES pledges,
    merchant text NOT NULL REFERENCES merchants,
    gifts    bigint NOT NULL DEFAULT 0,
    given    bigint NOT NULL DEFAULT 0,
    reversed bigint NOT NULL DEFAULT 0
);
CREATE INDEX shop_pledges_by_merchant ON shop_pledges (merchant);

ALTER TABLE reversals ADD COLUMN shop_pledge bytea;
COMMENT ON COLUMN reversals.shop_pledge IS 'of a gift of a charity''s own shop: the pledge that it was given under';
CREATE INDEX reversals_of_shops ON reversals (batch) WHERE shop_pledge IS NOT NULL;

-- What charities' reports say was bought, added up for each report as it is published.
CREATE TABLE reported_things (
    report  bytea NOT NULL,
    charity bytea NOT NULL,
    what    text NOT NULL,
    measure text NOT NULL,
    count   numeric NOT NULL,
    PRIMARY KEY (report, what, measure)
);
CREATE INDEX reported_things_by_charity ON reported_things (charity);

-- "Lunches" and "lunch", "MEAL" and "meals" are one thing: without regard to case and the plural's s.
CREATE FUNCTION thing_name(thing text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(lower(thing), '(?<=ch|sh|x|z)es$|(?<!s)s$', '')
$$;

CREATE FUNCTION things_reported(report bytea, charity bytea, body text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO reported_things (report, charity, what, measure, count)
    SELECT report, charity, thing_name(thing->>'what'), thing_name(thing->>'measure'), sum((thing->>'count')::numeric)
    FROM jsonb_array_elements(body::jsonb->'parts') AS part, jsonb_array_elements(part->'bought') AS thing
    GROUP BY thing_name(thing->>'what'), thing_name(thing->>'measure')
    ON CONFLICT DO NOTHING;
$$;

CREATE FUNCTION keep_things_reported() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM things_reported(new.hash, new.subject, new.body);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_things_reported AFTER INSERT ON documents FOR EACH ROW
    WHEN (new.kind = 'spending') EXECUTE FUNCTION keep_things_reported();

SELECT things_reported(hash, subject, body) FROM documents WHERE kind = 'spending';
