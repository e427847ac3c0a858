"""Rows that functions accept are found by inserting them, whatever the text of the functions says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed import Rows
from pytest_supaseed.errors import SeedError
from pytest_supaseed.repair.bindings import Parts, parts_of_days
from pytest_supaseed.repair.climbing import Outcome
from tests.repair.test_insert import seeded
from tests.servers import run, schema_of

FOLDER = Path(__file__).parents[1] / "schemas"
FILES = ("looked_up_unseen", "looked_up_records")


def ddl(name: str) -> str:
    """A schema without the rows of its load."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8").partition("\nINSERT INTO")[0]


@pytest.fixture(scope="module")
def urls(create_database: Callable[[], URL]) -> dict[str, URL]:
    found = {name: create_database() for name in FILES}
    for name, url in found.items():
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            run(connection, ddl(name))
            connection.connection.commit()
        engine.dispose()
    return found


@pytest.fixture
def unseen(urls: dict[str, URL]) -> Iterator[Connection]:
    with schema_of(urls["looked_up_unseen"], "SELECT 1") as connection:
        yield connection


@pytest.fixture
def records(urls: dict[str, URL]) -> Iterator[Connection]:
    with schema_of(urls["looked_up_records"], "SELECT 1") as connection:
        yield connection


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"boxes": 20, "zones": 4}, "SELECT count(*) FROM boxes WHERE zone NOT IN (SELECT name FROM zones)"),
        (
            {"bottles": 20, "zones": 4},
            "SELECT count(*) FROM bottles WHERE place NOT IN (SELECT name FROM zones)",
        ),
        ({"jars": 20, "zones": 4}, "SELECT count(*) FROM jars WHERE place NOT IN (SELECT name FROM zones)"),
        (
            {"crates": 20, "zones": 4},
            "SELECT count(*) FROM crates WHERE zone NOT IN (SELECT name FROM zones)",
        ),
        (
            {"barrels": 20, "zones": 4},
            "SELECT count(*) FROM barrels WHERE zone NOT IN (SELECT name FROM open_zones)",
        ),
        ({"articles": 6, "zones": 4}, "SELECT count(*) - 6 FROM boxes JOIN zones ON name = zone"),
        (
            {"deliveries": 20, "stocks": 4, "zones": 3},
            "SELECT count(*) FROM deliveries WHERE (shop, sku) NOT IN (SELECT shop, sku FROM stocks)",
        ),
        ({"carts": 20, "zones": 4}, "SELECT count(*) FROM carts WHERE zone NOT IN (SELECT name FROM zones)"),
        ({"offers": 10, "settings": 2}, "SELECT count(*) - 1 FROM settings WHERE key = 'max_offer'"),
        (
            {"tags": 20, "photos": 3, "films": 3},
            "SELECT count(*) FROM tags WHERE target_id NOT IN"
            " (SELECT id FROM photos WHERE target = 'photos' UNION SELECT id FROM films WHERE target = 'films')",
        ),
        (
            {"cards": 20, "boards": 3},
            "SELECT count(*) FROM cards JOIN boards b ON b.id = board_id WHERE NOT state = ANY (states)",
        ),
        (
            {"bills": 20, "rates": 3},
            "SELECT count(*) FROM bills b WHERE rate <> (SELECT rate FROM rates r WHERE r.currency = b.currency)",
        ),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, dict) else "",
)
def test_tables_that_are_seen_to_be_looked_up(unseen: Connection, asked: dict[str, int], wrong: str) -> None:
    counts = seeded(unseen, asked)
    assert {name: counts[name] for name in asked} == asked
    assert run(unseen, wrong) == [(0,)]


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (
            {"seasons": 4, "matches": 20},
            "SELECT count(*) FROM matches JOIN seasons s ON s.id = season_id WHERE played < starts OR played >= ends",
        ),
        (
            {"outings": 20, "seasons": 3},
            "SELECT count(*) FROM outings WHERE NOT EXISTS (SELECT FROM seasons WHERE day > starts AND day < ends)",
        ),
        (
            {"calls": 20, "openings": 3},
            "SELECT count(*) FROM calls WHERE NOT EXISTS (SELECT FROM openings WHERE days @> day)",
        ),
        *(
            (
                {"redemptions": 20, "vouchers": number},
                "SELECT count(*) FROM redemptions JOIN vouchers v ON v.id = voucher_id"
                " WHERE NOT approved OR amount > credit",
            )
            for number in (1, 2, 5)
        ),
        (
            {"purchases": 7, "vouchers": 7},
            "SELECT count(*) FROM purchases JOIN vouchers v ON v.id = voucher_id"
            " WHERE NOT approved OR amount > credit",
        ),
        (
            {"baskets": 20, "coupons": 2},
            "SELECT count(*) FROM baskets LEFT JOIN coupons ON code = coupon"
            " WHERE active IS NOT TRUE OR valid_until < day",
        ),
        (
            {"tasks": 12, "projects": 3, "teams": 2},
            "SELECT count(*) FROM tasks JOIN projects p ON p.id = project_id JOIN teams t ON t.id = team_id"
            " WHERE p.state = 'draft' OR t.state <> 'accepting-work'",
        ),
        (
            {"visits": 6, "memberships": 6},
            "SELECT count(*) FROM visits JOIN memberships m ON m.id = membership_id"
            " WHERE ends < current_date OR confirmed_at IS NULL OR paused",
        ),
        (
            {"gifts": 7, "vouchers": 7},
            "SELECT count(*) FROM gifts JOIN vouchers v ON v.id = voucher_id WHERE NOT approved",
        ),
        (
            {"trips": 20, "seasons": 3},
            "SELECT count(*) FROM trips JOIN seasons s ON s.id = season_id WHERE day < starts OR day >= ends",
        ),
        ({"orders": 8, "items": 3}, "SELECT count(*) FROM items WHERE stock < 0"),
        (
            {"events": 20, "rooms": 4},
            "SELECT count(*) FROM events WHERE room_id NOT IN (SELECT id FROM rooms)",
        ),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, dict) else "",
)
def test_rows_that_are_looked_up_are_chosen_or_made_to_fit(
    records: Connection, asked: dict[str, int], wrong: str
) -> None:
    counts = seeded(records, asked)
    assert {name: counts[name] for name in asked} == asked
    assert run(records, wrong) == [(0,)]


