-- Terms are noticed before the first receipt that names them: the batch is read beside the pledge. Pledges from before
-- documents were kept are noticed now.
WITH added AS (
    INSERT INTO documents (hash, kind, subject, batch, public, body)
    SELECT id, 'pledge', decode(repeat('00', 32), 'hex'), number, true, terms FROM pledges, open_batch
    WHERE NOT EXISTS (SELECT FROM documents WHERE hash = pledges.id)
    RETURNING batch
)
INSERT INTO commits (batch, receipts, sum) SELECT DISTINCT batch, 0, 0 FROM added;
