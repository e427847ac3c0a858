"""The fixture factory :func:`seeded_database`, and the isolation of tests on its databases of wider scope.

The returned fixture carries its arguments as a declaration, which :mod:`~pytest_supaseed.plugin.items` checks after
collection.

Changes that fixtures of wider scope make to a database that outlives a test belong to the rows that the next test
finds. The changes of a test itself are undone, or reported as an error, or, with ``check=False``, left to the next
test. The fixture ``_supaseed_turn`` counts rows or begins a transaction before a test, and counts or rolls back after
it; :class:`WiderFixtures` and :func:`committed` tell changes of wider fixtures and of other tests apart.
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
from pytest_supaseed.plugin.provisioning import loaded_schema
from pytest_supaseed.plugin.running import session_state
from pytest_supaseed.plugin.state import NO_USES, USES, Declared, Lasting, SessionState, told
from pytest_supaseed.spec import ConfigurationFile

if TYPE_CHECKING:
    from pytest_supaseed.session.provide import Provider
    from pytest_supaseed.session.seeded import SeededDatabase


_LATE = (
    "{0}, which outlives the test, worked on {1} when {2} had written to it: what {0} has written is undone with "
    "what the test has. Name {0} among the arguments of the test, so that it is set up before."
)
_UNNAMED = (
    "{0} has committed on {1}, which has rolled_back=True, and has not named it among its arguments or those of its "
    "fixtures: that is not undone. Name {1} there, rather than in getfixturevalue()."
)


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


@pytest.fixture
def _supaseed_turn(request: pytest.FixtureRequest) -> Iterator[None]:
    """Isolate the test on the databases of wider scope that it uses."""
    state, item = session_state(request.config), request.node
    state.begun = item
    try:
        with told():
            for lasting in _used(state, item):
                if lasting.difference and lasting.moved:
                    _refuse(lasting, lasting.difference)
                if lasting.shared is None:
                    _count_before(lasting)
                else:
                    _begin(lasting, item)
                lasting.moved = lasting.counted = False
                lasting.changed_after, lasting.difference = None, ""
        yield
    finally:
        state.begun = None
        _end(state, item)


def _used(state: SessionState, item: pytest.Item) -> Iterator[Lasting]:
    """The databases of wider scope that a test uses and that exist already."""
    declared = [each for _, each in item.stash.get(USES, NO_USES).declared]
    nodes = item.listchain()
    return (each for each in state.lasting if each.node in nodes and each.declared in declared)


def _count_before(lasting: Lasting) -> None:
    """Verify the counts of a database that is not rolled back, or accept them after changes of wider fixtures."""
    if not lasting.declared.check:
        return
    if lasting.moved:
        lasting.database.settle()
    elif not lasting.counted or lasting.changed_after is not None:
        try:
            lasting.database.verify()
        except CountError as error:
            _refuse(lasting, str(error))


def _begin(lasting: Lasting, item: pytest.Item) -> None:
    """Begin the transaction that is undone after the test; its first round trip also counts the rows."""
    from psycopg2 import Error

    assert lasting.shared is not None  # noqa: S101 for the type checker
    accept = lasting.moved or not lasting.declared.check
    try:
        lasting.connection = lasting.shared.begin_lasting(
            item.nodeid, lasting.database.reason, moved=lasting.moved, accept=accept
        )
    except CountError as error:
        _refuse(lasting, str(error))
    except Error as error:
        raise SeedError(
            f"{lasting.fixture}: what fixtures of wider scope have done cannot be committed: {str(error).strip()}"
        ) from error
    if accept:
        lasting.database.settle(lasting.shared.expected)


def _refuse(lasting: Lasting, difference: str) -> None:
    # Kept, so that a wider fixture that changes the database next does not turn the difference into expected rows.
    lasting.changed_after, lasting.difference = lasting.changed_after or lasting.last_test, difference
    own = "a database of its own: seeded_db, or a seeded_database(...) of scope function"
    raise pytest.fail.Exception(
        f"{lasting.fixture}: {difference}\nIt changed after {lasting.changed_after}. "
        + (
            f"What is committed on another connection than that of {lasting.fixture}.engine, or by a COMMIT in SQL, is "
            f"not undone: such a test wants {own}."
            if lasting.shared is not None
            else f"A test that writes wants {own}; or let {lasting.fixture} be a seeded_database(...) that has "
            "rolled_back=True, or check=False where tests may change it for others."
        ),
        pytrace=False,
    ) from None


def _count_after(lasting: Lasting) -> None:
    """Verify the counts if a test has used the database since the last count: wider fixtures may change it next."""
    if lasting.counted or lasting.moved or not lasting.declared.check or lasting.changed_after is not None:
        return
    try:
        lasting.database.verify()
    except CountError as error:
        lasting.changed_after, lasting.difference = lasting.last_test, str(error)
    lasting.counted = True


def _end(state: SessionState, item: pytest.Item) -> None:
    """End the isolation of a test whose own fixtures have been torn down."""
    warnings: list[str] = []
    for lasting in _used(state, item):
        lasting.last_test = item.nodeid
        if lasting.connection is not None and lasting.shared is not None:
            lasting.connection = None
            ended = lasting.shared.end()
            warnings += filter(None, (ended.warning, ended.differs))
        if _may_tear_down(item, state.following):
            with told():
                _count_after(lasting)
    # After the loop: a warning may be raised as an error, and every database has to be ended.
    with told():
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
        if not self._state.lasting or request.scope == "function":
            return (yield)
        return (yield from set_up_wider(self._state, fixturedef.argname))

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_post_finalizer(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> None:
        """Note that a fixture of wider scope may have changed databases in its teardown."""
        if self._state.lasting and request.scope != "function" and fixturedef.cached_result is not None:
            torn_down_wider(self._state)


def set_up_wider(state: SessionState, fixture: str) -> Generator[None, Any, Any]:
    """Accept the changes that a fixture of wider scope makes to databases of wider scope while it is set up.

    Yields:
        Once, for the fixture to be set up.
    """
    item, earlier = state.begun, list(state.lasting)
    # A test is isolated already only if the fixture was requested by getfixturevalue().
    turns = [each for each in _used(state, item) if each.connection and each.shared] if item else []
    paused = [each for each in turns if each.shared is not None and each.shared.pause()]
    held = [(each, each.database.counts()) for each in turns if each not in paused]
    for lasting in earlier:
        if lasting not in turns:
            _count_after(lasting)
    running, state.running = state.running, None
    try:
        return (yield)
    finally:
        state.running = running
        for lasting in earlier:
            lasting.moved = True
        for lasting in paused:
            assert lasting.shared is not None  # noqa: S101 for the type checker
            lasting.shared.resume()
            lasting.database.settle(lasting.shared.expected)
            lasting.moved = False
        for lasting, counts in held:
            if item is not None and lasting.database.counts() != counts:
                item.warn(SupaseedWarning(_LATE.format(fixture, lasting.fixture, item.nodeid)))


def committed(state: SessionState, lasting: Lasting, connection: object) -> None:
    """Warn of a test that commits on a rolled-back database of wider scope that it does not name, and note its use.

    Args:
        state: of the session.
        lasting: the database.
        connection: passed by SQLAlchemy's event, and ignored.
    """
    item = state.running
    if item is None or lasting.connection is not None or lasting in _used(state, item):
        return
    told_before = lasting.last_test == item.nodeid
    lasting.last_test, lasting.counted = item.nodeid, False
    if lasting.shared is not None and not told_before:
        item.warn(SupaseedWarning(_UNNAMED.format(item.nodeid, lasting.fixture)))


def torn_down_wider(state: SessionState) -> None:
    """Note that a fixture of wider scope may have changed databases of wider scope in its teardown."""
    for lasting in state.lasting:
        lasting.moved = True
