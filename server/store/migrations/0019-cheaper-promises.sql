-- What a promise costs in the write transaction, made less: deadlines grow with their rows, so block ranges find them.

DROP INDEX promises_by_deadline;
CREATE INDEX promises_by_deadline ON promises USING brin (deadline) WITH (pages_per_range = 16, autosummarize = on);
