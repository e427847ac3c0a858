-- A key of which one value is an exception.
CREATE DOMAIN scope_id AS text CHECK (length(trim(VALUE)) > 10 OR VALUE = 'global');
CREATE TABLE scopes (id scope_id PRIMARY KEY, code text NOT NULL UNIQUE CHECK (code IN ('-', '+') OR length(code) > 30), parent_id text REFERENCES scopes);
INSERT INTO scopes VALUES ('global', '-', NULL);
