-- Stands in for pg_tle: nothing is installed by it, and what would install says so when it is called.
CREATE SCHEMA IF NOT EXISTS pgtle;
CREATE OR REPLACE FUNCTION pgtle.available_extensions(OUT name name, OUT default_version text, OUT comment text)
RETURNS SETOF record
LANGUAGE sql AS $$ SELECT NULL::name, NULL::text, NULL::text WHERE false $$;
CREATE OR REPLACE FUNCTION pgtle.uninstall_extension_if_exists(extname text) RETURNS boolean
LANGUAGE sql AS $$ SELECT false $$;
CREATE OR REPLACE FUNCTION pgtle.uninstall_extension(extname text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    RAISE undefined_object USING MESSAGE = format('extension "%s" does not exist', extname); END $$;
CREATE OR REPLACE FUNCTION pgtle.install_extension(
    name text, version text, description text, ext text, requires text[] DEFAULT NULL, schema text DEFAULT NULL
) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgtle.install_extension() of pg_tle has no stub here'; END $$;
CREATE OR REPLACE FUNCTION pgtle.install_extension_version_sql(name text, version text, ext text) RETURNS boolean
LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgtle.install_extension_version_sql() of pg_tle has no stub here';
END $$;
CREATE OR REPLACE FUNCTION pgtle.install_update_path(name text, fromvers text, tovers text, ext text) RETURNS boolean
LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgtle.install_update_path() of pg_tle has no stub here'; END $$;
CREATE OR REPLACE FUNCTION pgtle.set_default_version(name text, version text) RETURNS boolean
LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgtle.set_default_version() of pg_tle has no stub here'; END $$;
