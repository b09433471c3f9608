-- Steps: which device was whose on a day, and the days that are held with their reasons until somebody decides.

-- A device is one person's on one day. Both are hashes; a day goes away once no report of it is taken any more.
CREATE TABLE step_devices (
    day    integer NOT NULL,
    device bytea NOT NULL CHECK (length(device) = 16),
    person bytea NOT NULL CHECK (length(person) = 16),
    PRIMARY KEY (day, device)
);
COMMENT ON COLUMN step_devices.day IS 'counted from 1970';

CREATE TABLE held_steps (
    number      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event       bytea NOT NULL UNIQUE CHECK (length(event) = 16),
    platform    text NOT NULL,
    state       text NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'appealed', 'accepted', 'recorded', 'rejected')),
    body        text CHECK (length(body) <= 4000),
    reasons     text NOT NULL CHECK (length(reasons) <= 4000),
    held_at     timestamptz NOT NULL DEFAULT now(),
    appeal      text CHECK (length(appeal) <= 2000),
    appealed_at timestamptz,
    decision    text CHECK (length(decision) <= 2000),
    decided_at  timestamptz,
    CHECK ((body IS NULL) = (state = 'recorded')),
    CHECK ((decision IS NOT NULL) OR state IN ('held', 'appealed'))
);
CREATE INDEX held_steps_by_state ON held_steps (state, number);
CREATE INDEX held_steps_by_platform ON held_steps (platform, number);
CREATE INDEX held_steps_by_platform_and_state ON held_steps (platform, state, number);
COMMENT ON COLUMN held_steps.body IS 'the report as it would be recorded; once it is, the event has it';

-- How many are in each state; moved together with them.
CREATE TABLE held_steps_counts (
    sole     boolean PRIMARY KEY DEFAULT true CHECK (sole),
    held     bigint NOT NULL DEFAULT 0,
    appealed bigint NOT NULL DEFAULT 0,
    accepted bigint NOT NULL DEFAULT 0,
    recorded bigint NOT NULL DEFAULT 0,
    rejected bigint NOT NULL DEFAULT 0
);
INSERT INTO held_steps_counts DEFAULT VALUES;
