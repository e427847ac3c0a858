-- Keys of another table within JSON documents, and values that are computed from what is looked up.
CREATE TABLE accounts (id int PRIMARY KEY, code text NOT NULL UNIQUE);
INSERT INTO accounts VALUES (701, 'north'), (702, 'south');
CREATE FUNCTION far_id() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.id := new.id + 100; RETURN new; END $$;
CREATE TRIGGER far_id BEFORE INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION far_id();

CREATE TABLE events (id serial PRIMARY KEY, payload jsonb NOT NULL);
CREATE FUNCTION of_account() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT FROM accounts WHERE id = (new.payload ->> 'account_id')::int) THEN
        RAISE EXCEPTION 'no account %', new.payload;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER of_account BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION of_account();

CREATE TABLE calls (id serial PRIMARY KEY, payload jsonb NOT NULL);
CREATE FUNCTION of_code() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM FROM accounts WHERE code = new.payload -> 'account' ->> 'code';
    IF NOT FOUND THEN RAISE EXCEPTION 'no account'; END IF;
    RETURN new;
END $$;
CREATE TRIGGER of_code BEFORE INSERT ON calls FOR EACH ROW EXECUTE FUNCTION of_code();

CREATE TABLE hooks (id serial PRIMARY KEY, payload jsonb NOT NULL);
CREATE FUNCTION of_owner() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE owner int; BEGIN
    SELECT a.id INTO owner FROM public.accounts AS a WHERE (new.payload ->> 'owner') = a.code;
    IF owner IS NULL THEN RAISE EXCEPTION 'no account'; END IF;
    RETURN new;
END $$;
CREATE TRIGGER of_owner BEFORE INSERT ON hooks FOR EACH ROW EXECUTE FUNCTION of_owner();

CREATE TABLE baskets (id serial PRIMARY KEY, payload jsonb NOT NULL);
CREATE FUNCTION of_items() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE item jsonb; BEGIN
    FOR item IN SELECT * FROM jsonb_array_elements(new.payload -> 'items') LOOP
        IF NOT EXISTS (SELECT FROM accounts a WHERE a.code = item ->> 'code') THEN
            RAISE EXCEPTION 'no account';
        END IF;
    END LOOP;
    IF coalesce(jsonb_array_length(new.payload -> 'items'), 0) < 1 THEN RAISE EXCEPTION 'no items'; END IF;
    RETURN new;
END $$;
CREATE TRIGGER of_items BEFORE INSERT ON baskets FOR EACH ROW EXECUTE FUNCTION of_items();

CREATE TABLE rates (code text PRIMARY KEY, per_hour numeric(8, 2) NOT NULL);
CREATE TABLE bills (
    id serial PRIMARY KEY, code text NOT NULL REFERENCES rates, hours int NOT NULL, total numeric NOT NULL
);
CREATE FUNCTION bill_total() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE wanted numeric; BEGIN
    SELECT per_hour * new.hours INTO wanted FROM rates WHERE code = new.code;
    IF abs(new.total - wanted) > 0.01 THEN RAISE EXCEPTION 'total % is not %', new.total, wanted; END IF;
    RETURN new;
END $$;
CREATE TRIGGER bill_total BEFORE INSERT ON bills FOR EACH ROW EXECUTE FUNCTION bill_total();
CREATE TABLE receipts (
    id serial PRIMARY KEY, code text NOT NULL REFERENCES rates, hours int NOT NULL, total numeric NOT NULL
);
CREATE FUNCTION receipt_total() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE rate rates; BEGIN
    SELECT * INTO rate FROM rates WHERE code = new.code;
    IF round(new.total, 1) <> round(rate.per_hour * new.hours, 1) THEN RAISE EXCEPTION 'total'; END IF;
    RETURN new;
END $$;
CREATE TRIGGER receipt_total BEFORE INSERT ON receipts FOR EACH ROW EXECUTE FUNCTION receipt_total();
