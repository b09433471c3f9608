-- A run's payouts are listed newest first: among a million others they are not looked for one by one.
CREATE INDEX payouts_of_run ON payouts (run, id);
