"""The fixture factory :func:`seeded_database`, and the isolation of tests on its databases of wider scope.

The returned fixture carries its arguments as a declaration, which :mod:`~pytest_supaseed.plugin.items` checks after
collection.

Changes that fixtures of wider scope make to a database that outlives a test belong to the rows that the next test
finds. The changes of a test itself are undone, or reported as an error, or, with ``check=False``, left to the next
test. The fixture ``_supaseed_isolation`` counts rows or begins a transaction before a test, and counts or rolls
back after it; :class:`WiderFixtures` and :func:`committed` tell changes of wider fixtures and of other tests apart.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Generator, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_supaseed.errors import ConfigError, CountError, SeedError, SupaseedWarning
from pytest_supaseed.plugin.keeping import end_database
from pytest_supaseed.plugin.provisioning import schema_template
from pytest_supaseed.plugin.running import session_state
from pytest_supaseed.plugin.state import (
    FixtureDeclaration,
    SessionState,
    WiderDatabase,
    wider_databases_of,
    without_traceback,
)
from pytest_supaseed.spec import COUNT_KEYS, ConfigurationFile, Rows, given_options

if TYPE_CHECKING:
    from pytest_supaseed.session.seeded import SeededDatabase
    from pytest_supaseed.session.session_server import SessionServer


_LATE = (
    "{0}, which outlives the test, worked on {1} when {2} had written to it: what {0} has written is undone with "
    "what the test has. Name {0} among the arguments of the test, so that it is set up before."
)
_UNNAMED = (
    "{0} has committed on {1}, which has rolled_back=True, and has not named it among its arguments or those of its "
    "fixtures: that is not undone. Name {1} there, rather than in getfixturevalue()."
)


def seeded_database(
    tables: Mapping[Any, Any] | ConfigurationFile | None = None,
    /,
    *,
    scope: Any = "function",
    max_records: int | None = None,
    seed: int | None = None,
    locale: str | None = None,
    date: str | datetime.date | None = None,
    settings: Any = None,
    vary_defaults: bool | None = None,
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
        tables: table names that are no identifiers, or models, and their values; or a configuration file,
            ``from_supaseed(...)``.
        scope: of the fixture, as ``pytest.fixture`` takes it. A database that outlives a test is counted
            before each test that uses it; other numbers of rows are an error of that test.
        max_records: maximum sum of the counts.
        seed: of the generator.
        locale: Faker's locale.
        date: the reference date, which generated rows take for today.
        settings: PostgreSQL's settings of the database, and their values. A number, or what says how many rows, is
            meant for a table of this name.
        vary_defaults: whether columns with a constant default get other values, too.
        check: False to skip the counting, for a database that tests may change for one another.
        rolled_back: whether the changes of a test are undone after it, commits included. The engine has one connection;
            ``seeded_connection`` and ``seeded_session`` of a test that uses the database are opened on it.
        counts: table names and their values.

    Example:
        >>> camp = seeded_database(users=5, setups=8, scope="session")
        >>> shop = seeded_database(users=5, scope="module", rolled_back=True)
    """
    caller = sys._getframe(1)
    if isinstance(settings, int | Rows) or (
        isinstance(settings, Mapping) and any(key in settings for key in COUNT_KEYS)
    ):
        # A table's name, which was a keyword before there was an argument of this name.
        counts, settings = {**counts, "settings": settings}, None
    declaration = FixtureDeclaration(
        (() if tables is None else (tables,), counts),
        ((), given_options(locals())),
        Path(caller.f_code.co_filename),
        caller.f_lineno,
        scope,
        check,
        rolled_back,
    )

    def fixture(
        request: pytest.FixtureRequest,
        _supaseed_provided: SessionServer,
        supaseed_schema: object,
        supaseed_generators: Mapping[str, Any],
    ) -> Iterator[SeededDatabase]:
        from sqlalchemy.event import listen

        state = session_state(request.config)
        with without_traceback():
            spec = state.factories.get(declaration)
            if spec is None:
                place = declaration.place(request.config.rootpath)
                raise ConfigError(
                    f"{request.fixturename}, which {place} declares, is not among the arguments of a test or of a "
                    "fixture, so it was not checked: name it there, rather than in getfixturevalue()"
                )
            template = schema_template(request, _supaseed_provided, supaseed_schema, supaseed_generators)
            shared = None
            if rolled_back:
                database, shared = template.rolled_back(spec)
            else:
                database = template.own(spec)
            database.async_driver = state.settings.async_driver
            for warning in spec.warnings:
                request.node.warn(SupaseedWarning(warning))
        wider = None
        if request.scope != "function":
            wider = WiderDatabase(request.fixturename or "", declaration, request.node, database, shared)
            state.wider_databases.append(wider)
            listen(database.engine, "commit", partial(committed, state, wider))
        yield database
        if wider is not None:
            state.wider_databases.remove(wider)
        with without_traceback():
            left = end_database(request.node, template, database, rolled_back=bool(rolled_back))
        if left:
            from pytest_supaseed.reports.text import left_connections

            # The node ID of a session is empty.
            user = request.node.nodeid or f"The fixture {request.fixturename}"
            request.node.warn(SupaseedWarning(left_connections(user, left)))

    # Invalid arguments are reported after collection.
    keys = list(tables) if type(tables) is dict else []
    named = [key if isinstance(key, str) else key.__name__ for key in keys if isinstance(key, (str, type))]
    named += [repr(tables)] if issubclass(type(tables), ConfigurationFile) else []
    fixture.__doc__ = f"A database with {', '.join([*named, *counts]) or 'nothing seeded'}."
    fixture.supaseed_declaration = declaration  # type: ignore[attr-defined] # read when the tests are collected
    return pytest.fixture(scope=scope)(fixture)


