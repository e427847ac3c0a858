"""Django's tests under pytest-django, each on the database that its markers ask for.

A plugin that is registered where ``supaseed_schema`` names Django. Its :func:`django_db_setup` takes the place of
pytest-django's, and points Django at a database with the migrated schema, on which tests without a marker work.
What a test asks for is read by :mod:`~pytest_supaseed.plugin.django_items`. A fixture before all others of a test
(:func:`of_test`), or of a class (:func:`of_class`), points Django at the seeded database: a shared one, where Django's
``atomic`` undoes the test, or one of the test's own.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pytest_supaseed.errors import ConfigError, CountError, SupaseedWarning
from pytest_supaseed.plugin.django_items import OF_CLASS, OF_TEST, USE, DjangoUse, databases_of
from pytest_supaseed.plugin.internals import tear_down_class
from pytest_supaseed.plugin.keeping import end_database, is_committed
from pytest_supaseed.plugin.state import DATABASE, DJANGO_SETTINGS, SHARED, USES, without_traceback

if TYPE_CHECKING:
    from sqlalchemy import URL

    from pytest_supaseed.plugin.state import PreparedSeed
    from pytest_supaseed.session.seeded import SeededDatabase
    from pytest_supaseed.session.session_server import SessionServer
    from pytest_supaseed.session.template import SchemaTemplate
    from pytest_supaseed.session.visited import Checkpoint, VisitedDatabase
    from pytest_supaseed.sources.django.connections import Pointer

_OWN = "@pytest.mark.django_db(transaction=True), or django.test.TransactionTestCase"
# Each takes memory and a connection.
_MOST_SHARED = 16
_REUSED = (
    "--reuse-db changes nothing: the migrated schema is kept between sessions in any case, and each test works in a "
    "copy of it. --create-db runs the migrations again"
)


@dataclass
class _Databases:
    """The databases of Django's tests.

    Attributes:
        template: of the schema.
        base: with the schema as it was loaded, and what fixtures of wider scope have added.
        pointer: points Django at one of them.
        parameters: returns the parameters of a connection to a database.
        current: the database that Django is pointed at.
        shared: by template and spec, the seeded databases that tests share.
        dropped: whether the running test's database is dropped after it.
        seeded: whether the running test's database holds rows of a seed.
        visited: the database of the running ``TestCase`` class.
        checkpoint: what each method of that class is to find; None before the first.
        spoilt: whether a method of that class has found other rows.
        first: the database of a ``TransactionTestCase`` class's first test; None when it has been handed out.
        failed: the method of the running ``TestCase`` class that has failed and was committed; None for none.
    """

    template: SchemaTemplate
    base: SeededDatabase
    pointer: Pointer
    parameters: Any
    current: SeededDatabase
    shared: dict[tuple[int, str], tuple[SchemaTemplate, VisitedDatabase]] = field(default_factory=dict)
    dropped: bool = False
    seeded: bool = False
    visited: VisitedDatabase | None = None
    checkpoint: Checkpoint | None = None
    spoilt: bool = False
    first: tuple[SchemaTemplate, SeededDatabase] | None = None
    failed: pytest.Item | None = None

    def point(self, database: SeededDatabase) -> None:
        """Point Django at a database."""
        if self.pointer.name != database.url.database:
            self.pointer.point(self.parameters(database.url))
        self.current = database

    def leave(self) -> None:
        """Point Django at the database of tests without a marker."""
        if not self.pointer.in_transaction:
            self.seeded = False
            self.point(self.base)

    def of(self, prepared: PreparedSeed) -> VisitedDatabase:
        """Return the shared database for a prepared seed."""
        from pytest_supaseed.session.visited import VisitedDatabase

        key = id(prepared.template), prepared.spec.fingerprint.text
        found = self.shared.pop(key, None)
        if found is None:
            if len(self.shared) >= _MOST_SHARED:
                self._drop(next(iter(self.shared)))
            found = prepared.template, VisitedDatabase(prepared.template.own(prepared.spec), _OWN)
        # The last is the one that was used last.
        self.shared[key] = found
        return found[1]

    def begin(self, prepared: PreparedSeed, test: str) -> VisitedDatabase:
        """Return the shared database for a prepared seed, with the rows that a test is to find."""
        from psycopg2 import Error
        from sqlalchemy.exc import DBAPIError

        from pytest_supaseed.postgres.databases.driver_errors import connection_ended

        visited = self.of(prepared)
        try:
            visited.begin(test)
        except CountError:
            self.discard(visited)
            raise
        except (Error, DBAPIError) as error:
            if not connection_ended(error):
                raise
            # The server has restarted, or has ended the connection.
            self.discard(visited)
            visited = self.of(prepared)
            visited.begin(test)
        self.seeded = True
        self.point(visited.database)
        return visited

    def begin_method(self, test: str, what: str) -> None:
        """Check the rows that a method of a ``TestCase`` class is to find: what the class has set up.

        Args:
            test: the id of the method's test.
            what: whose rows they are, for the message.
        """
        assert self.visited is not None  # noqa: S101 for the type checker
        if self.checkpoint is None:
            self.checkpoint = self.visited.checkpoint(self.pointer.execute, test)
            return
        try:
            self.checkpoint.begin(self.pointer.execute, test, what)
        except CountError:
            self.spoilt = True
            raise

    def discard(self, visited: VisitedDatabase) -> None:
        """Drop a shared database, so that the next test gets another."""
        for key, (_, found) in tuple(self.shared.items()):
            if found is visited:
                self._drop(key)

    def _drop(self, key: tuple[int, str]) -> None:
        template, visited = self._withdraw(key)
        template.drop(visited.database)

    def _withdraw(self, key: tuple[int, str]) -> tuple[SchemaTemplate, VisitedDatabase]:
        template, visited = self.shared.pop(key)
        if self.pointer.name == visited.name:
            self.leave()
        return template, visited

    def end_kept(self, test: pytest.Item, visited: VisitedDatabase) -> None:
        """Hand over a shared database on which a failing test was committed, so that the next test gets another."""
        for key, (_, found) in tuple(self.shared.items()):
            if found is visited:
                template, _ = self._withdraw(key)
                end_database(test, template, visited.database)

    def copy_of_base(self) -> SeededDatabase:
        """Return a new database with what tests without a marker find."""
        self.pointer.close()
        return self.template.copied(self.base)

    def close(self) -> None:
        """Point Django at the database of the settings again, and drop the others."""
        self.pointer.restore()
        for template, visited in self.shared.values():
            template.drop(visited.database)
        self.template.drop(self.base)


class _DjangoTransaction:
    """The transaction of a test that Django rolls back, as far as a failing test is kept.

    Attributes:
        ends_with_call: whether what the test has done is undone at the end of its call: a method of a ``TestCase``.
        ended: whether that is so by now.
    """

    def __init__(self, databases: _Databases, visited: VisitedDatabase) -> None:
        self._databases = databases
        self._visited = visited
        self.ends_with_call = databases.visited is not None
        self.ended = False

    @property
    def url(self) -> URL:
        """The URL of the database."""
        return self._visited.database.url

    @property
    def in_use(self) -> bool:
        """Whether the test can be committed in place."""
        return not self.ended and self._databases.pointer.in_transaction

    def keep(self) -> str:
        """Commit what the test has done; return in words what the database holds."""
        reason = self._databases.pointer.keep()
        return f"as the test has found it: {reason}" if reason else "as it was when the test failed"


_DATABASES: pytest.StashKey[_Databases] = pytest.StashKey()


def _databases(config: pytest.Config) -> _Databases:
    """Return the databases of the session.

    Raises:
        ConfigError: a conftest has put another fixture in the place of this plugin's.
    """
    found = config.stash.get(_DATABASES, None)
    if found is None:
        raise ConfigError(
            "django_db_setup is overridden by a fixture that does not request the one that it overrides, so that the "
            "databases of supaseed_schema = django are not set up: write def django_db_setup(django_db_setup): ..., or "
            "leave it out"
        )
    return found


def is_anew(config: pytest.Config) -> bool:
    """Whether the migrations are run again, although an earlier session has kept what they made."""
    return bool(config.getoption("create_db", False))


def loading(config: pytest.Config) -> AbstractContextManager[None]:
    """Return a context in which pytest-django lets Django connect."""
    from pytest_django.plugin import blocking_manager_key

    blocker = config.stash.get(blocking_manager_key, None)
    found: AbstractContextManager[None] = blocker.unblock() if blocker is not None else nullcontext()
    return found


@pytest.fixture(scope="session", name=DJANGO_SETTINGS)
def settings(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_use_migrations: bool,
    django_db_keepdb: bool,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """The settings that decide how the schema is made: those of pytest-django's options and fixtures."""
    from pytest_supaseed.plugin.running import session_state
    from pytest_supaseed.sources.django.project import unused_settings, without_migrations

    notices = session_state(request.config).notices
    if django_db_keepdb and not is_anew(request.config):
        notices.append(_REUSED)
    for key in unused_settings():
        notices.append(
            f'DATABASES["default"]["TEST"]["{key}"] changes nothing: the database of the tests is made by this plugin'
        )
    with nullcontext() if django_db_use_migrations else without_migrations():
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    _supaseed_django_settings: None,
    _supaseed_provided: SessionServer,
    supaseed_schema: object,
    supaseed_generators: Mapping[str, Any],
) -> Iterator[None]:
    """Point Django at a database with the migrated schema."""
    from functools import partial

    from pytest_supaseed import connecting
    from pytest_supaseed.plugin.provisioning import schema_template
    from pytest_supaseed.plugin.running import session_state
    from pytest_supaseed.sources.django.connections import Pointer
    from pytest_supaseed.sources.django.testcases import without_flush
    from pytest_supaseed.spec import SeedSpec

    environment = session_state(request.config).settings.libpq_environment
    with without_traceback():
        template = schema_template(request, _supaseed_provided, supaseed_schema, supaseed_generators)
        parameters = partial(connecting.parameters, environment=environment)
        base = template.own(SeedSpec())
        databases = _Databases(template, base, Pointer(), parameters, base)
    request.config.stash[_DATABASES] = databases
    databases.point(databases.base)
    aliases = databases.pointer.aliases
    with (
        _others(request, _supaseed_provided, parameters, aliases),
        without_flush(
            lambda: aliases if databases.dropped else (), lambda: aliases if databases.seeded else ()
        ),
    ):
        yield
    del request.config.stash[_DATABASES]
    with without_traceback():
        databases.close()


