"""Rows that functions look up in other tables are found, and are there before they are looked up."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL

from pytest_supaseed.errors import SeedError
from tests.repair.test_insert import seeded
from tests.servers import run, schema_of

SCHEMA = (Path(__file__).parents[1] / "schemas" / "looked_up.sql").read_text(encoding="utf-8")
# Without the rows of the load.
EMPTY = SCHEMA.partition("INSERT INTO areas")[0]


@pytest.mark.parametrize(
    ("asked", "agrees"),
    [
        (
            {"areas": 5, "a_places": 50},
            "SELECT count(DISTINCT code) FROM a_places JOIN areas ON code = area_code",
        ),
        (
            {"zones": 5, "parcels": 50},
            "SELECT count(DISTINCT zone) FROM parcels JOIN zones ON zones.name = zone",
        ),
        (
            {"rates": 5, "invoices": 50},
            "SELECT count(DISTINCT currency) FROM invoices JOIN rates USING (currency)",
        ),
        (
            {"seasons": 5, "bookings": 50},
            "SELECT count(DISTINCT seasons.id) FROM bookings JOIN seasons ON day BETWEEN starts AND ends",
        ),
        (
            {"rooms": 5, "events": 50},
            "SELECT count(DISTINCT room_id) FROM events JOIN rooms ON rooms.id = room_id",
        ),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, dict) else "",
)
@pytest.mark.parametrize("loaded", [True, False])
def test_keys_that_are_looked_up_are_taken(
    empty_database: URL, asked: dict[str, int], agrees: str, loaded: bool
) -> None:
    with schema_of(empty_database, SCHEMA if loaded else EMPTY) as connection:
        counts = seeded(connection, asked)
        assert {name: counts[name] for name in asked} == asked
        [[different]] = run(connection, agrees)
    # Not all of them the first one.
    assert different >= 2


def test_two_values_are_taken_from_one_row(empty_database: URL) -> None:
    ddl = """
    CREATE TABLE stock (shop int, sku text, PRIMARY KEY (shop, sku));
    CREATE TABLE a_sale (id serial PRIMARY KEY, shop int NOT NULL, "Sku" text NOT NULL);
    CREATE FUNCTION in_stock() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        -- SELECT FROM nothing WHERE id = new.id;
        IF NOT EXISTS (SELECT 1 FROM public.stock AS s WHERE s.shop = NEW.shop AND NEW."Sku" = s.sku) THEN
            RAISE EXCEPTION 'not in stock';
        END IF;
        RETURN new;
    END $$;
    CREATE TRIGGER in_stock BEFORE INSERT ON a_sale FOR EACH ROW EXECUTE FUNCTION in_stock();
    """
    with schema_of(empty_database, ddl) as connection:
        assert seeded(connection, {"stock": 4, "a_sale": 20}) == {"stock": 4, "a_sale": 20}


def test_what_the_user_gives_is_left_alone(empty_database: URL) -> None:
    from pytest_supaseed import Rows

    with schema_of(empty_database, SCHEMA) as connection, pytest.raises(SeedError) as caught:
        seeded(connection, {"zones": 3, "parcels": Rows(2, columns={"zone": "nowhere"})})
    assert "no zone nowhere" in str(caught.value)
