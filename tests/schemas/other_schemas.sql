-- References into other schemas, and one name in two of them.
CREATE SCHEMA auth;
CREATE SCHEMA "Billing %s";
CREATE TYPE auth.level AS ENUM ('aal1', 'aal2');
CREATE TABLE auth.users (id uuid PRIMARY KEY, email text, level auth.level NOT NULL, UNIQUE (email));
CREATE TABLE users (id uuid PRIMARY KEY REFERENCES auth.users ON DELETE CASCADE, username text NOT NULL UNIQUE);
CREATE TABLE "Billing %s"."Invoices" (
    "Id" serial PRIMARY KEY,
    "User" uuid NOT NULL REFERENCES auth.users,
    "Profile" uuid NOT NULL REFERENCES users,
    "To""tal" numeric(10, 2) NOT NULL CHECK ("To""tal" >= 0)
);
CREATE TABLE notes (invoice_id int REFERENCES "Billing %s"."Invoices", body text);
