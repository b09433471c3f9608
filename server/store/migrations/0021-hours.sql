-- Three hours: activities, who takes part in them, and how each attendance stands.

-- What is announced. The document is what was hashed and published; the secret makes the codes at the door.
CREATE TABLE activities (
    id          bytea PRIMARY KEY CHECK (length(id) = 32),
    organiser   bytea NOT NULL REFERENCES charities,
    batch       bigint NOT NULL,
    starts_at   bigint NOT NULL,
    ends_at     bigint NOT NULL,
    places      integer NOT NULL,
    taken       integer NOT NULL DEFAULT 0 CHECK (taken BETWEEN 0 AND places),
    document    text NOT NULL,
    door_secret bytea NOT NULL CHECK (length(door_secret) = 32),
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX activities_by_end ON activities (ends_at, id);
CREATE INDEX activities_of_organiser ON activities (organiser, ends_at, id);
COMMENT ON COLUMN activities.batch IS 'the batch whose notice names it: receipts for it come in later ones';

-- People, under the names that others gave them. `id` is a keyed hash of scope and name.
CREATE TABLE volunteers (
    id           bytea PRIMARY KEY CHECK (length(id) = 16),
    name         text NOT NULL,
    display_name text,
    created_at   timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN volunteers.display_name IS 'for the organiser at the door; in no receipt and no public answer';

-- One volunteer at one activity, from the sign-up to the receipt.
CREATE TABLE attendances (
    activity  bytea NOT NULL REFERENCES activities,
    volunteer bytea NOT NULL REFERENCES volunteers,
    state     text NOT NULL CHECK (state IN ('signed-up', 'withdrawn', 'checked-in', 'checked-out', 'proposed',
                'disputed', 'decided', 'appealed', 'agreed', 'recorded')),
    check_in  bigint,
    check_out bigint,
    pieces    integer,
    by_hand   text,
    reason    text,
    decision  text,
    due_at    bigint,
    kind      text,
    year      integer,
    tenths    integer,
    receipt   bytea,
    PRIMARY KEY (activity, volunteer)
);
CREATE INDEX attendances_by_due ON attendances (due_at) WHERE state IN ('checked-out', 'proposed', 'decided', 'agreed');
CREATE INDEX attendances_of_volunteer ON attendances (volunteer, year);
COMMENT ON COLUMN attendances.by_hand IS 'why the organiser set the times by hand; null where the codes did';
COMMENT ON COLUMN attendances.reason IS 'why the volunteer disputes what was proposed or decided';
COMMENT ON COLUMN attendances.due_at IS 'Unix seconds: when it goes on by itself';
COMMENT ON COLUMN attendances.year IS 'with kind and tenths: as recorded, for the volunteer''s year';
