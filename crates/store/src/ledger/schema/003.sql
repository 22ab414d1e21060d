-- The version of a partition's rows that each layer made from its text was last made from.
ALTER TABLE partitions ADD COLUMN structured INTEGER NOT NULL DEFAULT -1;
ALTER TABLE partitions ADD COLUMN cited INTEGER NOT NULL DEFAULT -1;
ALTER TABLE partitions ADD COLUMN recognised INTEGER NOT NULL DEFAULT -1;
