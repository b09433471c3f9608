-- Other systems: those that tell us of orders, and those that we tell of what has happened.

-- The secrets that a merchant's shop system signs with. An earlier one stays in force for a while, since the shop's settings
-- and these are never changed at the same moment.
CREATE TABLE shop_systems (
    merchant   text NOT NULL REFERENCES merchants,
    system     text NOT NULL CHECK (system IN ('shopify', 'woocommerce')),
    secret     text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    until      timestamptz,
    PRIMARY KEY (merchant, system, secret)
);
COMMENT ON COLUMN shop_systems.until IS 'null for the one in force';

-- Orders that a shop system has told of again with other content. The first telling decided; a person may want to look.
CREATE TABLE shop_conflicts (
    merchant  text NOT NULL REFERENCES merchants,
    name      text NOT NULL,
    differs   text NOT NULL,
    told_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (merchant, name)
);
COMMENT ON COLUMN shop_conflicts.differs IS 'the names of the fields that differ, without their content';

-- Who wants to be told, of what, and where.
CREATE TABLE webhooks (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    role            text NOT NULL CHECK (role IN ('operator', 'merchant', 'charity')),
    subject         text,
    charity         bytea,
    url             text NOT NULL,
    kinds           text NOT NULL,
    secret          bytea NOT NULL,
    former_secret   bytea,
    former_until    timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    failing_since   timestamptz,
    disabled_at     timestamptz,
    disabled_reason text,
    batch           bigint NOT NULL,
    event           bytea NOT NULL DEFAULT '\x'
);
CREATE INDEX webhooks_by_subject ON webhooks (role, subject);
COMMENT ON COLUMN webhooks.kinds IS 'with a space before and behind each';
COMMENT ON COLUMN webhooks.charity IS 'the id of the charity that it speaks for';
COMMENT ON COLUMN webhooks.batch IS 'with event: the last purchase of the merchant that it was told of, or will be';

-- What has happened, written in the transaction in which it does. Receipts are not among it: they are found by the index of
-- purchases, for those alone who want to hear of them, so that recording one costs nothing more; refunds, which are few,
-- are not in that index, and are written here where their merchant wants to hear of them.
CREATE TABLE webhook_events (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind     text NOT NULL,
    key      text NOT NULL,
    charity  bytea,
    merchant text,
    happened_at timestamptz NOT NULL DEFAULT now(),
    told_to  bigint NOT NULL DEFAULT 0,
    told_at  timestamptz,
    UNIQUE (kind, key)
);
CREATE INDEX webhook_events_untold ON webhook_events (id) WHERE told_at IS NULL;
COMMENT ON COLUMN webhook_events.told_to IS 'the last endpoint that was looked at; told_at, when all were';
COMMENT ON COLUMN webhook_events.merchant IS 'of a refund: it is told to its merchant alone';
COMMENT ON COLUMN webhook_events.key IS 'of the row that it is about; a ledger that is rebuilt reaches its states again, and tells nothing twice';

CREATE FUNCTION tell_of(kind text, key bigint, charity bytea) RETURNS void LANGUAGE sql AS $$
    INSERT INTO webhook_events (kind, key, charity) VALUES (kind, key::text, charity) ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION tell_of_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_of('batch.anchored', new.number, NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER tell_of_batch AFTER UPDATE OF state ON batches FOR EACH ROW
    WHEN (new.state = 'final' AND old.state <> 'final') EXECUTE FUNCTION tell_of_batch();

CREATE FUNCTION tell_of_payout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_of('payout.paid', new.id, (SELECT charity FROM lines WHERE id = new.line));
    RETURN NULL;
END $$;
CREATE TRIGGER tell_of_payout AFTER UPDATE OF state ON payouts FOR EACH ROW
    WHEN (new.state = 'paid' AND old.state <> 'paid') EXECUTE FUNCTION tell_of_payout();

CREATE FUNCTION tell_of_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.kind = 'acknowledge' THEN
        PERFORM tell_of('payout.acknowledged', new.id, decode(substr(new.args->'acknowledgement'->>'charity', 3), 'hex'));
    ELSE
        PERFORM tell_of('disbursement.published', new.id, decode(substr(new.args->'disbursement'->>'charity', 3), 'hex'));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_of_signed AFTER UPDATE OF state ON chain_calls FOR EACH ROW
    WHEN (new.state = 'final' AND old.state <> 'final' AND new.kind IN ('acknowledge', 'disburse'))
    EXECUTE FUNCTION tell_of_signed();

-- One message to one endpoint, until it is taken. `dead` ones were tried for the last time.
CREATE TABLE webhook_messages (
    endpoint bigint NOT NULL REFERENCES webhooks ON DELETE CASCADE,
    kind     text NOT NULL,
    key      text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    due_at   timestamptz DEFAULT now(),
    made_at  timestamptz NOT NULL DEFAULT now(),
    failure  text,
    PRIMARY KEY (endpoint, kind, key)
);
CREATE INDEX webhook_messages_due ON webhook_messages (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX webhook_messages_dead ON webhook_messages (endpoint, made_at) WHERE due_at IS NULL;
COMMENT ON COLUMN webhook_messages.due_at IS 'when it is tried next; null once it is dead';

-- A merchant's purchases in the order in which they were sealed.
CREATE INDEX purchases_in_turn ON purchase_index (merchant, batch, event);
