-- Each row follows the last one: a trigger compares it with what is there.
CREATE TABLE blocks (height int PRIMARY KEY, hash text NOT NULL UNIQUE, previous text);
CREATE FUNCTION follow_last() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last blocks;
BEGIN
    SELECT * INTO last FROM blocks ORDER BY height DESC LIMIT 1;
    IF FOUND THEN
        IF new.height <> last.height + 1 THEN RAISE EXCEPTION 'the height has to be %', last.height + 1; END IF;
        IF new.previous IS DISTINCT FROM last.hash THEN
            RAISE EXCEPTION 'previous has to be the hash of the last block';
        END IF;
    ELSIF new.previous IS NOT NULL THEN
        RAISE EXCEPTION 'the first block has no previous one';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER follow_last BEFORE INSERT ON blocks FOR EACH ROW EXECUTE FUNCTION follow_last();
-- The last one of each account, and a value that follows from others.
CREATE TABLE accounts (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE movements (
    id serial PRIMARY KEY, account_id int NOT NULL REFERENCES accounts, amount int NOT NULL, balance int NOT NULL,
    at timestamptz NOT NULL
);
CREATE FUNCTION running_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before int; latest timestamptz;
BEGIN
    SELECT balance, at INTO before, latest FROM movements WHERE account_id = new.account_id ORDER BY at DESC LIMIT 1;
    IF new.balance <> coalesce(before, 0) + new.amount OR new.at <= latest THEN
        RAISE EXCEPTION 'balance has to be % after %', coalesce(before, 0) + new.amount, latest;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER running_balance BEFORE INSERT ON movements FOR EACH ROW EXECUTE FUNCTION running_balance();
CREATE TABLE records (id bigserial PRIMARY KEY, payload text NOT NULL, link text NOT NULL, hash text NOT NULL);
INSERT INTO records (payload, link, hash) VALUES ('genesis', '', md5('genesis'));
CREATE FUNCTION sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (new.link = (SELECT hash FROM records WHERE id < new.id ORDER BY id DESC LIMIT 1)) THEN
        RAISE 'a link is missing';
    END IF;
    IF md5(new.link || new.payload) != new.hash THEN RAISE EXCEPTION USING message = 'the seal is broken; sorry'; END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sealed AFTER INSERT ON records FOR EACH ROW EXECUTE FUNCTION sealed();
