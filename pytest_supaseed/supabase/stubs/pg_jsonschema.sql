-- Stands in for pg_jsonschema, whose functions say when they are called that they are not there.
CREATE OR REPLACE FUNCTION @extschema@.json_matches_schema(schema json, instance json) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'json_matches_schema() of pg_jsonschema has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.jsonb_matches_schema(schema json, instance jsonb) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'jsonb_matches_schema() of pg_jsonschema has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.jsonschema_is_valid(schema json) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'jsonschema_is_valid() of pg_jsonschema has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.jsonschema_validation_errors(schema json, instance json) RETURNS text[] LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'jsonschema_validation_errors() of pg_jsonschema has no stub here'; END $$;
