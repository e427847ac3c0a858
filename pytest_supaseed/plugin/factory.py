"""The fixture factory :func:`seeded_database`.

The returned fixture carries its arguments as a declaration, which :mod:`~pytest_supaseed.plugin.items` checks after
collection; a database of wider scope is isolated between tests by :mod:`~pytest_supaseed.plugin.turns`.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_supaseed.errors import ConfigError, SupaseedWarning
from pytest_supaseed.plugin.fixtures import loaded_schema
from pytest_supaseed.plugin.stash import session_state, told
from pytest_supaseed.plugin.state import Declared, Lasting
from pytest_supaseed.plugin.turns import committed
from pytest_supaseed.spec import ConfigurationFile

if TYPE_CHECKING:
    from pytest_supaseed.session.provide import Provider
    from pytest_supaseed.session.seeded import SeededDatabase


def seeded_database(
    tables: Mapping[str, Any] | ConfigurationFile | None = None,
    /,
    *,
    scope: Any = "function",
    max_records: int | None = None,
    seed: int | None = None,
    locale: str | None = None,
    date: str | datetime.date | None = None,
    check: bool = True,
    rolled_back: bool = False,
    **counts: Any,
) -> Any:
    """Return a fixture whose value is a :class:`~pytest_supaseed.SeededDatabase`.

    The arguments are those of the markers ``seed`` and ``seed_options``, and are checked after collection. A table with
    the name of one of the arguments below goes into the mapping. Without tables, the database holds the schema
    as it was loaded.

    Other fixtures of scope module, class and so on may change a database that outlives a test, for example insert a
    token: their changes belong to the rows that each test finds.

    Args:
        tables: table names that are no identifiers, and their values; or a configuration file,
            ``from_supaseed(...)``.
        scope: of the fixture, as ``pytest.fixture`` takes it. A database that outlives a test is counted
            before each test that uses it; other numbers of rows are an error of that test.
        max_records: maximum sum of the counts.
        seed: of the generator.
        locale: Faker's locale.
        date: the reference date, which generated rows take for today.
        check: False to skip the counting, for a database that tests may change for one another.
        rolled_back: whether the changes of a test are undone after it, commits included. The engine has one connection;
            ``seeded_connection`` and ``seeded_session`` of a test that uses the database are opened on it.
        counts: table names and their values.

    Example:
        >>> camp = seeded_database(users=5, setups=8, scope="session")
        >>> shop = seeded_database(users=5, scope="module", rolled_back=True)
    """
    caller = sys._getframe(1)
    options = {"max_records": max_records, "seed": seed, "locale": locale, "date": date}
    declared = Declared(
        (() if tables is None else (tables,), counts),
        ((), {key: value for key, value in options.items() if value is not None}),
        Path(caller.f_code.co_filename),
        caller.f_lineno,
        scope,
        check,
        rolled_back,
    )

    def fixture(
        request: pytest.FixtureRequest,
        _supaseed_provided: Provider,
        supaseed_schema: object,
        supaseed_generators: Mapping[str, Any],
    ) -> Iterator[SeededDatabase]:
        from sqlalchemy.event import listen

        state = session_state(request.config)
        with told():
            spec = state.factories.get(declared)
            if spec is None:
                place = declared.place(request.config.rootpath)
                raise ConfigError(
                    f"{request.fixturename}, which {place} declares, is not among the arguments of a test or of a "
                    "fixture, so it was not checked: name it there, rather than in getfixturevalue()"
                )
            loaded = loaded_schema(request, _supaseed_provided, supaseed_schema, supaseed_generators)
            shared = None
            if rolled_back:
                database, shared = loaded.rolled_back(spec)
            else:
                database = loaded.own(spec)
            for warning in spec.warnings:
                request.node.warn(SupaseedWarning(warning))
        lasting = None
        if request.scope != "function":
            lasting = Lasting(request.fixturename or "", declared, request.node, database, shared)
            state.lasting.append(lasting)
            listen(database.engine, "commit", partial(committed, state, lasting))
        yield database
        if lasting is not None:
            state.lasting.remove(lasting)
        with told():
            left = loaded.drop(database)
        if left:
            from pytest_supaseed.plugin.report import left_connections

            # The node ID of a session is empty.
            user = request.node.nodeid or f"The fixture {request.fixturename}"
            request.node.warn(SupaseedWarning(left_connections(user, left)))

    # Invalid arguments are reported after collection.
    named = [name for name in tables if isinstance(name, str)] if type(tables) is dict else []
    named += [repr(tables)] if issubclass(type(tables), ConfigurationFile) else []
    fixture.__doc__ = f"A database with {', '.join([*named, *counts]) or 'nothing seeded'}."
    fixture.supaseed_declared = declared  # type: ignore[attr-defined] # read when the tests are collected
    return pytest.fixture(scope=scope)(fixture)
