-- A line of which a fault is proven stands still: it takes no more proofs and no payout. Kept as the contract tells it, like
-- the watermarks beside it; a demonstration chain that starts anew forgets what others have proven.
ALTER TABLE watermarks ADD COLUMN fault text;
COMMENT ON COLUMN watermarks.fault IS 'the fault that was proven of the line first; null while there is none';
CREATE INDEX watermarks_at_fault ON watermarks (charity, unit) WHERE fault IS NOT NULL;