def test_keys_of_a_table_that_is_only_read_are_spread(records: Connection) -> None:
    seeded(records, {"events": 20, "rooms": 4})
    assert run(records, "SELECT count(*) FROM events GROUP BY room_id") == [(5,)] * 4


def test_all_rows_that_are_looked_up_are_taken(unseen: Connection) -> None:
    seeded(unseen, {"boxes": 20, "zones": 4})
    assert run(unseen, "SELECT count(DISTINCT zone) FROM boxes") == [(4,)]


def test_the_text_tells_what_is_looked_up_where_it_cannot_be_observed(records: Connection) -> None:
    run(records, "SET track_counts = off")
    assert seeded(records, {"baskets": 20, "coupons": 2})["baskets"] == 20
    wrong = "SELECT count(*) FROM baskets JOIN coupons ON code = coupon WHERE NOT active OR valid_until < day"
    assert run(records, wrong) == [(0,)]


def test_the_rows_for_each_parent_stay_as_many(records: Connection) -> None:
    seeded(records, {"redemptions": Rows(per={"vouchers": 3}), "vouchers": 4})
    assert run(records, "SELECT count(*) FROM redemptions GROUP BY voucher_id") == [(3,)] * 4


def test_what_the_user_gives_is_not_made_to_fit(records: Connection) -> None:
    with pytest.raises(SeedError, match="does not pay"):
        seeded(records, {"vouchers": Rows(3, columns={"approved": False}), "redemptions": 2})


def test_rows_of_the_load_are_not_made_to_fit(records: Connection) -> None:
    run(records, "INSERT INTO vouchers (id, approved, credit) VALUES (1, false, 1000)")
    with pytest.raises(SeedError, match="does not pay"):
        seeded(records, {"redemptions": 2})


def test_a_change_that_changes_what_was_asked_for_is_none(empty_database: URL) -> None:
    ddl = """
    CREATE TABLE offers (id serial PRIMARY KEY, open boolean NOT NULL CHECK (true), note text);
    CREATE TABLE openings (id serial PRIMARY KEY, offer_id int);
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO openings (offer_id) VALUES (new.id);
        RETURN new;
    END $$;
    CREATE FUNCTION closed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        new.open := false;
        RETURN new;
    END $$;
    CREATE TRIGGER closed BEFORE INSERT ON offers FOR EACH ROW EXECUTE FUNCTION closed();
    CREATE TRIGGER note AFTER UPDATE OF open ON offers FOR EACH ROW EXECUTE FUNCTION note();
    CREATE TABLE replies (id serial PRIMARY KEY, offer_id int NOT NULL REFERENCES offers);
    CREATE FUNCTION is_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NOT (SELECT open FROM offers WHERE id = new.offer_id) THEN
            RAISE EXCEPTION 'closed';
        END IF;
        RETURN new;
    END $$;
    CREATE TRIGGER is_open BEFORE INSERT ON replies FOR EACH ROW EXECUTE FUNCTION is_open();
    """
    with schema_of(empty_database, ddl) as connection:
        with pytest.raises(SeedError, match="closed"):
            seeded(connection, {"offers": 2, "replies": 3, "openings": 2})
        connection.connection.rollback()
    with schema_of(empty_database, ddl) as connection:
        # Where nothing is asked of it, it has what triggers add.
        counts = seeded(connection, {"offers": 2, "replies": 3})
        assert (counts["offers"], counts["replies"]) == (2, 3)


