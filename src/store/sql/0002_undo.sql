-- What taking a batch back needs: rows that stored nothing because they repeated an event, and what each batch brought.

-- The repetitions of the events of a block: place, batch, row and line of each; key as in event_block.
CREATE TABLE event_repeat (
    key  INTEGER PRIMARY KEY,
    rows BLOB NOT NULL
) STRICT;

-- NULL in batches of before this was counted.
ALTER TABLE batch ADD COLUMN fragments  INTEGER;
ALTER TABLE batch ADD COLUMN events     INTEGER;
ALTER TABLE batch ADD COLUMN identities INTEGER;
ALTER TABLE batch ADD COLUMN links      INTEGER;
ALTER TABLE batch ADD COLUMN took_ms    INTEGER;
