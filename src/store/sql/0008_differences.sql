-- What mostly says the same as its neighbour is kept as the difference from it: small numbers take less room.

ALTER TABLE identity RENAME COLUMN last_seen TO seen_for;
UPDATE identity SET seen_for = seen_for - first_seen;

-- Batches and rows count from the first sighting, and its line from its row.
ALTER TABLE link RENAME COLUMN since_batch TO batches_until_since;
ALTER TABLE link RENAME COLUMN since_row TO rows_until_since;
ALTER TABLE link RENAME COLUMN first_line TO line_past_row;
ALTER TABLE link RENAME COLUMN last_batch TO batches_until_last;
ALTER TABLE link RENAME COLUMN last_row TO rows_until_last;
UPDATE link
SET batches_until_since = batches_until_since - first_batch,
    rows_until_since = rows_until_since - first_row,
    line_past_row = line_past_row - first_row,
    batches_until_last = batches_until_last - first_batch,
    rows_until_last = rows_until_last - first_row;
