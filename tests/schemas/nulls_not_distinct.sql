-- needs: PostgreSQL 15
-- Two NULLs are one value.
CREATE TABLE tenants (id serial PRIMARY KEY);
CREATE TABLE settings (tenant_id int REFERENCES tenants, key text NOT NULL, UNIQUE NULLS NOT DISTINCT (tenant_id, key));
CREATE TABLE codes (code text, UNIQUE NULLS NOT DISTINCT (code));
CREATE TABLE pairs (a boolean, b boolean, c int CHECK (c BETWEEN 1 AND 6), UNIQUE NULLS NOT DISTINCT (a, b, c));
