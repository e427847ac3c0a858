-- Tables that functions look up, of which the text of triggers and CHECKs does not say how, or which.
CREATE TABLE zones (name text PRIMARY KEY, open boolean NOT NULL);
CREATE VIEW open_zones AS SELECT name FROM zones WHERE open;

-- Put together at run time, with names of tables and columns in the arguments of the trigger.
CREATE FUNCTION find_named() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ DECLARE amount int; BEGIN
    EXECUTE format('SELECT count(*) FROM %I WHERE %I::text = $1', TG_ARGV[0], TG_ARGV[1]) INTO amount
        USING to_jsonb(new) ->> TG_ARGV[2];
    IF amount = 0 THEN
        RAISE EXCEPTION 'nothing there';
    END IF;
    RETURN new;
END $$;
CREATE TABLE boxes (id serial PRIMARY KEY, zone text NOT NULL, weight int NOT NULL);
CREATE TRIGGER in_zone BEFORE INSERT ON boxes FOR EACH ROW EXECUTE FUNCTION find_named('zones', 'name', 'zone');
CREATE TABLE bottles (id serial PRIMARY KEY, place text NOT NULL);
CREATE TRIGGER in_zone AFTER INSERT ON bottles FOR EACH ROW EXECUTE FUNCTION find_named('zones', 'name', 'place');
CREATE TABLE jars (id serial PRIMARY KEY, place text NOT NULL);
CREATE CONSTRAINT TRIGGER in_zone AFTER INSERT ON jars DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION find_named('zones', 'name', 'place');

-- By a function that the function calls, and through a view.
CREATE FUNCTION zone_known(wanted text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN
    RETURN EXISTS (SELECT FROM zones WHERE name = wanted);
END $$;
CREATE FUNCTION ask_whether_known() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT zone_known(new.zone) THEN
        RAISE EXCEPTION 'no zone %', new.zone;
    END IF;
    RETURN new;
END $$;
CREATE TABLE crates (id serial PRIMARY KEY, zone text NOT NULL);
CREATE TRIGGER known BEFORE INSERT ON crates FOR EACH ROW EXECUTE FUNCTION ask_whether_known();
CREATE FUNCTION ask_the_view() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT FROM open_zones o WHERE o.name = new.zone) THEN
        RAISE EXCEPTION 'no open zone %', new.zone;
    END IF;
    RETURN new;
END $$;
CREATE TABLE barrels (id serial PRIMARY KEY, zone text NOT NULL);
CREATE TRIGGER open BEFORE INSERT ON barrels FOR EACH ROW EXECUTE FUNCTION ask_the_view();

-- By the trigger of a table into which a trigger inserts.
CREATE FUNCTION put_into_box() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO boxes (zone, weight) VALUES (new.destination, 1);
    RETURN new;
END $$;
CREATE TABLE articles (id serial PRIMARY KEY, destination text NOT NULL);
CREATE TRIGGER packed AFTER INSERT ON articles FOR EACH ROW EXECUTE FUNCTION put_into_box();

-- Two columns of one row, and two tables one after the other.
CREATE TABLE stocks (shop int, sku text, PRIMARY KEY (shop, sku));
CREATE FUNCTION in_stock() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE found_shop int; BEGIN
    EXECUTE 'SELECT s.shop FROM ' || 'stocks' || ' s WHERE (s.shop, s.sku) IN (($1, $2))' INTO found_shop
        USING new.shop, new.sku;
    IF found_shop IS NULL THEN
        RAISE EXCEPTION 'not in stock';
    END IF;
    EXECUTE 'SELECT count(*) FROM ' || 'zones' || ' WHERE name = $1' INTO found_shop USING new.zone;
    IF found_shop = 0 THEN
        RAISE EXCEPTION 'no such zone';
    END IF;
    RETURN new;
END $$;
CREATE TABLE deliveries (id serial PRIMARY KEY, shop int NOT NULL, sku text NOT NULL, zone text NOT NULL);
CREATE TRIGGER in_stock BEFORE INSERT ON deliveries FOR EACH ROW EXECUTE FUNCTION in_stock();

-- A CHECK whose function calls another one.
CREATE FUNCTION zone_allowed(wanted text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN
    RETURN zone_known(wanted);
END $$;
CREATE TABLE carts (id serial PRIMARY KEY, zone text NOT NULL CHECK (zone_allowed(zone)));

-- Nothing raises an error, but without the rate there is no total.
CREATE TABLE rates (currency char(3) PRIMARY KEY, rate numeric NOT NULL);
CREATE FUNCTION set_rate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    EXECUTE 'SELECT rate FROM ' || TG_ARGV[0] || ' WHERE currency = $1' INTO new.rate USING new.currency;
    RETURN new;
END $$;
CREATE TABLE bills (id serial PRIMARY KEY, currency char(3) NOT NULL, rate numeric NOT NULL);
CREATE TRIGGER rate BEFORE INSERT ON bills FOR EACH ROW EXECUTE FUNCTION set_rate('rates');

-- A row by a constant, a table that the row names, and the elements of an array.
CREATE TABLE settings (key text PRIMARY KEY, amount int NOT NULL CHECK (amount > 0));
CREATE FUNCTION as_configured() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE most int; BEGIN
    SELECT s.amount INTO most FROM settings s WHERE s.key = 'max_offer';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'not configured';
    END IF;
    IF new.amount > most THEN
        RAISE EXCEPTION 'too much';
    END IF;
    RETURN new;
END $$;
CREATE TABLE offers (id serial PRIMARY KEY, amount int NOT NULL);
CREATE TRIGGER configured BEFORE INSERT ON offers FOR EACH ROW EXECUTE FUNCTION as_configured();
CREATE TABLE photos (id serial PRIMARY KEY, name text);
CREATE TABLE films (id serial PRIMARY KEY, name text);
CREATE FUNCTION target_there() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE found_id int; BEGIN
    IF new.target NOT IN ('photos', 'films') THEN
        RAISE EXCEPTION 'no table %', new.target;
    END IF;
    EXECUTE format('SELECT id FROM %I WHERE id = $1', new.target) INTO found_id USING new.target_id;
    IF found_id IS NULL THEN
        RAISE EXCEPTION 'nothing in %', new.target;
    END IF;
    RETURN new;
END $$;
CREATE TABLE tags (id serial PRIMARY KEY, target text NOT NULL, target_id int NOT NULL);
CREATE TRIGGER there BEFORE INSERT ON tags FOR EACH ROW EXECUTE FUNCTION target_there();
CREATE TABLE boards (id serial PRIMARY KEY, states text[] NOT NULL CHECK (cardinality(states) > 0));
CREATE FUNCTION state_of_board() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT new.state = ANY (SELECT unnest(states) FROM boards WHERE id = new.board_id) THEN
        RETURN NULL;
    END IF;
    RETURN new;
END $$;
CREATE TABLE cards (id serial PRIMARY KEY, board_id int NOT NULL REFERENCES boards, state text NOT NULL);
CREATE TRIGGER of_board BEFORE INSERT ON cards FOR EACH ROW EXECUTE FUNCTION state_of_board();

INSERT INTO zones VALUES ('north', true), ('south', false);
INSERT INTO stocks VALUES (1, 'A-1'), (2, 'B-2');
INSERT INTO rates VALUES ('XTS', 1.5);
INSERT INTO settings VALUES ('max_offer', 70);
INSERT INTO photos VALUES (500, 'first');
INSERT INTO films VALUES (700, 'first');
