-- Who says what is looked up in the search index. Here stands only at which paths the rows of a batch say something.
CREATE TABLE batch_path (
    path  TEXT    NOT NULL,
    batch INTEGER NOT NULL,
    PRIMARY KEY (path, batch)
) STRICT, WITHOUT ROWID;

-- Older programs knew that of each import, not of each batch.
INSERT INTO batch_path (path, batch)
SELECT attribute_path.path, batch.id
FROM (SELECT path, import FROM attribute UNION SELECT path, import FROM attribute_block) AS said
JOIN attribute_path ON attribute_path.id = said.path
JOIN batch ON batch.import = said.import
JOIN dataset ON dataset.id = batch.dataset AND dataset.kind = 'record';

DROP TABLE attribute;
DROP TABLE attribute_block;
DROP TABLE attribute_path;