@pytest.fixture
def _supaseed_isolation(request: pytest.FixtureRequest) -> Iterator[None]:
    """Isolate the test on the databases of wider scope that it uses."""
    state, item = session_state(request.config), request.node
    state.begun = item
    try:
        with without_traceback():
            for wider in wider_databases_of(state, item):
                if wider.difference and wider.moved:
                    _refuse(wider, wider.difference)
                if wider.shared is None:
                    _count_before(wider)
                else:
                    _begin(wider, item)
                wider.moved = wider.counted = False
                wider.changed_after, wider.difference = None, ""
        yield
    finally:
        state.begun = None
        _end(state, item)


def _count_before(wider: WiderDatabase) -> None:
    """Verify the counts of a database that is not rolled back, or accept them after changes of wider fixtures."""
    if not wider.declaration.check:
        return
    if wider.moved:
        wider.database.accept_counts()
    elif not wider.counted or wider.changed_after is not None:
        try:
            wider.database.verify()
        except CountError as error:
            _refuse(wider, str(error))


def _begin(wider: WiderDatabase, item: pytest.Item) -> None:
    """Begin the transaction that is undone after the test; its first round trip also counts the rows."""
    from psycopg2 import Error

    assert wider.shared is not None  # noqa: S101 for the type checker
    accept = wider.moved or not wider.declaration.check
    try:
        wider.connection = wider.shared.begin_wider(
            item.nodeid, wider.database.reason, moved=wider.moved, accept=accept
        )
    except CountError as error:
        _refuse(wider, str(error))
    except Error as error:
        raise SeedError(
            f"{wider.fixture}: what fixtures of wider scope have done cannot be committed: {str(error).strip()}"
        ) from error
    if accept:
        wider.database.accept_counts(wider.shared.expected)


def _refuse(wider: WiderDatabase, difference: str) -> None:
    # Kept, so that a wider fixture that changes the database next does not turn the difference into expected rows.
    wider.changed_after, wider.difference = wider.changed_after or wider.last_test, difference
    own = "a database of its own: seeded_db, or a seeded_database(...) of scope function"
    raise pytest.fail.Exception(
        f"{wider.fixture}: {difference}\nIt changed after {wider.changed_after}. "
        + (
            f"What is committed on another connection than that of {wider.fixture}.engine, or by a COMMIT in SQL, is "
            f"not undone: such a test wants {own}."
            if wider.shared is not None
            else f"A test that writes wants {own}; or let {wider.fixture} be a seeded_database(...) that has "
            "rolled_back=True, or check=False where tests may change it for others."
        ),
        pytrace=False,
    ) from None


