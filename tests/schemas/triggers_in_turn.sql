-- Triggers that judge a row one after another, where the last one asks for what the first one has refused.

CREATE TABLE people (
    id serial PRIMARY KEY,
    name text NOT NULL,
    funds money NOT NULL DEFAULT 0
);
CREATE TYPE lot_state AS ENUM ('pending', 'active', 'paused', 'finished', 'approved', 'denied', 'disabled');
CREATE TABLE lots (
    id serial PRIMARY KEY,
    title text NOT NULL,
    start_price money CHECK (start_price >= '0'::money),
    price money CHECK (price >= start_price),
    owner_id int REFERENCES people,
    state lot_state DEFAULT 'pending'
);
CREATE TABLE offers (
    id serial PRIMARY KEY,
    person_id int NOT NULL REFERENCES people,
    lot_id int NOT NULL REFERENCES lots,
    amount money NOT NULL CHECK (amount > '0'::money)
);

CREATE FUNCTION not_own() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF new.person_id = (SELECT owner_id FROM lots WHERE id = new.lot_id) THEN
        RAISE EXCEPTION 'the lot is your own';
    END IF;
    RETURN new;
END $$;
CREATE FUNCTION rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE highest money; start money; has money; lot_is lot_state;
BEGIN
    SELECT amount INTO highest FROM offers WHERE lot_id = new.lot_id ORDER BY amount DESC LIMIT 1;
    SELECT start_price, state INTO start, lot_is FROM lots WHERE id = new.lot_id;
    SELECT funds INTO has FROM people WHERE id = new.person_id;
    IF lot_is <> 'active' THEN
        RAISE EXCEPTION 'not active';
    ELSIF new.amount <= highest OR new.amount < start THEN
        RAISE EXCEPTION 'higher please';
    ELSIF has < new.amount THEN
        RAISE EXCEPTION 'no funds';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER a_not_own BEFORE INSERT ON offers FOR EACH ROW EXECUTE FUNCTION not_own();
CREATE TRIGGER b_rules BEFORE INSERT ON offers FOR EACH ROW EXECUTE FUNCTION rules();

-- A trigger changes the row that was inserted, and a trigger on UPDATE refuses that, and so on for its parent.

CREATE TABLE rates (id serial PRIMARY KEY, cost numeric NOT NULL);
CREATE TABLE bills (
    id serial PRIMARY KEY,
    subtotal numeric,
    shipping numeric,
    total numeric,
    paid_on date,
    shipped_on date
);
CREATE TABLE bill_lines (
    id serial PRIMARY KEY,
    bill_id int NOT NULL REFERENCES bills,
    quantity smallint NOT NULL DEFAULT 1 CHECK (quantity > 0),
    price numeric
);
CREATE FUNCTION reprice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE bill_lines SET price = quantity * 10 WHERE id = new.id;
    UPDATE bills SET subtotal = (SELECT sum(price) FROM bill_lines WHERE bill_id = new.bill_id),
        shipping = coalesce((SELECT min(cost) FROM rates), 1),
        total = (SELECT sum(price) FROM bill_lines WHERE bill_id = new.bill_id) + 1 WHERE id = new.bill_id;
    RETURN new;
END $$;
CREATE FUNCTION paid_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM bills WHERE bills.id = old.bill_id AND bills.paid_on IS NOT NULL;
    IF found THEN
        RAISE EXCEPTION 'paid';
    END IF;
    RETURN new;
END $$;
CREATE FUNCTION shipped_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF old.shipped_on IS NOT NULL THEN
        RAISE EXCEPTION 'shipped';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER reprice AFTER INSERT OR UPDATE OF quantity ON bill_lines FOR EACH ROW EXECUTE FUNCTION reprice();
CREATE TRIGGER paid_stays BEFORE UPDATE ON bill_lines FOR EACH ROW EXECUTE FUNCTION paid_stays();
CREATE TRIGGER shipped_stays BEFORE UPDATE ON bills FOR EACH ROW EXECUTE FUNCTION shipped_stays();

-- A trigger joins a constant to a name, which is no number that the column may have.

CREATE SEQUENCE parcels_id_seq;
CREATE TABLE parcels (id int NOT NULL PRIMARY KEY DEFAULT nextval('parcels_id_seq'), weight int NOT NULL);
CREATE FUNCTION numbered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    new.id = nextval((tg_table_name || '_id_seq')::regclass);
    IF new.weight % 2 <> 0 THEN
        RAISE EXCEPTION 'weights are even';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER numbered BEFORE INSERT ON parcels FOR EACH ROW EXECUTE FUNCTION numbered();
