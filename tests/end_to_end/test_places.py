"""Rows say one place: country, region, city, postcode, phone, currency and the rest, by columns and by references."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed import pipeline
from pytest_supaseed.markers import parse_seed
from pytest_supaseed.model.schema import Snapshot
from pytest_supaseed.rows.cells import LARGE
from pytest_supaseed.sources.source import load, resolve
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.values.meanings.gazetteer import (
    Record,
    cities,
    countries,
    currencies,
    languages,
    name_in,
    regions,
    time_zones,
)
from pytest_supaseed.values.meanings.phones import phones_like
from pytest_supaseed.values.meanings.places import NO_POSTCODE

FOLDER = Path(__file__).parents[1] / "schemas" / "agreement"
Rows = Mapping[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def placed(create_database: Callable[[], URL]) -> Iterator[tuple[Connection, Snapshot]]:
    url = create_database()
    load(resolve(FOLDER / "places.sql", FOLDER), url)
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection, pipeline.read(connection)
    engine.dispose()


def made(placed: tuple[Connection, Snapshot], counts: Mapping[str, object], locale: str = "en_US") -> Rows:
    """The rows of tables, by table."""
    connection, snapshot = placed
    connection.connection.rollback()
    found, problems = parse_seed((counts,), {})
    assert not problems
    spec = SeedSpec(found, locale=locale, limit=100_000)
    pipeline.seed(connection, snapshot.schema, pipeline.plan(connection, snapshot, spec))
    rows = {
        table: [dict(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}").mappings()]
        for table in counts
    }
    connection.connection.rollback()
    return rows


def known(records: Any, field: str, value: str) -> Record:
    found = records.find(field, value)
    assert found is not None, value
    return found  # type: ignore[no-any-return]


def city_called(text: str) -> Record:
    return cities().find("city", text) or known(cities(), "native", text)


def has_postcode(text: str, country: Record) -> bool:
    pattern = countries().of(country, "postcode_pattern")
    return re.fullmatch(pattern, text) is not None if pattern else text == NO_POSTCODE


def is_reached_in(phone: str, country: Record) -> bool:
    return bool(phones_like(phone)) and phone.startswith(countries().of(country, "calling"))


def check_customer(row: dict[str, Any], locale: str) -> None:
    country = known(countries(), "code", row["country_code"])
    city = city_called(row["city"])
    assert city[0] == country[0]
    assert row["country"] == name_in(locale, "countries", country)
    assert row["state"] in (cities().of(city, "region") or row["city"], cities().of(city, "native_region"))
    assert has_postcode(row["zip"], country)
    assert is_reached_in(row["phone"], country)
    assert row["currency"] == countries().of(country, "currency")
    assert row["timezone"] == cities().of(city, "timezone")
    assert row["locale"] == f"{row['language']}_{country[0]}"
    assert row["language"] in countries().of(country, "languages").split(",")
    for name in ("latitude", "longitude"):
        assert abs(row[name] - float(cities().of(city, name))) < 0.1
    shipped = city_called(row["shipping_city"])
    country = known(countries(), "code", shipped[0])
    assert row["shipping_country"] == name_in(locale, "countries", country)
    assert has_postcode(row["shipping_zip"], country)


@pytest.mark.parametrize("locale", ["en_US", "fr_FR", "ja_JP", "pl_PL"])
def test_an_address_is_in_one_place(placed: tuple[Connection, Snapshot], locale: str) -> None:
    rows = made(placed, {"customers": 60, "shipping_zones": 40}, locale)
    for row in rows["customers"]:
        check_customer(row, locale)
    for row in rows["shipping_zones"]:
        country = known(countries(), "code", row["country_iso"])
        assert row["currency"] == countries().of(country, "currency")
        assert row["calling_code"] == countries().of(country, "calling")
    own = [row for row in rows["customers"] if row["country_code"] == locale[-2:]]
    assert len(own) > 30 if locale == "en_US" else len(own) == 60
    if locale == "en_US":
        # Big countries are in the rows more often than small ones, and not only one.
        assert len({row["country_code"] for row in rows["customers"]}) > 5
    if locale == "ja_JP":
        assert not any(row[name].isascii() for row in own for name in ("city", "state", "street", "country"))


def test_rows_are_in_the_country_that_they_reference(placed: tuple[Connection, Snapshot]) -> None:
    rows = made(placed, {"countries": 60, "states": 120, "cities": 150, "addresses": 120, "branches": 60})
    states = {row["id"]: row for row in rows["states"]}
    places = {row["id"]: row for row in rows["cities"]}
    for row in rows["addresses"]:
        country = known(countries(), "code", row["country_code"])
        assert city_called(row["city"])[0] == country[0]
        assert has_postcode(row["postal_code"], country)
        assert is_reached_in(row["phone"], country)
        assert row["time_zone"] == cities().of(city_called(row["city"]), "timezone")
    for row in rows["states"]:
        found = [
            region for region in regions().all("country", row["country_code"]) if region[2] == row["name"]
        ]
        assert [region[1] for region in found] == [row["code"]] or not regions().all(
            "country", row["country_code"]
        )
    for row in rows["cities"]:
        state = states[row["state_id"]]
        city = cities().find("city", row["name"])
        assert city is None or city[0] == state["country_code"]
        assert city is not None or row["name"] == state["name"]
        if city is not None:
            assert abs(float(row["latitude"]) - float(cities().of(city, "latitude"))) < 0.1
    for row in rows["branches"]:
        place = places[row["city_id"]]
        country = known(countries(), "code", states[place["state_id"]]["country_code"])
        assert has_postcode(row["postcode"], country)
        assert is_reached_in(row["phone_number"], country)


@pytest.mark.parametrize(("locale", "count"), [("en_US", 200), ("en_US", 249), ("de_DE", 5)])
def test_tables_of_codes_hold_real_rows(placed: tuple[Connection, Snapshot], locale: str, count: int) -> None:
    counts = {
        "currencies": min(count, 150), "languages": min(count, 90), "time_zones": count, "countries": count,
        "states": count,
    }  # fmt: skip
    rows = made(placed, counts, locale)
    for row in rows["countries"]:
        country = known(countries(), "code", row["code"])
        assert row["name"] == name_in(locale, "countries", country)
        assert (
            row["iso3"],
            f"{row['numeric_code']:03}",
            row["dial_code"],
            row["currency_code"],
            row["flag"],
        ) == tuple(
            countries().of(country, name) for name in ("alpha3", "numeric", "calling", "currency", "flag")
        )
    for row in rows["currencies"]:
        currency = known(currencies(), "code", row["code"])
        assert (row["numeric_code"], row["name"], row["symbol"], str(row["decimal_places"])) == currency[1:]
    for row in rows["languages"]:
        language = known(languages(), "code", row["code"])
        assert row["name"] == name_in(locale, "languages", language)
        assert row["native_name"] == languages().of(language, "local")
    for row in rows["time_zones"]:
        assert row["utc_offset"] == time_zones().of(known(time_zones(), "timezone", row["name"]), "offset")
    for table, name in (
        ("countries", "name"),
        ("currencies", "code"),
        ("languages", "name"),
        ("time_zones", "name"),
    ):
        assert len({row[name] for row in rows[table]}) == counts[table]
    assert len({(row["country_code"], row["name"]) for row in rows["states"]}) >= 0.95 * count
    if count == 5:
        assert "DE" in {row["code"] for row in rows["countries"]}
        assert "EUR" in {row["code"] for row in rows["currencies"]}


def test_what_is_given_decides_the_rest_of_the_row(placed: tuple[Connection, Snapshot]) -> None:
    given = {"count": 12, "columns": {"country_code": ["JP", "BR", "SG", "CH"]}}
    rows = made(placed, {"customers": given})["customers"]
    assert {row["country_code"] for row in rows} == {"JP", "BR", "SG", "CH"}
    for row in rows:
        check_customer(row, "en_US")


def test_large_tables_agree_as_well(placed: tuple[Connection, Snapshot]) -> None:
    rows = made(placed, {"countries": 30, "customers": LARGE + 200, "addresses": LARGE + 200})
    for row in rows["customers"][:: LARGE // 100]:
        check_customer(row, "en_US")
    for row in rows["addresses"][:: LARGE // 100]:
        assert city_called(row["city"])[0] == row["country_code"]
        assert is_reached_in(row["phone"], known(countries(), "code", row["country_code"]))