def _count_after(wider: WiderDatabase) -> None:
    """Verify the counts if a test has used the database since the last count: wider fixtures may change it next."""
    if wider.counted or wider.moved or not wider.declaration.check or wider.changed_after is not None:
        return
    try:
        wider.database.verify()
    except CountError as error:
        wider.changed_after, wider.difference = wider.last_test, str(error)
    wider.counted = True


def _end(state: SessionState, item: pytest.Item) -> None:
    """End the isolation of a test whose own fixtures have been torn down."""
    warnings: list[str] = []
    for wider in wider_databases_of(state, item):
        wider.last_test = item.nodeid
        if wider.connection is not None and wider.shared is not None:
            wider.connection = None
            end_state = wider.shared.end()
            warnings += filter(None, (end_state.warning, end_state.differs))
        if _may_tear_down(item, state.following):
            with without_traceback():
                _count_after(wider)
    # After the loop: a warning may be raised as an error, and every database has to be ended.
    with without_traceback():
        for warning in warnings:
            item.warn(SupaseedWarning(warning))


def _may_tear_down(item: pytest.Item, following: pytest.Item | None) -> bool:
    """Whether a fixture of wider scope may be torn down, and change databases, before the next test."""
    if following is None:
        return False
    if item.listchain()[:-1] != following.listchain()[:-1]:
        return True
    # A parametrized fixture of wider scope; the scopes of parameters are private to pytest.
    return any(
        str(getattr(scope, "value", scope)) != "function"
        for each in (item, following)
        for scope in getattr(getattr(each, "callspec", None), "_arg2scope", {}).values()
    )


class WiderFixtures:
    """The hooks that attribute changes of databases of wider scope to fixtures of wider scope."""

    def __init__(self, state: SessionState) -> None:
        self._state = state

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, Any, Any]:
        """Accept the changes of a fixture of wider scope as part of these databases."""
        if not self._state.wider_databases or request.scope == "function":
            return (yield)
        return (yield from set_up_wider(self._state, fixturedef.argname))

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_post_finalizer(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> None:
        """Note that a fixture of wider scope may have changed databases in its teardown."""
        if (
            self._state.wider_databases
            and request.scope != "function"
            and fixturedef.cached_result is not None
        ):
            torn_down_wider(self._state)


def set_up_wider(state: SessionState, fixture: str) -> Generator[None, Any, Any]:
    """Accept the changes that a fixture of wider scope makes to databases of wider scope while it is set up.

    Yields:
        Once, for the fixture to be set up.
    """
    item, earlier = state.begun, list(state.wider_databases)
    # A test is isolated already only if the fixture was requested by getfixturevalue().
    isolated = (
        [each for each in wider_databases_of(state, item) if each.connection and each.shared] if item else []
    )
    paused = [each for each in isolated if each.shared is not None and each.shared.pause()]
    held = [(each, each.database.counts()) for each in isolated if each not in paused]
    for wider in earlier:
        if wider not in isolated:
            _count_after(wider)
    running, state.running = state.running, None
    try:
        return (yield)
    finally:
        state.running = running
        for wider in earlier:
            wider.moved = True
        for wider in paused:
            assert wider.shared is not None  # noqa: S101 for the type checker
            wider.shared.resume()
            wider.database.accept_counts(wider.shared.expected)
            wider.moved = False
        for wider, counts in held:
            if item is not None and wider.database.counts() != counts:
                item.warn(SupaseedWarning(_LATE.format(fixture, wider.fixture, item.nodeid)))


def committed(state: SessionState, wider: WiderDatabase, connection: object) -> None:
    """Warn of a test that commits on a rolled-back database of wider scope that it does not name, and note its use.

    Args:
        state: of the session.
        wider: the database.
        connection: passed by SQLAlchemy's event, and ignored.
    """
    item = state.running
    if item is None or wider.connection is not None or wider in wider_databases_of(state, item):
        return
    warned_before = wider.last_test == item.nodeid
    wider.last_test, wider.counted = item.nodeid, False
    if wider.shared is not None and not warned_before:
        item.warn(SupaseedWarning(_UNNAMED.format(item.nodeid, wider.fixture)))


def torn_down_wider(state: SessionState) -> None:
    """Note that a fixture of wider scope may have changed databases of wider scope in its teardown."""
    for wider in state.wider_databases:
        wider.moved = True
