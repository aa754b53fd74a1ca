-- Who was forgotten, as salted hashes of namespace and value: never the values themselves.
CREATE TABLE forgotten (
    mark         BLOB    PRIMARY KEY,
    names_person INTEGER NOT NULL,
    forgotten_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