@contextmanager
def _others(
    request: pytest.FixtureRequest,
    server: SessionServer,
    parameters: Callable[[URL], Mapping[str, Any]],
    served: Sequence[str],
) -> Iterator[None]:
    """Make the other databases that tests name: those of PostgreSQL beside the seeded one, all others as Django does.

    Args:
        request: of the fixture.
        server: the session server.
        parameters: returns the parameters of a connection to a database.
        served: the aliases that are pointed at seeded databases.
    """
    named = frozenset[str]().union(*map(databases_of, request.session.items))
    with ExitStack() as made:
        for alias in sorted(named.difference(served)):
            with without_traceback():
                made.enter_context(_other(request, server, parameters, alias))
        yield


@contextmanager
def _other(
    request: pytest.FixtureRequest,
    server: SessionServer,
    parameters: Callable[[URL], Mapping[str, Any]],
    alias: str,
) -> Iterator[None]:
    """Make another database, with what the migrations put there."""
    from django.db import connections

    from pytest_supaseed.sources.django.connections import Pointer
    from pytest_supaseed.sources.django.project import KIND, read_project
    from pytest_supaseed.sources.source import from_project
    from pytest_supaseed.spec import SeedSpec

    connection = connections[alias]
    if connection.vendor != "postgresql":
        name = connection.settings_dict["NAME"]
        with loading(request.config):
            connection.creation.create_test_db(verbosity=0, autoclobber=True)
        yield
        with loading(request.config):
            connection.creation.destroy_test_db(name, verbosity=0)
        return
    root = request.config.rootpath
    source = from_project(f"django:{alias}", KIND, read_project(alias), root)
    template = server.template(source, {}, root, ())
    database, pointer = template.own(SeedSpec()), Pointer(alias)
    pointer.point(parameters(database.url))
    yield
    pointer.restore()
    template.drop(database)


