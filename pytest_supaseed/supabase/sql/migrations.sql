-- Where the CLI remembers which migrations and seed files it has run.
CREATE TABLE supabase_migrations.schema_migrations (
    version text PRIMARY KEY,
    statements text[],
    name text
);
CREATE TABLE supabase_migrations.seed_files (
    path text PRIMARY KEY,
    hash text NOT NULL
);
