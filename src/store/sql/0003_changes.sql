-- What each change of the store touched, so that what lies beside the store can follow it; NULL is everything.

CREATE TABLE change (
    generation INTEGER PRIMARY KEY,
    token      TEXT    NOT NULL,
    clusters   BLOB
) STRICT;

INSERT INTO change (generation, token, clusters)
SELECT value, lower(hex(randomblob(8))), NULL FROM total WHERE name = 'generation';
