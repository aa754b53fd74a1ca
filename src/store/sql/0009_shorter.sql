-- How long after its first event the last of a block was, in milliseconds.
ALTER TABLE event_block RENAME COLUMN last TO lasting;
UPDATE event_block SET lasting = lasting - first;

-- Heads of event blocks and packed bodies are shorter from here on; those that are there are read as they are.
