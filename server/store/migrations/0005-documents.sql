-- Documents that batches timestamp: each becomes a notice of the batch that was open when it was recorded.

CREATE TABLE documents (
    hash       bytea PRIMARY KEY CHECK (length(hash) = 32),
    kind       text NOT NULL,
    subject    bytea NOT NULL CHECK (length(subject) = 32),
    batch      bigint NOT NULL,
    public     boolean NOT NULL,
    body       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX documents_by_batch ON documents (batch);
CREATE INDEX documents_by_subject ON documents (kind, subject, created_at DESC);
COMMENT ON COLUMN documents.hash IS 'keccak-256 of `body` in UTF-8: the content of its notice';
COMMENT ON COLUMN documents.public IS 'whether anyone may read it; of the others only the hash is published';

-- Two documents of one kind and subject may fall into one batch.
ALTER TABLE notices DROP CONSTRAINT notices_pkey;
ALTER TABLE notices ADD PRIMARY KEY (batch, kind, subject, content);

-- What reads whole batches or whole days of events finds them by their block ranges.
CREATE INDEX events_by_batch ON events USING brin (batch, accepted_at) WITH (pages_per_range = 16, autosummarize = on);
