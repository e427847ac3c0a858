-- A trigger links a row of another table that it finds, and inserts one that is not complete where it finds none.
CREATE TABLE people (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    badge text NOT NULL UNIQUE,
    email text NOT NULL UNIQUE,
    label text,
    account_id uuid
);
CREATE TABLE accounts (id uuid PRIMARY KEY, email text, details jsonb);
ALTER TABLE people ADD FOREIGN KEY (account_id) REFERENCES accounts;
CREATE FUNCTION link_person() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found_id uuid;
BEGIN
    SELECT id INTO found_id FROM people WHERE email = new.email;
    IF found_id IS NOT NULL THEN
        UPDATE people SET account_id = new.id, label = coalesce(label, new.details ->> 'name') WHERE id = found_id;
    ELSE
        INSERT INTO people (email, label, account_id) VALUES (new.email, new.details ->> 'name', new.id);
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER link_person AFTER INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION link_person();

-- A value is fetched over two joins, into a column of a stricter domain.
CREATE DOMAIN place_id AS text CHECK (length(trim(value)) > 0);
CREATE DOMAIN long_id AS text CHECK (length(trim(value)) > 10 OR value = 'all');
CREATE TABLE roots (id serial PRIMARY KEY, place place_id NOT NULL UNIQUE);
CREATE TABLE branches (id serial PRIMARY KEY, root_id int NOT NULL REFERENCES roots, purpose text NOT NULL);
CREATE TABLE leaves (id serial PRIMARY KEY, branch_id int NOT NULL REFERENCES branches, version int NOT NULL);
CREATE TABLE notes (id serial PRIMARY KEY, leaf_id int NOT NULL REFERENCES leaves, place long_id NOT NULL);
CREATE FUNCTION note_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    SELECT roots.place INTO new.place
    FROM roots JOIN branches ON branches.root_id = roots.id JOIN leaves ON leaves.branch_id = branches.id
    WHERE leaves.id = new.leaf_id;
    RETURN new;
END $$;
CREATE TRIGGER note_place BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION note_place();
