-- needs: hstore, ltree, cube, isn
-- Types of contrib.
CREATE EXTENSION hstore;
CREATE EXTENSION ltree;
CREATE EXTENSION cube;
CREATE EXTENSION isn;
CREATE TABLE things (attributes hstore NOT NULL, path ltree NOT NULL UNIQUE, place cube NOT NULL, isbn isbn13, tree_query lquery);