def test_two_rows_that_have_to_be_alike_and_the_elements_of_an_array(empty_database: URL) -> None:
    ddl = """
    CREATE TABLE wallets (id serial PRIMARY KEY, currency char(3) NOT NULL);
    CREATE TABLE transfers (id serial PRIMARY KEY, from_id int NOT NULL REFERENCES wallets,
        to_id int NOT NULL REFERENCES wallets, CHECK (from_id <> to_id));
    CREATE FUNCTION of_one_currency() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF (SELECT currency FROM wallets WHERE id = new.from_id)
            <> (SELECT currency FROM wallets WHERE id = new.to_id) THEN
            RAISE EXCEPTION 'currencies differ';
        END IF;
        RETURN new;
    END $$;
    CREATE TRIGGER of_one BEFORE INSERT ON transfers FOR EACH ROW EXECUTE FUNCTION of_one_currency();
    CREATE TABLE labels (id serial PRIMARY KEY, name text);
    INSERT INTO labels VALUES (100, 'first');
    CREATE TABLE letters (id serial PRIMARY KEY, label_ids int[] NOT NULL);
    CREATE FUNCTION labels_known() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE each int; BEGIN
        FOREACH each IN ARRAY new.label_ids LOOP
            IF NOT EXISTS (SELECT FROM labels WHERE id = each) THEN
                RAISE EXCEPTION 'no label %', each;
            END IF;
        END LOOP;
        RETURN new;
    END $$;
    CREATE TRIGGER known BEFORE INSERT ON letters FOR EACH ROW EXECUTE FUNCTION labels_known();
    """
    with schema_of(empty_database, ddl) as connection:
        asked = {"wallets": 3, "transfers": 10, "labels": 3, "letters": 10}
        counts = seeded(connection, asked)
        assert {name: counts[name] for name in asked} == asked
        assert run(
            connection, "SELECT count(*) FROM letters WHERE NOT label_ids <@ ARRAY(SELECT id FROM labels)"
        ) == [(0,)]


@pytest.mark.parametrize(
    ("later", "earlier", "further"),
    [
        (Outcome(accepted=True), Outcome(), True),
        (Outcome(function=("f()",), lines=(7,)), Outcome(function=("f()",), lines=(4,)), True),
        (Outcome(function=("f()",), lines=(4,)), Outcome(function=("f()",), lines=(7,)), False),
        (Outcome(function=("f()",), lines=(4,)), Outcome(function=("f()",), lines=(4,)), False),
        (
            Outcome(function=("f()",), lines=(4,), scans=2),
            Outcome(function=("f()",), lines=(4,), scans=1),
            True,
        ),
        (
            Outcome(function=("f()",), lines=(4,), said="b"),
            Outcome(function=("f()",), lines=(4,), said="a"),
            True,
        ),
        (Outcome(function=("g()",), lines=(1,)), Outcome(function=("f()",), lines=(4,)), True),
        (Outcome(function=("g()",), fired=0), Outcome(function=("f()",), fired=1), False),
        (Outcome(function=("g()",), fired=2), Outcome(function=("f()",), fired=1), True),
        # The function calls another one before the line at which it raised the error, or after.
        (Outcome(function=("f()", "g()"), lines=(3, 9)), Outcome(function=("f()",), lines=(4,)), False),
        (Outcome(function=("f()", "g()"), lines=(5, 1)), Outcome(function=("f()",), lines=(4,)), True),
        (Outcome(itself=True), Outcome(function=("f()",), lines=(4,)), False),
    ],
)
def test_which_attempt_has_come_further(later: Outcome, earlier: Outcome, further: bool) -> None:
    assert later.further(earlier) is further


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (
            {"doctors": 3, "clinics": 2, "works": 8, "visits": 12},
            "SELECT count(*) FROM visits v WHERE NOT EXISTS (SELECT FROM works w WHERE (w.doctor, w.clinic) = "
            "(v.doctor, v.clinic) AND w.dia = extract(isodow FROM v.day))",
        ),
        (
            {"rooms": 2, "openings": 9, "meetings": 12},
            "SELECT count(*) FROM meetings WHERE NOT is_open(room_id, starts)",
        ),
        ({"stays": 9}, "SELECT count(*) FROM stays WHERE extract(month FROM arrives) = 12"),
    ],
)
def test_days_on_which_something_else_says_that_there_is_work(
    empty_database: URL, asked: dict[str, int], wrong: str
) -> None:
    with schema_of(empty_database, (FOLDER / "weekdays.sql").read_text(encoding="utf-8")) as connection:
        seeded(connection, asked)
        # Rows that were made to fit one row still fit those before.
        assert run(connection, wrong) == [(0,)]


@pytest.mark.parametrize(
    ("text", "fields", "forms"),
    [
        ("EXTRACT(DOW FROM new.day)", ("dow", "isodow"), ()),
        ("extract ( 'isodow' from x), date_part('Month', y), extract(month from z)", ("isodow", "month"), ()),
        ("lower(to_char(new.at AT TIME ZONE 'UTC', 'FMDay')) = x", (), ("FMDay",)),
        ("to_char(a, 'MM'); to_char(b, 'MM')", (), ("MM",)),
        ("extracted from dow", (), ()),
    ],
)
def test_parts_of_days(text: str, fields: tuple[str, ...], forms: tuple[str, ...]) -> None:
    assert parts_of_days(text) == Parts(fields, forms)
