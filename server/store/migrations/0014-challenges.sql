-- Promises that were challenged, and what became of them, as the contract tells. All of it can be read again, but for
-- breaches that an earlier chain has recorded: they stay.
CREATE TABLE challenges (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    promise        bytea NOT NULL UNIQUE CHECK (length(promise) = 32),
    leaf           bytea NOT NULL CHECK (length(leaf) = 32),
    charity        bytea NOT NULL CHECK (length(charity) = 32),
    unit           text NOT NULL,
    kind           smallint NOT NULL,
    amount         numeric(20) NOT NULL,
    deadline       bigint,
    promiser       bytea,
    promiser_until bigint,
    challenger     bytea,
    due_at         bigint,
    block          bigint,
    breach_block   bigint,
    answer_block   bigint,
    answer_batch   numeric(20),
    answered_by    bytea,
    state          text NOT NULL GENERATED ALWAYS AS (CASE
        WHEN answer_block IS NULL THEN CASE WHEN breach_block IS NULL THEN 'open' ELSE 'breached' END
        WHEN breach_block IS NULL THEN 'answered' ELSE 'answeredLate' END) STORED,
    call           bigint,
    problem        text
);
CREATE INDEX challenges_unanswered ON challenges (id) WHERE answer_block IS NULL;
COMMENT ON COLUMN challenges.promise IS 'the leaf of the promise, which is its name on chain';
COMMENT ON COLUMN challenges.unit IS 'as the contract was given it: 0x and 64 digits where that is no name of a unit';
COMMENT ON COLUMN challenges.promiser_until IS 'of which deadlines the promiser''s word counted when the challenge was read';
COMMENT ON COLUMN challenges.block IS 'null, like what only a challenge tells, for a breach that was carried over';
COMMENT ON COLUMN challenges.breach_block IS 'as answer_block; 0 on an earlier chain';
COMMENT ON COLUMN challenges.call IS 'our answer, among the calls that the contract shall receive';
COMMENT ON COLUMN challenges.problem IS 'why the service cannot answer';

-- Up to which block of which contract challenges were read, and that block's time.
CREATE TABLE challenge_watch (
    sole     boolean PRIMARY KEY DEFAULT true CHECK (sole),
    chain_id bigint NOT NULL,
    contract bytea NOT NULL,
    read_to  bigint NOT NULL,
    read_at  bigint NOT NULL DEFAULT 0
);
