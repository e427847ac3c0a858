-- Triggers that compare moments with the clock in ways that are not read as a condition of one column.
CREATE TABLE badges (code char(8) PRIMARY KEY, valid_until date NOT NULL);
CREATE TABLE passes (id serial PRIMARY KEY, code char(8) NOT NULL REFERENCES badges, since timestamp NOT NULL);
CREATE FUNCTION end_of_badge(wanted char(8)) RETURNS date LANGUAGE plpgsql
    AS $$ BEGIN RETURN (SELECT valid_until FROM badges WHERE code = wanted); END $$;
CREATE FUNCTION not_over() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    CASE lower(TG_TABLE_NAME)
        WHEN 'badges' THEN
            IF new.valid_until < CURRENT_DATE THEN
                RAISE EXCEPTION 'a badge that is over';
            END IF;
        WHEN 'passes' THEN
            IF end_of_badge(new.code) < new.since::date THEN
                RAISE EXCEPTION 'a pass with a badge that is over';
            END IF;
    END CASE;
    RETURN new;
END $$;
CREATE TRIGGER not_over BEFORE INSERT ON badges FOR EACH ROW EXECUTE FUNCTION not_over();
CREATE TRIGGER not_over BEFORE INSERT ON passes FOR EACH ROW EXECUTE FUNCTION not_over();

-- A moment of two columns, and one that has to be long ago with those that follow it.
CREATE TABLE slots (id serial PRIMARY KEY, day date NOT NULL, at time NOT NULL);
CREATE FUNCTION still_to_come() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF new.day + new.at <= localtimestamp THEN
        RAISE EXCEPTION 'a slot that is over';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER to_come BEFORE INSERT ON slots FOR EACH ROW EXECUTE FUNCTION still_to_come();
CREATE TABLE dives (id serial PRIMARY KEY, down timestamptz NOT NULL, up timestamptz NOT NULL,
    CHECK (up BETWEEN down AND down + interval '2 hours'));
CREATE FUNCTION rested() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF age(now(), new.up) < interval '3 years' THEN
        RAISE EXCEPTION 'a dive of yesterday';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER rested BEFORE INSERT ON dives FOR EACH ROW EXECUTE FUNCTION rested();

-- A row that is looked up, whose other moments go with the one that is compared; weekdays stay what they are.
CREATE TABLE terms (opens date, name text, PRIMARY KEY (opens, name), register_by date NOT NULL,
    starts date NOT NULL CHECK (extract(isodow FROM starts) < 6), ends date NOT NULL,
    CHECK (starts <= ends), CHECK (opens < register_by), CHECK (starts >= register_by + 10));
CREATE TABLE enrolments (id serial PRIMARY KEY, opens date NOT NULL, name text NOT NULL,
    FOREIGN KEY (opens, name) REFERENCES terms (opens, name));
CREATE FUNCTION in_time() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE last date; BEGIN
    SELECT register_by INTO last FROM terms t WHERE t.opens = new.opens AND t.name = new.name;
    IF CURRENT_DATE <= last THEN
        RETURN new;
    ELSE
        RAISE EXCEPTION 'too late';
    END IF;
END $$;
CREATE TRIGGER in_time AFTER INSERT ON enrolments FOR EACH ROW EXECUTE FUNCTION in_time();

-- What lies between two numbers of the row is what the row that is looked up says.
CREATE TABLE subjects (id serial PRIMARY KEY, hours int NOT NULL CHECK (hours > 0));
CREATE TABLE lessons (id serial PRIMARY KEY, subject_id int NOT NULL UNIQUE REFERENCES subjects,
    begins int NOT NULL, ends int NOT NULL, CHECK (8 <= begins AND begins < ends AND ends <= 20));
CREATE FUNCTION as_long() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE wanted int; BEGIN
    SELECT hours INTO wanted FROM subjects WHERE id = new.subject_id;
    IF new.ends - new.begins = wanted THEN
        RETURN new;
    ELSE
        RAISE EXCEPTION '% hours', wanted;
    END IF;
END $$;
CREATE TRIGGER as_long AFTER INSERT ON lessons FOR EACH ROW EXECUTE FUNCTION as_long();

-- Rows of which one trigger or another makes nothing: one of the two persons decides, and an empty table may stay so.
CREATE TABLE persons (id serial PRIMARY KEY, rank text NOT NULL CHECK (rank IN ('chief', 'first', 'second')), left_on date);
CREATE TABLE fevers (person_id int PRIMARY KEY REFERENCES persons, degrees numeric NOT NULL);
CREATE TABLE halls (id serial PRIMARY KEY, capacity int NOT NULL);
CREATE TABLE bookings (hall_id int REFERENCES halls, day date, booked_by int NOT NULL REFERENCES persons,
    seen_by int NOT NULL REFERENCES persons, PRIMARY KEY (hall_id, day));
CREATE FUNCTION by_rank() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE found text; BEGIN
    SELECT p.rank INTO found FROM persons p WHERE p.id = new.booked_by;
    IF found IN ('chief', 'first') THEN
        RETURN new;
    END IF;
    RAISE NOTICE 'not by such a person';
    RETURN NULL;
END $$;
CREATE TRIGGER by_rank BEFORE INSERT ON bookings FOR EACH ROW EXECUTE FUNCTION by_rank();
CREATE FUNCTION in_health() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE found numeric; BEGIN
    SELECT degrees INTO found FROM fevers WHERE person_id = new.booked_by;
    IF found > 37.5 THEN
        RETURN NULL;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER in_health BEFORE INSERT ON bookings FOR EACH ROW EXECUTE FUNCTION in_health();
CREATE FUNCTION still_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT p.left_on FROM persons p WHERE p.id = new.booked_by) IS NULL THEN
        RETURN new;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER still_here BEFORE INSERT ON bookings FOR EACH ROW EXECUTE FUNCTION still_here();
