-- The referenced row is made by a function that the trigger calls.
CREATE TABLE entities (id uuid PRIMARY KEY, kind text NOT NULL);
CREATE TABLE books (id uuid PRIMARY KEY DEFAULT gen_random_uuid() REFERENCES entities, title text NOT NULL);
CREATE FUNCTION make_entity(entity uuid, kind text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO entities (id, kind) VALUES (entity, kind);
END $$;
CREATE FUNCTION book_entity() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM make_entity(new.id, 'book');
    RETURN new;
END $$;
CREATE TRIGGER book_entity BEFORE INSERT ON books FOR EACH ROW EXECUTE FUNCTION book_entity();

-- The function returns the key.
CREATE TABLE parties (id serial PRIMARY KEY, label text);
CREATE TABLE shops (id serial PRIMARY KEY, party_id int NOT NULL REFERENCES parties, label text NOT NULL);
CREATE FUNCTION new_party(text) RETURNS int LANGUAGE sql
    AS $$ INSERT INTO parties (label) VALUES ($1) RETURNING id $$;
CREATE FUNCTION shop_party() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    new.party_id := new_party(new.label);
    RETURN new;
END $$;
CREATE TRIGGER shop_party BEFORE INSERT ON shops FOR EACH ROW EXECUTE FUNCTION shop_party();

-- One function calls another one, which has a namesake; arguments are named.
CREATE TABLE things (id int PRIMARY KEY, note text NOT NULL);
CREATE TABLE tools (id int PRIMARY KEY REFERENCES things, note text NOT NULL);
CREATE FUNCTION add_thing(thing_id int) RETURNS void LANGUAGE sql AS $$ INSERT INTO things VALUES (0, 'none') $$;
CREATE FUNCTION add_thing(id int, note text) RETURNS void LANGUAGE sql
    AS $$ INSERT INTO things (id, note) VALUES (add_thing.id, add_thing.note) $$;
CREATE FUNCTION register(n int, said text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    PERFORM add_thing(id => n, note => said);
END $$;
CREATE FUNCTION tool_thing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM public.register(new.id, new.note);
    RETURN new;
END $$;
CREATE TRIGGER tool_thing BEFORE INSERT ON tools FOR EACH ROW EXECUTE FUNCTION tool_thing();
