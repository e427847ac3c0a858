-- Stands in for http, whose functions say when they are called that they are not there.
CREATE TYPE @extschema@.http_header AS (field text, value text);
CREATE TYPE @extschema@.http_request AS (
    method text, uri text, headers @extschema@.http_header[], content_type text, content text
);
CREATE TYPE @extschema@.http_response AS (
    status integer, content_type text, headers @extschema@.http_header[], content text
);
CREATE OR REPLACE FUNCTION @extschema@.http_header(field text, value text) RETURNS @extschema@.http_header
LANGUAGE sql IMMUTABLE AS $$ SELECT ROW(field, value)::@extschema@.http_header $$;
CREATE OR REPLACE FUNCTION @extschema@.http(request @extschema@.http_request) RETURNS @extschema@.http_response LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'http() of http has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.http_get(uri text) RETURNS @extschema@.http_response LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'http_get() of http has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.http_get(uri text, data jsonb) RETURNS @extschema@.http_response LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'http_get() of http has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.http_post(uri text, content text, content_type text) RETURNS @extschema@.http_response LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'http_post() of http has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.http_post(uri text, data jsonb) RETURNS @extschema@.http_response LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'http_post() of http has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.http_put(uri text, content text, content_type text) RETURNS @extschema@.http_response LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'http_put() of http has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.http_patch(uri text, content text, content_type text) RETURNS @extschema@.http_response LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'http_patch() of http has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.http_delete(uri text) RETURNS @extschema@.http_response LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'http_delete() of http has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.http_delete(uri text, content text, content_type text) RETURNS @extschema@.http_response LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'http_delete() of http has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.http_head(uri text) RETURNS @extschema@.http_response LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'http_head() of http has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.http_set_curlopt(curlopt text, value text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'http_set_curlopt() of http has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.urlencode(string text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'urlencode() of http has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.urlencode(data jsonb) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'urlencode() of http has no stub here'; END $$;
