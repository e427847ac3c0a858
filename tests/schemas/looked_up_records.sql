-- Functions that compare a row with columns of a row that they look up.
CREATE TABLE seasons (id serial PRIMARY KEY, starts date NOT NULL, ends date NOT NULL, CHECK (ends = starts + 3));
CREATE FUNCTION within_season() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE s seasons%ROWTYPE; BEGIN
    SELECT * INTO s FROM seasons WHERE id = new.season_id;
    IF new.played < s.starts OR new.played >= s.ends THEN
        RAISE EXCEPTION 'not in season %', s.id;
    END IF;
    RETURN new;
END $$;
CREATE TABLE matches (id serial PRIMARY KEY, season_id int NOT NULL REFERENCES seasons, played timestamptz NOT NULL);
CREATE TRIGGER within BEFORE INSERT ON matches FOR EACH ROW EXECUTE FUNCTION within_season();

-- Without a foreign key: half-open, and a range.
CREATE FUNCTION in_some_season() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM seasons WHERE new.day > starts AND new.day < ends) THEN
        RAISE EXCEPTION 'no season on %', new.day;
    END IF;
    RETURN new;
END $$;
CREATE TABLE outings (id serial PRIMARY KEY, day date NOT NULL);
CREATE TRIGGER in_season BEFORE INSERT ON outings FOR EACH ROW EXECUTE FUNCTION in_some_season();
CREATE TABLE openings (id serial PRIMARY KEY, days daterange NOT NULL CHECK (NOT isempty(days)));
CREATE FUNCTION while_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM openings o WHERE o.days @> new.day) THEN
        RAISE EXCEPTION 'closed';
    END IF;
    RETURN new;
END $$;
CREATE TABLE calls (id serial PRIMARY KEY, day date NOT NULL);
CREATE TRIGGER while_open BEFORE INSERT ON calls FOR EACH ROW EXECUTE FUNCTION while_open();

-- The row that is looked up has to be approved, and good for the amount.
CREATE TABLE vouchers (id serial PRIMARY KEY, approved boolean NOT NULL DEFAULT false, credit int NOT NULL);
CREATE FUNCTION voucher_pays() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE v record; BEGIN
    SELECT * INTO STRICT v FROM vouchers WHERE id = new.voucher_id;
    IF NOT v.approved OR new.amount > v.credit THEN
        RAISE EXCEPTION 'voucher % does not pay %', v.id, new.amount;
    END IF;
    RETURN new;
END $$;
CREATE TABLE redemptions (id serial PRIMARY KEY, voucher_id int NOT NULL REFERENCES vouchers, amount int NOT NULL);
CREATE TRIGGER pays BEFORE INSERT ON redemptions FOR EACH ROW EXECUTE FUNCTION voucher_pays();
-- Each voucher once, for at least a million.
CREATE TABLE purchases (id serial PRIMARY KEY, voucher_id int NOT NULL UNIQUE REFERENCES vouchers,
    amount int NOT NULL CHECK (amount >= 1000000));
CREATE TRIGGER pays BEFORE INSERT ON purchases FOR EACH ROW EXECUTE FUNCTION voucher_pays();

-- By a code that is no foreign key.
CREATE TABLE coupons (code text PRIMARY KEY, active boolean NOT NULL, valid_until date NOT NULL);
CREATE FUNCTION coupon_valid() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE c coupons; BEGIN
    SELECT * INTO c FROM coupons WHERE code = new.coupon;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no coupon %', new.coupon;
    END IF;
    IF NOT c.active THEN
        RAISE EXCEPTION 'coupon % is not active', c.code;
    END IF;
    IF c.valid_until < new.day THEN
        RAISE EXCEPTION 'coupon % was valid until %', c.code, c.valid_until;
    END IF;
    RETURN new;
END $$;
CREATE TABLE baskets (id serial PRIMARY KEY, coupon text NOT NULL, day date NOT NULL);
CREATE TRIGGER valid BEFORE INSERT ON baskets FOR EACH ROW EXECUTE FUNCTION coupon_valid();

-- A state that no CHECK lists, of a row over another one, and one that inserting always sets back.
CREATE TABLE teams (id serial PRIMARY KEY, state text NOT NULL);
CREATE TABLE projects (id serial PRIMARY KEY, team_id int NOT NULL REFERENCES teams,
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'final')));
CREATE FUNCTION begin_as_draft() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    new.state := 'draft';
    RETURN new;
END $$;
CREATE TRIGGER draft BEFORE INSERT ON projects FOR EACH ROW EXECUTE FUNCTION begin_as_draft();
CREATE FUNCTION accepts_work() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE s text; BEGIN
    SELECT p.state INTO s FROM projects p WHERE p.id = new.project_id;
    IF s = 'draft' THEN
        RAISE EXCEPTION 'still a draft';
    END IF;
    SELECT t.state INTO s FROM projects p JOIN teams t ON t.id = p.team_id WHERE p.id = new.project_id;
    IF s <> 'accepting-work' THEN
        RAISE EXCEPTION 'the team is %', s;
    END IF;
    RETURN new;
