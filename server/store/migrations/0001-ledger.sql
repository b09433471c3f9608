-- The ledger itself, who takes part in it, and what merchants have promised.

CREATE TABLE ledger (
    sole       boolean PRIMARY KEY DEFAULT true CHECK (sole),
    id         bytea NOT NULL CHECK (length(id) = 32),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Receipt ids are keyed by the newest secret; after a leak a new version is added and look-ups try all.
CREATE TABLE ledger_secrets (
    version    integer PRIMARY KEY,
    secret     bytea NOT NULL CHECK (length(secret) = 32),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE charities (
    id           bytea PRIMARY KEY CHECK (length(id) = 32),
    registration text NOT NULL UNIQUE,
    name         text NOT NULL,
    website      text,
    payee        bytea CHECK (length(payee) = 20),
    signer       bytea CHECK (length(signer) = 20),
    rail         text NOT NULL CHECK (rail IN ('token', 'bank')),
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE merchants (
    id          text PRIMARY KEY,
    name        text NOT NULL,
    legal_donor text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);

-- A pledge is named by the hash of its terms, so the same terms are the same pledge.
CREATE TABLE pledges (
    id         bytea PRIMARY KEY CHECK (length(id) = 32),
    merchant   text NOT NULL REFERENCES merchants,
    terms      text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at   bigint
);
CREATE INDEX pledges_by_merchant ON pledges (merchant);

CREATE TABLE pledge_acceptances (
    pledge      bytea NOT NULL REFERENCES pledges,
    charity     bytea NOT NULL REFERENCES charities,
    accepted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (pledge, charity)
);

CREATE TABLE api_keys (
    hash       bytea PRIMARY KEY CHECK (length(hash) = 32),
    role       text NOT NULL CHECK (role IN ('operator', 'merchant', 'charity')),
    subject    text,
    label      text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);

-- A line is named by a small number inside the store; outside it is always (charity, unit).
CREATE TABLE lines (
    id      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    charity bytea NOT NULL REFERENCES charities,
    unit    text NOT NULL,
    UNIQUE (charity, unit)
);
