"""The factory of fixtures that give seeded databases, and the counting of those that outlive a test."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_supaseed.collection.configured import ConfigurationFile
from pytest_supaseed.errors import ConfigError, CountError, SupaseedWarning
from pytest_supaseed.fixtures import loaded_schema
from pytest_supaseed.session.stash import STATE, Declared, Lasting, told

if TYPE_CHECKING:
    from pytest_supaseed.seeded import SeededDatabase
    from pytest_supaseed.server.provide import Provider


def seeded_database(
    tables: Mapping[str, Any] | ConfigurationFile | None = None,
    /,
    *,
    scope: Any = "function",
    max_records: int | None = None,
    seed: int | None = None,
    locale: str | None = None,
    date: str | datetime.date | None = None,
    **counts: Any,
) -> Any:
    """Return a fixture whose value is a :class:`~pytest_supaseed.SeededDatabase`.

    The arguments are those of the markers ``seed`` and ``seed_options``. They are checked when the tests have
    been collected. Tables that are called ``scope``, ``max_records``, ``seed``, ``locale`` or ``date`` go
    into the mapping.

    Args:
        tables: names of tables that are no identifiers, to their values; or a configuration file,
            ``from_supaseed(...)``.
        scope: of the fixture, as ``pytest.fixture`` takes it. A database that outlives a test is counted
            before each test that uses it.
        max_records: cap on the sum of the counts.
        seed: of the generator.
        locale: Faker's locale.
        date: the day that the rows take for today.
        counts: names of tables to their values.

    Example:
        >>> camp = seeded_database(users=5, setups=8, scope="session")
    """
    caller = sys._getframe(1)
    options = {"max_records": max_records, "seed": seed, "locale": locale, "date": date}
    declared = Declared(
        (() if tables is None else (tables,), counts),
        ((), {key: value for key, value in options.items() if value is not None}),
        Path(caller.f_code.co_filename),
        caller.f_lineno,
    )

    def fixture(
        request: pytest.FixtureRequest,
        _supaseed_provided: Provider,
        supaseed_schema: object,
        supaseed_generators: Mapping[str, Any],
    ) -> Iterator[SeededDatabase]:
        state = request.config.stash[STATE]
        with told():
            spec = state.factories.get(declared)
            if spec is None:
                place = declared.place(request.config.rootpath)
                raise ConfigError(
                    f"{request.fixturename}, which {place} declares, is not among the arguments of a test or of a "
                    "fixture, so it was not checked: name it there, rather than in getfixturevalue()"
                )
            loaded = loaded_schema(request, _supaseed_provided, supaseed_schema, supaseed_generators)
            database = loaded.own(spec)
            for warning in spec.warnings:
                request.node.warn(SupaseedWarning(warning))
        lasting = None
        if request.scope != "function":
            lasting = Lasting(request.fixturename or "", request.node, database)
            state.lasting.append(lasting)
        yield database
        if lasting is not None:
            state.lasting.remove(lasting)
        with told():
            left = loaded.drop(database)
        if left:
            from pytest_supaseed.report import left_connections

            request.node.warn(SupaseedWarning(left_connections(request.node.nodeid, left)))

    # What else is given is judged when the tests have been collected.
    named = [name for name in tables if isinstance(name, str)] if type(tables) is dict else []
    named += [repr(tables)] if issubclass(type(tables), ConfigurationFile) else []
    fixture.__doc__ = f"A database with {', '.join([*named, *counts]) or 'nothing seeded'}."
    fixture.supaseed_declared = declared  # type: ignore[attr-defined] # read when the tests are collected
    return pytest.fixture(scope=scope)(fixture)


def _lasting(item: pytest.Item) -> Iterator[Lasting]:
    """The databases that a test uses and that outlive it, as far as they have been made."""
    names = getattr(item, "fixturenames", ())
    nodes = item.listchain()
    for lasting in item.config.stash[STATE].lasting:
        if lasting.fixture in names and lasting.node in nodes:
            yield lasting


def check_lasting(item: pytest.Item) -> None:
    """Count the databases that a test is about to use and that earlier tests have used.

    Args:
        item: the test, before any of its fixtures is set up.
    """
    for lasting in _lasting(item):
        try:
            lasting.database.verify()
        except CountError as error:
            lasting.changed_after = lasting.changed_after or lasting.last_test
            raise pytest.fail.Exception(
                f"{lasting.fixture}: {error}\nIt changed after {lasting.changed_after}. A test that writes wants "
                "a database of its own: seeded_db, or a seeded_database(...) of scope function.",
                pytrace=False,
            ) from None


def remember_lasting(item: pytest.Item) -> None:
    """Remember which test was the last to use its databases.

    Args:
        item: the test, which has run.
    """
    for lasting in _lasting(item):
        lasting.last_test = item.nodeid
