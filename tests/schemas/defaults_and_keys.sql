-- Defaults that read what the session has done, and keys that are seldom seen.
CREATE TABLE chains (
    id serial PRIMARY KEY, name text NOT NULL UNIQUE DEFAULT ('chain' || currval('chains_id_seq')), shard text NOT NULL
);
CREATE TABLE copies (
    id serial PRIMARY KEY, chain_id int NOT NULL REFERENCES chains, label text NOT NULL DEFAULT ('copy' || lastval())
);
-- Bytes of one length.
CREATE DOMAIN digest AS bytea CHECK (VALUE IS NULL OR octet_length(VALUE) = 20);
CREATE TABLE files (digest digest NOT NULL PRIMARY KEY, parent digest REFERENCES files);
CREATE TABLE chunks (digest digest NOT NULL REFERENCES files, part bytea CHECK (length(part) BETWEEN 9 AND 12) UNIQUE);
-- A reference to what does not exist yet, by a column that is also the key; its other column may be NULL.
CREATE TABLE entities (bbid uuid PRIMARY KEY);
CREATE TABLE headers (bbid uuid PRIMARY KEY REFERENCES entities, revision int);
CREATE TABLE revisions (id int, bbid uuid REFERENCES headers, PRIMARY KEY (id, bbid));
ALTER TABLE headers ADD FOREIGN KEY (revision, bbid) REFERENCES revisions (id, bbid);
