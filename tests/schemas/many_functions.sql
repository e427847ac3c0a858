-- Many columns, each with a CHECK of its own that nobody can read: what one row has right is kept.
CREATE FUNCTION is_hex_colour(value text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN RETURN value ~* '^#[0-9a-f]{6}$'; END $$;
CREATE TABLE themes (
    id serial PRIMARY KEY,
    background text NOT NULL CHECK (is_hex_colour(background)),
    foreground text NOT NULL CHECK (is_hex_colour(foreground)),
    border text NOT NULL DEFAULT '#AABBCC' CHECK (is_hex_colour(border)),
    title text NOT NULL CHECK (is_hex_colour(title)),
    subtitle text NOT NULL CHECK (is_hex_colour(subtitle)),
    link text NOT NULL CHECK (is_hex_colour(link)),
    visited text NOT NULL CHECK (is_hex_colour(visited)),
    button text NOT NULL CHECK (is_hex_colour(button)),
    button_text text NOT NULL CHECK (is_hex_colour(button_text)),
    warning text NOT NULL CHECK (is_hex_colour(warning)),
    error text NOT NULL CHECK (is_hex_colour(error)),
    success text NOT NULL CHECK (is_hex_colour(success))
);
CREATE FUNCTION is_known(value text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN RETURN md5(value) = md5('the-usual-one'); END $$;
CREATE TABLE plans (id serial PRIMARY KEY, kind text NOT NULL DEFAULT 'the-usual-one' CHECK (is_known(kind)));
