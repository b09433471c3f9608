-- What each merchant has given to each line and taken back, added up batch by batch together with `merchant_sums`; and
-- whether the merchant shows it to everyone: out of a share and the gifts its turnover follows.
CREATE TABLE merchant_gifts (
    merchant text NOT NULL,
    line     integer NOT NULL REFERENCES lines,
    given    bigint NOT NULL,
    reversed bigint NOT NULL,
    PRIMARY KEY (merchant, line)
);

ALTER TABLE merchants ADD COLUMN shows_totals boolean NOT NULL DEFAULT false;

-- Batches before that were indexed without it: their events may be erased by now, so it is not made up for.
ALTER TABLE index_progress ADD COLUMN gifts_from bigint NOT NULL DEFAULT 1;
UPDATE index_progress SET gifts_from = indexed + 1;
COMMENT ON COLUMN index_progress.gifts_from IS 'the first batch whose gifts are in merchant_gifts';
