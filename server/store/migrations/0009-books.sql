-- What has been published: each sealed batch's book, and the reports over consecutive batches.

-- A file that is lost is made again from the batch, and must come to these bytes.
CREATE TABLE books (
    batch        bigint PRIMARY KEY,
    sha256       bytea NOT NULL CHECK (length(sha256) = 32),
    bytes        bigint NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now()
);

-- Each begins behind the one before, so that no batch is in two and none is left out.
CREATE TABLE period_reports (
    from_batch bigint PRIMARY KEY,
    to_batch   bigint NOT NULL CHECK (to_batch >= from_batch),
    document   bytea NOT NULL CHECK (length(document) = 32),
    created_at timestamptz NOT NULL DEFAULT now()
);