@pytest.fixture(scope="class", name=OF_CLASS)
def of_class(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    supaseed_schema: object,
    supaseed_generators: Mapping[str, Any],
) -> Iterator[None]:
    """The database of a class of Django's test cases, before Django sets the class up."""
    from pytest_supaseed.plugin.provisioning import prepared_seed
    from pytest_supaseed.plugin.running import session_state

    item = session_state(request.config).running
    with without_traceback():
        databases = _databases(request.config)
    assert item is not None  # noqa: S101 for the type checker
    use = item.stash[USE]
    with without_traceback():
        prepared = None
        if use.seeded:
            prepared = prepared_seed(request, supaseed_schema, supaseed_generators, item)
        if use.early:
            template = prepared.template if prepared is not None else databases.template
            made = databases.copy_of_base() if prepared is None else template.own(prepared.spec)
            databases.first, databases.seeded = (template, made), use.seeded
            databases.point(made)
        elif prepared is not None:
            databases.visited = databases.begin(prepared, request.node.nodeid)
            databases.checkpoint = None
    yield
    if databases.failed is not None and databases.visited is not None:
        databases.end_kept(databases.failed, databases.visited)
    elif databases.spoilt and databases.visited is not None:
        databases.discard(databases.visited)
    databases.visited = databases.checkpoint = databases.failed = None
    databases.spoilt = False
    if databases.first is not None:
        # No test has run.
        template, made = databases.first
        databases.first = None
        databases.leave()
        template.drop(made)


