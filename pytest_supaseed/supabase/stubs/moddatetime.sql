-- Stands in for moddatetime: CREATE TRIGGER ... EXECUTE FUNCTION moddatetime(updated_at).
CREATE OR REPLACE FUNCTION @extschema@.moddatetime() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RETURN jsonb_populate_record(new, jsonb_build_object(TG_ARGV[0], now()));
END
$$;
