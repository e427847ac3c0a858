-- CHECKs that call functions of the user's own.
CREATE FUNCTION is_even(n int) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT n % 2 = 0 $$;
CREATE FUNCTION is_slug(value text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
$$ BEGIN RETURN value ~ '^[a-z][a-z0-9-]*$'; END $$;
CREATE FUNCTION luhn(digits text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT digits ~ '^\d{4,6}$' AND sum(CASE WHEN i % 2 = 0 THEN d ELSE (d * 2) / 10 + (d * 2) % 10 END) % 10 = 0
    FROM (SELECT i, substr(reverse(digits), i + 1, 1)::int AS d FROM generate_series(0, length(digits) - 1) AS i) AS x $$;
CREATE FUNCTION fits(a int, b int) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT a + b <= 10000 AND a <> b $$;
CREATE DOMAIN even AS int CHECK (is_even(VALUE));
CREATE TABLE things (
    slug text NOT NULL UNIQUE CHECK (is_slug(slug)),
    n even NOT NULL,
    a int NOT NULL,
    b int NOT NULL,
    CHECK (fits(a, b))
);
CREATE TABLE cards (number text NOT NULL CONSTRAINT valid_number CHECK (luhn(number)));