@pytest.fixture(name=OF_TEST)
def of_test(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    supaseed_schema: object,
    supaseed_generators: Mapping[str, Any],
) -> Iterator[None]:
    """The database of a test, before Django and the test's fixtures use it."""
    from pytest_supaseed.plugin.provisioning import begin_test

    with without_traceback():
        databases, use = _databases(request.config), request.node.stash[USE]
    if use.own:
        yield from _own(request, databases, use)
        return
    test = request.node.nodeid
    with without_traceback():
        prepared = begin_test(request, supaseed_schema, supaseed_generators)
        if databases.visited is None:
            visited = databases.begin(prepared, test)
        else:
            visited = databases.visited
            databases.begin_method(test, f"What {request.cls.__name__} has set up in {prepared.spec}")
        request.node.stash[SHARED] = prepared.template, _DjangoTransaction(databases, visited)
    yield
    if is_committed(request.node):
        if databases.visited is not None:
            # Its class has the transaction open.
            databases.failed = request.node
        else:
            databases.end_kept(request.node, visited)
    elif "transactional_db" in request.fixturenames:
        # Requested by getfixturevalue(): Django has flushed the database.
        databases.discard(visited)


def _own(request: pytest.FixtureRequest, databases: _Databases, use: DjangoUse) -> Iterator[None]:
    """Have a test work on a database of its own."""
    with without_traceback():
        made: tuple[SchemaTemplate, SeededDatabase] | None = None
        if databases.first is not None:
            made, databases.first = databases.first, None
        elif not use.seeded and not request.node.stash[USES].own_database:
            made = databases.template, databases.copy_of_base()
        database = request.getfixturevalue(DATABASE) if made is None else made[1]
        databases.dropped, databases.seeded = True, use.seeded
        databases.point(database)
    yield
    databases.dropped = False
    # Those of all threads, before the database is dropped.
    databases.pointer.close()
    databases.leave()
    if made is not None:
        with without_traceback():
            left = end_database(request.node, made[0], database)
        if left:
            from pytest_supaseed.reports.text import left_connections

            request.node.warn(SupaseedWarning(left_connections(request.node.nodeid, left)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Have fixtures of wider scope find the database of tests without a marker, before one of these tests."""
    use, databases = item.stash.get(USE, None), item.config.stash.get(_DATABASES, None)
    if databases is not None and databases.visited is None and not (use and use.seeded):
        databases.leave()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Have a ``TestCase`` class set up anew, on another database, where a method was committed with what is set up."""
    use = item.stash.get(USE, None)
    if use is not None and use.test_case and is_committed(item):
        tear_down_class(item)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    """Have fixtures of wider scope than a test work on the database of tests without a marker."""
    databases = request.config.stash.get(_DATABASES, None)
    if (
        databases is None
        or request.scope == "function"
        or databases.visited is not None
        or databases.first is not None
        or fixturedef.argname == OF_CLASS
    ):
        return (yield)
    current, seeded = databases.current, databases.seeded
    databases.leave()
    try:
        return (yield)
    finally:
        if databases.current is not current:
            # Requested by a test that has begun, as the event loop's fixtures are.
            databases.point(current)
            databases.seeded = seeded
        # Finalizers run in the reverse order: this one before that of the fixture.
        fixturedef.addfinalizer(databases.leave)
