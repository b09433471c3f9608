-- When this ledger was put back from a backup. What was asked of the bank after that backup is known to the bank alone, so
-- nothing more is asked of it until a person has compared.

CREATE TABLE restorations (
    id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    restored_at timestamptz NOT NULL DEFAULT now(),
    released_at timestamptz
);
