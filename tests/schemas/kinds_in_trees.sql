-- Rows of several kinds, which a CHECK lists. NULL is for the kinds that the CHECK tests for NULL.
CREATE TABLE nodes (
    id text PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('root', 'area', 'site')), up text REFERENCES nodes,
    CHECK ((kind = 'root' AND up IS NULL) OR (kind = 'area' AND up = 'top') OR (kind = 'site' AND up <> 'top'))
);
INSERT INTO nodes VALUES ('top', 'root', NULL);
CREATE TABLE scopes (
    public_id text PRIMARY KEY, type text NOT NULL CHECK (type IN ('global', 'org', 'project')),
    parent_id text REFERENCES scopes, name text,
    CHECK (
        (type = 'global' AND parent_id IS NULL AND public_id = 'global') OR (type = 'org' AND parent_id = 'global')
        OR (type = 'project' AND parent_id IS NOT NULL AND parent_id <> 'global')
    )
);
CREATE UNIQUE INDEX scopes_global ON scopes (type) WHERE type = 'global';
INSERT INTO scopes VALUES ('global', 'global', NULL);
CREATE TABLE measures (
    id serial PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('plain', 'scaled')), scale int,
    CHECK ((kind = 'plain' AND scale IS NULL) OR (kind = 'scaled' AND scale > 5))
);
-- There is no row 'top', so that no other reading than PostgreSQL's leaves a row.
CREATE TABLE places (
    id text PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('area', 'site')), up text REFERENCES places,
    CHECK ((kind = 'area' AND up = 'top') OR (kind = 'site' AND up <> 'top'))
);
