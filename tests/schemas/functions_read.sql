-- Functions of the user's own whose bodies tell what they accept: lists, patterns, constants.
CREATE SCHEMA rules;
CREATE FUNCTION rules.is_currency(code text) RETURNS boolean LANGUAGE sql IMMUTABLE AS
    $$ SELECT code IN ('XTS', 'DKK', 'PLN') $$;
CREATE FUNCTION rules.is_reference(value text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    -- it isn't a number
    IF value !~ '^REF' THEN RETURN false; END IF;
    RETURN value ~ '^REF/\d{4}/[A-Z]{2}$';
END $$;
CREATE FUNCTION rules.scope_account() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'account-wide'::text $$;
CREATE FUNCTION rules.scope_team() RETURNS text LANGUAGE sql IMMUTABLE RETURN 'team-wide'::text;
CREATE FUNCTION rules.can_follow(old text, new text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE old WHEN 'drafted' THEN new = 'reviewed' WHEN 'reviewed' THEN new IN ('published', 'rejected') ELSE false END;
END $$;
CREATE DOMAIN rules.currency AS text CHECK (rules.is_currency(VALUE));
CREATE TABLE invoices (
    id serial PRIMARY KEY,
    reference text NOT NULL UNIQUE CHECK (rules.is_reference(reference)),
    currency rules.currency NOT NULL,
    other text CHECK (rules.is_currency(other))
);
CREATE TABLE grants (
    id serial PRIMARY KEY,
    scope text NOT NULL CHECK (scope = ANY (ARRAY[rules.scope_account(), rules.scope_team()]))
);
CREATE TABLE steps (before text NOT NULL, after text NOT NULL, CONSTRAINT in_order CHECK (rules.can_follow(before, after)));
