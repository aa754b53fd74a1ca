-- Made after a fresh store is filled: sorting once is faster than keeping order all along.

CREATE UNIQUE INDEX identity_by_value ON identity (value, namespace);

CREATE INDEX identity_by_cluster ON identity (cluster) WHERE cluster <> id;

CREATE INDEX link_by_b ON link (b, a);

CREATE INDEX cluster_by_activity ON cluster (last_event DESC, last_active DESC, id);
