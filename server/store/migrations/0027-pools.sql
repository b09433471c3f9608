-- Sponsors' pools, and how far donated steps have been converted into their gifts.

-- `funded`, `used`, `steps` and the rest follow from sealed batches alone, in their order: see server/jobs/convert.ts.
CREATE TABLE pools (
    id           bytea PRIMARY KEY CHECK (length(id) = 32),
    charity      bytea NOT NULL REFERENCES charities,
    terms        text NOT NULL,
    starts_at    bigint NOT NULL,
    ends_at      bigint NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    accepted_at  timestamptz,
    funded       bigint NOT NULL DEFAULT 0,
    used         bigint NOT NULL DEFAULT 0 CHECK (used <= funded),
    steps        bigint NOT NULL DEFAULT 0,
    day          integer NOT NULL DEFAULT 0,
    day_used     bigint NOT NULL DEFAULT 0,
    remainder_at timestamptz
);
CREATE INDEX pools_by_charity ON pools (charity, starts_at, id);
CREATE INDEX pools_unfinished ON pools (ends_at) WHERE remainder_at IS NULL;

-- All batches up to `batch` are done; in the next one that holds steps, all lines before `line`, and of that one all
-- positions before `position`.
CREATE TABLE conversion_progress (
    sole     boolean PRIMARY KEY DEFAULT true CHECK (sole),
    batch    bigint NOT NULL,
    line     integer NOT NULL,
    position bigint NOT NULL
);
INSERT INTO conversion_progress (batch, line, position) VALUES (0, 0, 0);

-- Which gift paid for which steps; `gift` is null where they came to no whole coin.
CREATE TABLE conversions (
    step_receipt bytea NOT NULL,
    pool         bytea NOT NULL REFERENCES pools,
    gift         bytea,
    "from"       bigint NOT NULL,
    upto         bigint NOT NULL,
    amount       bigint NOT NULL,
    PRIMARY KEY (step_receipt, pool)
);
