-- needs: btree_gist, hstore
-- Constraints and triggers that want a little more than a value of the column's type.
CREATE EXTENSION btree_gist;
CREATE EXTENSION hstore;
CREATE TABLE zoos (id serial PRIMARY KEY);
CREATE TABLE animals (id serial PRIMARY KEY, zoo_id int NOT NULL REFERENCES zoos, species text NOT NULL, EXCLUDE USING gist (zoo_id WITH =, species WITH <>));
CREATE TABLE prices (id serial PRIMARY KEY, currency text NOT NULL, EXCLUDE USING gist (currency WITH <>));
CREATE TABLE rooms (id serial PRIMARY KEY);
CREATE TABLE bookings (
    id serial PRIMARY KEY, room_id int NOT NULL REFERENCES rooms, starts timestamptz NOT NULL, ends timestamptz NOT NULL,
    status text NOT NULL CHECK (status IN ('held', 'booked', 'cancelled')),
    span tstzrange GENERATED ALWAYS AS (tstzrange(starts, ends)) STORED,
    CHECK (ends - starts BETWEEN interval '15 minutes' AND interval '4 hours'),
    EXCLUDE USING gist (room_id WITH =, span WITH &&) WHERE (status <> 'cancelled')
);
CREATE TABLE leaves (
    id serial PRIMARY KEY, first date NOT NULL, last date NOT NULL,
    span daterange GENERATED ALWAYS AS (daterange(first, last, '[]')) STORED,
    CHECK (last - first BETWEEN 1 AND 14), EXCLUDE USING gist (span WITH &&)
);
CREATE TABLE leases (
    id serial PRIMARY KEY, starts timestamp NOT NULL, ends timestamp NOT NULL, CHECK (ends - starts >= interval '30 days'),
    EXCLUDE USING gist (tsrange(starts, ends) WITH &&)
);
CREATE TABLE blocks (id serial PRIMARY KEY, low int NOT NULL, high int NOT NULL, CHECK (high - low = 10), EXCLUDE USING gist (int4range(low, high) WITH &&));
CREATE TABLE parts (id serial PRIMARY KEY, attributes hstore NOT NULL CHECK (attributes ? 'colour' AND exist(attributes, 'size')), CHECK ((attributes -> 'shape') IN ('round', 'flat')));
CREATE TABLE mondays (id serial PRIMARY KEY, day date NOT NULL CHECK (extract(isodow FROM day) = 1));
CREATE UNIQUE INDEX mondays_month ON mondays (date_trunc('month', day::timestamp));
CREATE TABLE months (id serial PRIMARY KEY, month date NOT NULL UNIQUE CHECK (month = date_trunc('month', month)));
CREATE FUNCTION fits(kind text, value text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE kind WHEN 'isbn' THEN value ~ '^97[89][0-9]{10}$' WHEN 'doi' THEN value ~ '^10\.[0-9]{4}/[a-z0-9]+$' ELSE false END
$$;
CREATE TABLE identifiers (id serial PRIMARY KEY, kind text NOT NULL, text text NOT NULL, CHECK (fits(kind, text)));
CREATE TABLE labels (id serial PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('isbn', 'doi')), text text NOT NULL);
CREATE FUNCTION label_fits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT fits(new.kind, new.text) THEN RAISE EXCEPTION '% does not fit %', new.text, new.kind; END IF;
    RETURN new;
END $$;
CREATE TRIGGER label_fits BEFORE INSERT ON labels FOR EACH ROW EXECUTE FUNCTION label_fits();
CREATE TABLE tags (id serial PRIMARY KEY, attributes hstore NOT NULL);
CREATE FUNCTION tagged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT new.attributes ? 'colour' THEN RAISE EXCEPTION 'no colour'; END IF;
    RETURN new;
END $$;
CREATE TRIGGER tagged BEFORE INSERT ON tags FOR EACH ROW EXECUTE FUNCTION tagged();
CREATE TABLE orders (id serial PRIMARY KEY, payload text NOT NULL);
CREATE FUNCTION parsed() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE d jsonb := new.payload::jsonb; BEGIN
    IF NOT d ? 'kind' OR jsonb_typeof(d -> 'lines') <> 'array' THEN RAISE EXCEPTION 'no order'; END IF;
    IF (d ->> 'total')::numeric <= 0 THEN RAISE EXCEPTION 'no total'; END IF;
    RETURN new;
END $$;
CREATE TRIGGER parsed BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION parsed();
CREATE TABLE profiles (id serial PRIMARY KEY, payload jsonb NOT NULL);
CREATE FUNCTION profiled() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE who jsonb; BEGIN
    who := new.payload -> 'user';
    IF who ->> 'email' IS NULL OR new.payload #>> '{address,city}' IS NULL THEN RAISE EXCEPTION 'no profile'; END IF;
    RETURN new;
END $$;
CREATE TRIGGER profiled BEFORE INSERT ON profiles FOR EACH ROW EXECUTE FUNCTION profiled();
-- Read as XML, which the server of the embedded programs cannot.
CREATE TABLE invoices (id serial PRIMARY KEY, body text NOT NULL);
CREATE FUNCTION read_invoice() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE d xml; BEGIN
    d := xmlparse(document new.body);
    IF (xpath('/invoice/number/text()', d))[1] IS NULL OR NOT xmlexists('/invoice/@id' PASSING d) THEN RAISE EXCEPTION 'no number'; END IF;
    RETURN new;
END $$;
CREATE TRIGGER read_invoice BEFORE INSERT ON invoices FOR EACH ROW EXECUTE FUNCTION read_invoice();
