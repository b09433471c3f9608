-- How charities sign in, what they have signed, and the code of the wallets that they sign with.

-- A nonce is not stored when it is handed out, since anyone may ask for one; only when it was used, until it is too old anyway.
CREATE TABLE used_nonces (
    nonce   text PRIMARY KEY,
    used_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX used_nonces_by_time ON used_nonces (used_at);

-- Who has signed in. A session speaks for every charity whose signer its account is at the time of asking.
CREATE TABLE sessions (
    hash       bytea PRIMARY KEY CHECK (length(hash) = 32),
    account    bytea NOT NULL CHECK (length(account) = 20),
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sessions_by_end ON sessions (expires_at);
CREATE INDEX charities_by_signer ON charities (signer) WHERE signer IS NOT NULL;
COMMENT ON COLUMN sessions.hash IS 'SHA-256 of the token, which is shown once';

-- Reports that wait for their charity's signature. Signed ones are documents, for ever.
CREATE TABLE spending_drafts (
    hash       bytea PRIMARY KEY CHECK (length(hash) = 32),
    charity    bytea NOT NULL REFERENCES charities,
    body       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX spending_drafts_by_charity ON spending_drafts (charity, created_at);
COMMENT ON COLUMN spending_drafts.body IS 'canonical JSON';

-- The demonstration chain forgets wallet contracts when it stops; without their code it would refuse again what they signed.
CREATE TABLE wallet_codes (
    account bytea PRIMARY KEY CHECK (length(account) = 20),
    code    bytea NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT now()
);

-- Where on its line a payout, an acknowledgement or a disbursement ends.
CREATE INDEX payout_calls_by_line ON chain_calls
    ((args->>'charity'), (args->>'unit'), ((args->>'upTo')::bigint)) WHERE kind IN ('payBank', 'payToken');
CREATE INDEX acknowledge_calls_by_line ON chain_calls
    ((args->'acknowledgement'->>'charity'), (args->'acknowledgement'->>'unit'), ((args->'acknowledgement'->>'upTo')::bigint))
    WHERE kind = 'acknowledge';
CREATE INDEX disburse_calls_by_line ON chain_calls
    ((args->'disbursement'->>'charity'), (args->'disbursement'->>'unit'), ((args->'disbursement'->>'upTo')::bigint))
    WHERE kind = 'disburse';
