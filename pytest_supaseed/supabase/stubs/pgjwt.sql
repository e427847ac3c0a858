-- Stands in for pgjwt.
-- needs: pgcrypto
CREATE OR REPLACE FUNCTION @extschema@.url_encode(data bytea) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT rtrim(translate(encode(data, 'base64'), E'+/\n', '-_'), '=') $$;
CREATE OR REPLACE FUNCTION @extschema@.url_decode(data text) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$
    SELECT decode(rpad(translate(data, '-_', '+/'), (length(data) + 3) / 4 * 4, '='), 'base64')
$$;
CREATE OR REPLACE FUNCTION @extschema@.algorithm_sign(signables text, secret text, algorithm text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT @extschema@.url_encode(@extschema@.hmac(signables, secret,
        CASE algorithm WHEN 'HS256' THEN 'sha256' WHEN 'HS384' THEN 'sha384' WHEN 'HS512' THEN 'sha512' ELSE '' END))
$$;
CREATE OR REPLACE FUNCTION @extschema@.sign(payload json, secret text, algorithm text DEFAULT 'HS256') RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT signables || '.' || @extschema@.algorithm_sign(signables, secret, algorithm)
    FROM (SELECT @extschema@.url_encode(convert_to(format('{"alg":"%s","typ":"JWT"}', algorithm), 'UTF8')) || '.'
        || @extschema@.url_encode(convert_to(payload::text, 'UTF8'))) AS s (signables)
$$;
CREATE OR REPLACE FUNCTION @extschema@.verify(token text, secret text, algorithm text DEFAULT 'HS256')
RETURNS TABLE (header json, payload json, valid boolean)
LANGUAGE sql IMMUTABLE AS $$
    SELECT h.header, p.payload,
        r[3] = @extschema@.algorithm_sign(r[1] || '.' || r[2], secret, algorithm)
        AND now() BETWEEN coalesce(to_timestamp((p.payload ->> 'nbf')::double precision), '-infinity')
                      AND coalesce(to_timestamp((p.payload ->> 'exp')::double precision), 'infinity')
    FROM regexp_split_to_array(token, '\.') AS r,
        LATERAL (SELECT convert_from(@extschema@.url_decode(r[1]), 'UTF8')::json) AS h (header),
        LATERAL (SELECT convert_from(@extschema@.url_decode(r[2]), 'UTF8')::json) AS p (payload)
$$;
