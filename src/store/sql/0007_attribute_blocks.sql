-- What few say, many values to a row: those of a path and an import in order, from `first` on, packed without what each
-- shares with the one before. A value stands here or, where many say it or it came alone, in attribute.
CREATE TABLE attribute_block (
    path   INTEGER NOT NULL,
    import INTEGER NOT NULL,
    first  TEXT    NOT NULL,
    says   BLOB    NOT NULL,
    PRIMARY KEY (path, import, first)
) STRICT, WITHOUT ROWID;
