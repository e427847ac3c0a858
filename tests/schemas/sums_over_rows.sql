-- Triggers compare sums over the rows of a parent: with nothing, with one another, with the parent, with a number.
CREATE TABLE accounts (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE entries (id serial PRIMARY KEY, day date NOT NULL);
CREATE TABLE lines (
    id serial PRIMARY KEY, entry_id int NOT NULL REFERENCES entries, account_id int NOT NULL REFERENCES accounts,
    amount numeric(12, 2) NOT NULL
);
CREATE FUNCTION lines_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM lines WHERE entry_id IN (SELECT entry_id FROM added) GROUP BY entry_id HAVING sum(amount) <> 0
    ) THEN
        RAISE EXCEPTION 'an entry does not balance';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER lines_balance AFTER INSERT ON lines REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION lines_balance();
-- With sides, and in each currency.
CREATE TYPE direction AS ENUM ('debit', 'credit');
CREATE TABLE postings (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), entry_id int NOT NULL REFERENCES entries, side direction NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0), currency char(3) NOT NULL CHECK (currency IN ('EUR', 'USD', 'GBP'))
);
CREATE FUNCTION postings_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    off record;
BEGIN
    FOR off IN
        SELECT p.currency, sum(CASE WHEN p.side = 'debit' THEN p.amount ELSE -p.amount END) AS left_over
        FROM postings p WHERE p.entry_id = new.entry_id GROUP BY p.currency
    LOOP
        IF off.left_over <> 0 THEN RAISE EXCEPTION '% of entry % do not balance', off.currency, new.entry_id; END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER postings_balance AFTER INSERT OR UPDATE ON postings DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION postings_balance();
-- With a column for each side, and a trigger of the parent.
CREATE TABLE vouchers (id serial PRIMARY KEY, day date NOT NULL);
CREATE TABLE voucher_lines (
    id serial PRIMARY KEY, voucher_id int NOT NULL REFERENCES vouchers, debit numeric(12, 2), credit numeric(12, 2),
    CHECK (num_nonnulls(debit, credit) = 1), CHECK (debit > 0), CHECK (credit > 0)
);
CREATE FUNCTION voucher_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    debits numeric; credits numeric;
BEGIN
    SELECT sum(debit), sum(credit) INTO debits, credits FROM voucher_lines WHERE voucher_id = new.id;
    IF debits IS DISTINCT FROM credits THEN RAISE EXCEPTION 'voucher % does not balance', new.id; END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER voucher_balances AFTER INSERT ON vouchers DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION voucher_balances();
-- Without a parent.
CREATE TABLE transfers (
    id serial PRIMARY KEY, reference uuid NOT NULL, account text NOT NULL, cents int NOT NULL CHECK (cents <> 0)
);
CREATE FUNCTION transfers_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(cents) FROM transfers WHERE reference = new.reference) <> 0 THEN
        RAISE EXCEPTION 'transfer % does not balance', new.reference;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER transfers_balance AFTER INSERT ON transfers FOR EACH ROW EXECUTE FUNCTION transfers_balance();
-- A total.
CREATE TABLE bills (id serial PRIMARY KEY, total numeric(12, 2) NOT NULL CHECK (total >= 0));
CREATE TABLE bill_lines (
    id serial PRIMARY KEY, bill_id int NOT NULL REFERENCES bills, quantity int NOT NULL CHECK (quantity > 0),
    price numeric(8, 2) NOT NULL CHECK (price > 0)
);
CREATE FUNCTION total_is_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bill int := CASE tg_table_name WHEN 'bills' THEN to_jsonb(new) ->> 'id' ELSE to_jsonb(new) ->> 'bill_id' END;
BEGIN
    IF (SELECT total FROM bills WHERE id = bill)
        <> (SELECT coalesce(sum(l.quantity * l.price), 0) FROM bill_lines l WHERE l.bill_id = bill) THEN
        RAISE EXCEPTION 'the total of bill % is not the sum of its lines', bill;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER total_is_sum AFTER INSERT OR UPDATE ON bills DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION total_is_sum();
CREATE CONSTRAINT TRIGGER total_is_sum AFTER INSERT OR UPDATE ON bill_lines DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION total_is_sum();
-- A number.
CREATE TABLE funds (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE holdings (
    id serial PRIMARY KEY, fund_id int NOT NULL REFERENCES funds, percent numeric(5, 2) NOT NULL CHECK (percent > 0)
);
CREATE FUNCTION holdings_are_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(percent) FROM holdings WHERE fund_id = new.fund_id) <> 100 THEN
        RAISE EXCEPTION 'the holdings of fund % are not 100 percent', new.fund_id;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER holdings_are_all AFTER INSERT OR UPDATE ON holdings DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION holdings_are_all();
-- Products are summed by what each row is about: where each is about something of its own, it is of nothing.
CREATE TABLE goods (sku text PRIMARY KEY);
CREATE TABLE batches (id serial PRIMARY KEY);
CREATE TABLE moves (id serial PRIMARY KEY, batch_id int NOT NULL REFERENCES batches, sku text NOT NULL UNIQUE REFERENCES goods,
    pieces int NOT NULL, weight numeric(8, 3) NOT NULL CHECK (weight > 0), cost int, CHECK (cost IS NULL OR pieces < 0));
CREATE FUNCTION goods_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added GROUP BY batch_id, sku HAVING sum(pieces * weight) <> 0) THEN RAISE EXCEPTION 'not balanced'; END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER goods_stay AFTER INSERT ON moves REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION goods_stay();