END $$;
CREATE TABLE tasks (id serial PRIMARY KEY, project_id int NOT NULL REFERENCES projects);
CREATE TRIGGER accepts BEFORE INSERT ON tasks FOR EACH ROW EXECUTE FUNCTION accepts_work();

-- Over before today, NULL until somebody decides, used up, full.
CREATE TABLE memberships (id serial PRIMARY KEY, ends date NOT NULL, confirmed_at timestamptz, paused boolean NOT NULL);
CREATE FUNCTION still_a_member() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE m memberships; BEGIN
    SELECT * INTO m FROM memberships WHERE id = new.membership_id;
    IF m.ends < current_date THEN
        RAISE EXCEPTION 'expired on %', m.ends;
    END IF;
    IF m.confirmed_at IS NULL OR m.paused THEN
        RAISE EXCEPTION 'not now';
    END IF;
    RETURN new;
END $$;
CREATE TABLE visits (id serial PRIMARY KEY, membership_id int NOT NULL UNIQUE REFERENCES memberships);
CREATE TRIGGER member BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION still_a_member();
CREATE TABLE items (id serial PRIMARY KEY, stock int NOT NULL DEFAULT 0 CHECK (stock >= 0));
CREATE FUNCTION take_from_stock() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE items SET stock = stock - new.quantity WHERE id = new.item_id;
    RETURN new;
END $$;
CREATE TABLE orders (id serial PRIMARY KEY, item_id int NOT NULL REFERENCES items,
    quantity int NOT NULL CHECK (quantity > 10000));
CREATE TRIGGER take BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION take_from_stock();

-- A column that is named like the key of the table that the trigger reads.
CREATE TABLE rooms (id serial PRIMARY KEY, capacity int NOT NULL);
CREATE FUNCTION fits_into_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF new.guests > (SELECT capacity FROM rooms WHERE id = new.room_id) THEN
        RAISE EXCEPTION 'too many guests';
    END IF;
    RETURN new;
END $$;
CREATE TABLE events (id serial PRIMARY KEY, room_id int NOT NULL, guests int NOT NULL);
CREATE TRIGGER fits BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION fits_into_room();

-- The functions of CHECKs.
CREATE FUNCTION is_approved(wanted int) RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT approved FROM vouchers WHERE id = wanted $$;
CREATE TABLE gifts (id serial PRIMARY KEY, voucher_id int NOT NULL UNIQUE REFERENCES vouchers
    CHECK (is_approved(voucher_id)));
CREATE FUNCTION in_season(wanted int, day date) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN
    RETURN EXISTS (SELECT FROM seasons WHERE id = wanted AND day >= starts AND day < ends);
END $$;
CREATE TABLE trips (id serial PRIMARY KEY, season_id int NOT NULL REFERENCES seasons, day date NOT NULL,
    CHECK (in_season(season_id, day)));

INSERT INTO seasons (starts, ends) VALUES ('2031-01-01', '2031-01-04');
INSERT INTO openings (days) VALUES ('[2031-02-01,2031-02-03)');
INSERT INTO coupons VALUES ('first', true, '2031-01-01'), ('second', false, '2031-01-01');
INSERT INTO rooms VALUES (1000, 40);

-- What the trigger reads of the row itself has to be NULL: only open ones are entered.
CREATE TABLE lorries (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE hauls (id serial PRIMARY KEY, lorry_id int NOT NULL REFERENCES lorries, during tstzrange, rating int);
CREATE TABLE hauls_begun (haul_id int PRIMARY KEY REFERENCES hauls, name text NOT NULL);
CREATE FUNCTION enter_haul() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE entered hauls_begun;
BEGIN
    WITH open AS (SELECT id, lorry_id FROM hauls WHERE id = new.id AND during IS NULL)
    INSERT INTO hauls_begun SELECT o.id, l.name FROM open o JOIN lorries l ON l.id = o.lorry_id
    RETURNING * INTO STRICT entered;
    RETURN NULL;
END $$;
CREATE TRIGGER enter AFTER INSERT ON hauls FOR EACH ROW EXECUTE FUNCTION enter_haul();

-- Money is moved only where there is some: accounts that have none get what the first transfers take.
CREATE TABLE purses (id serial PRIMARY KEY, owner text NOT NULL, held numeric(12, 2) NOT NULL DEFAULT 0 CHECK (held >= 0));
CREATE TABLE remittances (id serial PRIMARY KEY, source_id int NOT NULL REFERENCES purses, target_id int NOT NULL REFERENCES purses,
    amount numeric(12, 2) NOT NULL CHECK (amount > 0));
CREATE FUNCTION move_money() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.source_id = new.target_id THEN RAISE EXCEPTION 'nothing moves'; END IF;
    IF (SELECT held FROM purses WHERE id = new.source_id) < new.amount THEN RAISE EXCEPTION 'insufficient funds'; END IF;
    UPDATE purses SET held = held - new.amount WHERE id = new.source_id;
    UPDATE purses SET held = held + new.amount WHERE id = new.target_id;
    RETURN new;
END $$;
CREATE TRIGGER move_money BEFORE INSERT ON remittances FOR EACH ROW EXECUTE FUNCTION move_money();
