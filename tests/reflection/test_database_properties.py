"""Settings and privileges that are stored beside a database."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg2
import pytest
from sqlalchemy import URL

from pytest_supaseed.errors import ServerError
from pytest_supaseed.postgres.databases.database import Databases
from pytest_supaseed.reflection.database_properties import (
    copying,
    listed,
    read_properties,
    setting_statement,
)
from pytest_supaseed.reflection.queries import as_text


@pytest.fixture
def databases(server_url: URL) -> Iterator[Databases]:
    found = Databases(server_url)
    found.maintenance.query("CREATE ROLE reader_properties; CREATE ROLE writer_properties")
    yield found
    found.drop_all()
    found.maintenance.query("DROP ROLE reader_properties, writer_properties")
    found.close()


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("app, public", ["app", "public"]),
        ('"$user",App ,  "B b"', ["$user", "app", "B b"]),
        ('"a ""b"", c"', ['a "b", c']),
        ("", [""]),
        ('""', [""]),
    ],
)
def test_lists_of_names(value: str, names: list[str]) -> None:
    assert listed(value) == names


@pytest.mark.parametrize(
    ("arguments", "statement"),
    [
        (("a", "TimeZone", "Asia/Tokyo"), """ALTER DATABASE "a" SET "TimeZone" TO 'Asia/Tokyo'"""),
        (("a", "app.x", None), 'ALTER DATABASE "a" RESET "app"."x"'),
        (("a", "Search_Path", "x,y"), """ALTER DATABASE "a" SET "Search_Path" TO 'x', 'y'"""),
        (("a", "app.x", "p,q", "Me"), """ALTER ROLE "Me" IN DATABASE "a" SET "app"."x" TO 'p,q'"""),
    ],
)
def test_statements(arguments: tuple[str, str, str | None], statement: str) -> None:
    assert as_text(setting_statement(*arguments)) == statement


CHANGES = """
ALTER DATABASE {0} SET search_path TO "$user", "A ""b"" c", public;
ALTER DATABASE {0} SET app.tenant TO 'x, y = "z"';
ALTER DATABASE {0} SET DateStyle TO 'SQL, DMY';
ALTER DATABASE {0} SET work_mem TO 5000;
ALTER DATABASE {0} SET temp_tablespaces TO '';
ALTER ROLE reader_properties IN DATABASE {0} SET statement_timeout TO '5s';
REVOKE CONNECT ON DATABASE {0} FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE {0} TO reader_properties WITH GRANT OPTION;
GRANT CREATE ON DATABASE {0} TO writer_properties
"""


def test_a_clone_has_what_its_template_has(databases: Databases) -> None:
    template = databases.create()
    databases.maintenance.query(CHANGES.format(template))
    ask = databases.maintenance.query
    first, plain = databases.create(template), databases.create()
    second = databases.create(first)
    found = read_properties(ask)
    assert found[template].settings == found[first].settings == found[second].settings
    assert len(found[first].settings) == 6
    assert found[template].privileges == found[first].privileges == found[second].privileges
    assert (None, "CONNECT", False) not in found[first].privileges
    assert ("reader_properties", "TEMPORARY", True) in found[first].privileges
    assert not found[plain].settings
    assert copying("x", found[plain]) is None


def test_what_a_block_sets_elsewhere_is_moved(databases: Databases) -> None:
    ask = databases.maintenance.query
    ours, theirs = databases.create(), "theirs_properties"
    ask(f"CREATE DATABASE {theirs}")
    try:
        ask(f"ALTER DATABASE {theirs} SET app.a TO 1; ALTER DATABASE {theirs} SET app.b TO 1")
        ask(f"GRANT CREATE ON DATABASE {theirs} TO writer_properties")
        before = read_properties(ask)[theirs]
        with databases.confined(ours):
            ask(f"ALTER DATABASE {theirs} SET app.a TO 2; ALTER DATABASE {theirs} RESET app.b")
            ask(f"ALTER DATABASE {theirs} SET search_path TO x, y; ALTER DATABASE {theirs} SET app.own TO 1")
            ask(f"ALTER DATABASE {ours} SET app.own TO 3")
            ask(f"ALTER ROLE reader_properties IN DATABASE {theirs} SET app.a TO 4")
            ask(f"GRANT CONNECT ON DATABASE {theirs} TO reader_properties")
            ask(f"REVOKE CREATE ON DATABASE {theirs} FROM writer_properties")
        found = read_properties(ask)
        assert (found[theirs].settings, found[theirs].privileges) == (before.settings, before.privileges)
        assert found[ours].settings == {
            (None, "app.own"): "3",
            (None, "app.a"): "2",
            (None, "search_path"): "x, y",
            ("reader_properties", "app.a"): "4",
        }
        assert ("reader_properties", "CONNECT", False) in found[ours].privileges
        with pytest.raises(psycopg2.errors.SyntaxError), databases.confined(ours):
            ask(f"ALTER DATABASE {theirs} SET app.c TO 2") or ask("nonsense")
        assert read_properties(ask)[theirs].settings == before.settings
        assert (None, "app.c") not in read_properties(ask)[ours].settings
    finally:
        ask(f"DROP DATABASE {theirs}")


def test_the_databases_of_other_sessions_are_left_alone(databases: Databases, server_url: URL) -> None:
    ask, others = databases.maintenance.query, Databases(server_url)
    ours, theirs = databases.create(), others.create()
    try:
        with databases.confined(ours):
            ask(f"ALTER DATABASE {theirs} SET app.a TO 1")
        assert read_properties(ask)[theirs].settings == {(None, "app.a"): "1"}
    finally:
        others.drop_all()
        others.close()


REFUSED = {
    (
        "time_zone",
        "UTC",
    ): "unrecognized configuration parameter \"time_zone\": correct it (did you mean 'TimeZone' or 'log_timezone'?); a "
    "setting of the application's has a dot in its name, such as app.time_zone.",
    (
        "TimeZone",
        "Europe/Berln",
    ): 'invalid value for parameter "TimeZone": "Europe/Berln": correct the value.',
    ("work_mem", "many"): 'invalid value for parameter "work_mem": "many": correct the value.',
    (
        "port",
        "1",
    ): 'parameter "port" cannot be changed without restarting the server: leave it out of supaseed_settings '
    "and seed_options, or set it in the server's configuration.",
}


@pytest.mark.parametrize(("setting", "message"), REFUSED.items(), ids=[name for name, _ in REFUSED])
def test_what_is_said_of_settings_that_postgresql_refuses(
    databases: Databases, setting: tuple[str, str], message: str
) -> None:
    name = databases.create()
    with pytest.raises(ServerError) as caught:
        databases.set(name, [setting])
    assert (
        str(caught.value) == f"The setting {setting[0]} = {setting[1]!r} of the tests' databases: {message}"
    )
