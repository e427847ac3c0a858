"""The state of a session and of its tests, where pytest keeps it, and the report of errors to pytest.

:class:`SessionState` is the one object of a session; the other classes are its parts. pytest keeps them under the stash
keys. Errors of the user are reported within :func:`without_traceback`.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from pytest_supaseed.errors import OutageError, SeedError, SupaseedWarning
from pytest_supaseed.session.turn import Turn
from pytest_supaseed.wording import printable, redacted

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

    from pytest_supaseed.factories import RowFactory
    from pytest_supaseed.markers import Arguments, Suite
    from pytest_supaseed.planning.plan import Plan
    from pytest_supaseed.postgres.databases.isolation import SharedDatabase
    from pytest_supaseed.postgres.server.programs import Installation
    from pytest_supaseed.postgres.server.server import ServerSettings
    from pytest_supaseed.session.address import AddressedDatabase
    from pytest_supaseed.session.kept import Shown
    from pytest_supaseed.session.seeded import SeededDatabase
    from pytest_supaseed.session.session_server import SessionServer
    from pytest_supaseed.session.template import SchemaTemplate, Terminal
    from pytest_supaseed.settings import Run, Settings
    from pytest_supaseed.sources.inputs import Recorder
    from pytest_supaseed.spec import SeedSpec


STATE: pytest.StashKey[SessionState] = pytest.StashKey()
# Set before the first conftest.py is loaded.
RECORDER: pytest.StashKey[Recorder] = pytest.StashKey()
ASKED: pytest.StashKey[SeedSpec] = pytest.StashKey()
# The number of all markers that a test had when its spec was read.
MARKERS: pytest.StashKey[int] = pytest.StashKey()
START_STATE: pytest.StashKey[StartState] = pytest.StashKey()
USES: pytest.StashKey[Uses] = pytest.StashKey()
# Schema, spec and limit of a test whose seed is to be made before its own fixtures.
EARLY_SEED: pytest.StashKey[tuple[object, str, int]] = pytest.StashKey()
# The plans that --supaseed-plan prints for the test, with the name of the fixture that asks; empty for the test itself.
PLANNED: pytest.StashKey[list[tuple[str, Plan]]] = pytest.StashKey()
# Whether the fixture SEEDED was added to a test that has a marker and no fixture of the plugin.
ADDED: pytest.StashKey[bool] = pytest.StashKey()
# The database behind the stable address while the test runs.
ADDRESSED: pytest.StashKey[AddressedDatabase] = pytest.StashKey()
# True once the test has a database of its own, False once a shared connection rules that out.
OWN_DATABASE: pytest.StashKey[bool] = pytest.StashKey()
# The fixture whose connection works on the shared database; a second one would see another transaction.
CLAIM: pytest.StashKey[str] = pytest.StashKey()
# The database of a test's own.
OWN: pytest.StashKey[SeededDatabase] = pytest.StashKey()
# What commits the work of an async test on its shared database.
CHANNEL: pytest.StashKey[Keeping] = pytest.StashKey()
# The shared database of a test that is rolled back, and the schema template that it was cloned from.
SHARED: pytest.StashKey[tuple[SchemaTemplate, RolledBack]] = pytest.StashKey()
# Private fixtures do the work, and a public one requests no other public one but supaseed_schema and
# supaseed_generators, because a project may define fixtures of the same names that give something else.
FIXTURES = "pytest_supaseed.plugin.fixtures"
DATABASE = "_supaseed_database"
CONNECTION = "_supaseed_connection"
ASYNC_DATABASE = "_supaseed_async_database"
ASYNC_CONNECTION = "_supaseed_async_connection"
PSYCOPG = "_supaseed_psycopg"
ASYNC_PSYCOPG = "_supaseed_async_psycopg"
SEEDED = "_supaseed_seeded"
ADDRESS = "seeded_address"
# The fixture that leads the address to the test's database, and the one that raises what is wrong with its rows.
LEADING, CHECKED = "_supaseed_leading", "_supaseed_checked"
# The fixture that isolates a test on databases of wider scope: the first of its function-scoped fixtures, so that it is
# torn down last.
ISOLATION = "_supaseed_isolation"
# The plugin of Django's tests, registered where the schema is a Django project's and pytest-django is there.
DJANGO = "supaseed_django"
# The plugin that records what tests are given, registered for --supaseed-report.
REPORTING = "supaseed_reporting"
DJANGO_TOO_LATE = (
    "the fixture supaseed_schema gives 'django', which has to be known before the tests are collected: write "
    "supaseed_schema = django into the ini"
)
DJANGO_SETTINGS = "_supaseed_django_settings"


class RolledBack(Protocol):
    """A database on which a test works that is rolled back."""

    @property
    def url(self) -> URL:
        """The URL of the database."""

    @property
    def in_use(self) -> bool:
        """Whether the test works on it, and what it has done can be committed."""

    def keep(self) -> str:
        """Commit what the test has done, after which no other test can use the database; say what it holds."""


class Keeping(Protocol):
    """What undoes the work of an async test in part, or commits it when the test fails, for its database to be kept.

    The methods that commit return in words what the database holds from now on, None where there is nothing to commit.
    """

    def block(self) -> AbstractAsyncContextManager[None]:
        """Undo in the end what the test does in the block."""

    async def keep_here(self) -> str | None:
        """Commit it, in the event loop in which the test works."""

    def keep(self) -> str | None:
        """Commit it, from outside of the loops."""


@dataclass(frozen=True, eq=False)
class FixtureDeclaration:
    """The declaration of a fixture: the arguments of a ``seeded_database(...)``, checked after collection.

    Attributes:
        seed: as the marker ``seed`` takes them.
        options: as the marker ``seed_options`` takes them.
        file: the file of the call.
        line: its line.
        scope: of the fixture, as ``pytest.fixture`` takes it.
        check: whether a test that finds other numbers of rows than expected is an error.
        rolled_back: whether the changes of a test are undone after it.
    """

    seed: Arguments
    options: Arguments
    file: Path
    line: int
    scope: Any = "function"
    check: Any = True
    rolled_back: Any = False

    def place(self, root: Path) -> str:
        """Return file and line of the call, relative to pytest's rootdir, as messages name them."""
        inside = self.file.is_relative_to(root)
        return f"{self.file.relative_to(root) if inside else self.file}:{self.line}"


@dataclass
class WiderDatabase:
    """A database of wider scope: one of a ``seeded_database(...)`` that outlives a test.

    Attributes:
        fixture: the name of the fixture.
        declaration: its declaration.
        node: the session, package, module or class that it belongs to.
        database: the database.
        shared: the isolation of tests on it; None where their changes are not undone.
        connection: of the running test, where its changes are undone; None between tests.
        last_test: the last test that used it.
        counted: whether no test has used it since its rows were counted.
        moved: whether fixtures of wider scope may have changed it since its rows were counted.
        changed_after: the test after which its counts differed, None while they are as expected.
        difference: the difference, where it was found before fixtures of wider scope changed the database.
    """

    fixture: str
    declaration: FixtureDeclaration
    node: pytest.Collector | pytest.Session
    database: SeededDatabase
    shared: SharedDatabase | None = None
    connection: Connection | None = None
    last_test: str | None = None
    counted: bool = True
    moved: bool = False
    changed_after: str | None = None
    difference: str = ""


@dataclass(frozen=True)
class Uses:
    """The fixtures of this plugin that a test uses, directly or through other fixtures, under any name.

    Attributes:
        own_database: whether one of them gives the test a database of its own.
        connection: whether one of them works inside a transaction that is rolled back.
        declarations: names and declarations of the ``seeded_database(...)`` fixtures among them.
        address: whether one of them is ``seeded_address``.
        async_connection: whether an async one works inside a transaction that is rolled back.
        psycopg_shares: whether psycopg's connection is that of SQLAlchemy's, which the test uses as well.
    """

    own_database: bool = False
    connection: bool = False
    declarations: tuple[tuple[str, FixtureDeclaration], ...] = ()
    address: bool = False
    async_connection: bool = False
    psycopg_shares: bool = False


NO_USES = Uses()


@dataclass(frozen=True)
class StartState:
    """The start state of a test, for its report.

    Attributes:
        plan: returns the plan of its spec.
        counts: tables and their rows.
        version: of PostgreSQL.
    """

    plan: Callable[[], Plan]
    counts: list[tuple[str, int]]
    version: str


@dataclass(frozen=True)
class PreparedSeed:
    """A prepared seed, shared by tests with the same schema, generators and spec.

    Attributes:
        template: the schema template.
        spec: the spec; it is kept, so that its id() is not reused.
        warnings: of the spec, such as that it is near the limit.
        start_state: the start state of these tests.
        factories: factories of ``supaseed_generators``, and the rows of their tables.
    """

    template: SchemaTemplate
    spec: SeedSpec
    warnings: tuple[str, ...]
    start_state: StartState
    factories: tuple[tuple[RowFactory, int], ...] = ()


@dataclass(frozen=True)
class EndedDatabase:
    """A database that no test uses any more, and of which it is not known yet whether it is kept.

    Attributes:
        template: the schema template that it was cloned from.
        name: of the database.
        tests: the ids of the tests that it is kept for, if one of them has failed.
        state: in words, what it holds.
    """

    template: SchemaTemplate
    name: str
    tests: tuple[str, ...]
    state: str


@dataclass
class KeptState:
    """What is kept of failing tests in a session, see :mod:`~pytest_supaseed.plugin.keeping`.

    Attributes:
        failed: ids of tests that have failed.
        calling: the test whose call phase is running; None outside of one.
        committed: by test, what its shared database holds after what the test has done was committed there.
        ended: databases that no test uses any more.
        wider: by name of a database of wider scope, the ids of the tests that have failed on it.
        kept: by test, the schema template of the database of it that was kept.
        lost: by test, why no database of it was kept although it has failed.
        shown: by name, what was kept, for the end of the report.
        refused: ids of tests of which no database was kept, as there were enough.
        leave: leaves the server, after the report of the running teardown has told what is to be kept on it; None
            where it was left, or is still needed.
    """

    failed: set[str] = field(default_factory=set)
    calling: pytest.Item | None = None
    committed: dict[str, str] = field(default_factory=dict)
    ended: list[EndedDatabase] = field(default_factory=list)
    wider: dict[str, list[str]] = field(default_factory=dict)
    kept: dict[str, SchemaTemplate] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    shown: dict[str, Shown] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    leave: Callable[[], None] | None = None


@dataclass
class SessionState:
    """The state of a session.

    Attributes:
        settings: its settings.
        postgresql_options: returns the user's values of pytest-postgresql's options.
        installation: returns the PostgreSQL installation to run, which is looked for once.
        terminal: where a long seed shows its progress; None for nowhere.
        run: what the processes of this run share.
        suite: what the markers of all tests are merged with.
        specs: of the tests.
        added_specs: specs of markers that fixtures have added to running tests, by fingerprint and limit.
        factories: specs of the ``seeded_database(...)`` fixtures.
        wider_databases: databases of wider scope.
        running: the test in setup or call; None during teardown, and while a fixture of wider scope is set up.
        following: the test after the running one, None after the last.
        begun: the test whose isolation on databases of wider scope has begun: its fixtures of wider scope are set up.
        ignored: keys of configuration files that have no meaning here, by file.
        prepared_seeds: prepared seeds, by the ids of schema, generators and spec.
        next_own: specs of the databases that the next test will have as its own.
        proceed: advances the background work during tests; None without a server.
        interruption: words an interruption of the server that may have failed a test; None without a server.
        outages: by key, the test whose error shows the outage in full.
        notices: lines for the end of the report.
        unimportable: by dotted path, the errors of schema modules that could not be imported after collection.
        recorder: records the files that the process reads; None where no schema that is code is kept.
        tests: files of the selected tests.
        met: schema, spec and limit of tests so far: already seeded, or failed.
        read: whether the markers of the selected tests have been read.
        headed: whether the lines of the report header have been printed.
        turn: which thread works on the server.
        server: the session server, once it has been opened.
        on_close: what has to be undone when the session server is closed.
        kept: what is kept of failing tests; None for nothing.
    """

    settings: Settings
    postgresql_options: Callable[[], ServerSettings]
    installation: Callable[[], Installation]
    terminal: Terminal | None
    run: Run
    suite: Suite = field(init=False)
    specs: list[SeedSpec] = field(default_factory=list)
    added_specs: dict[tuple[str, int], SeedSpec] = field(default_factory=dict)
    factories: dict[FixtureDeclaration, SeedSpec] = field(default_factory=dict)
    wider_databases: list[WiderDatabase] = field(default_factory=list)
    running: pytest.Item | None = None
    following: pytest.Item | None = None
    begun: pytest.Item | None = None
    ignored: dict[str, tuple[str, ...]] = field(default_factory=dict)
    prepared_seeds: dict[tuple[int, int, int], PreparedSeed] = field(default_factory=dict)
    next_own: list[SeedSpec] = field(default_factory=list)
    proceed: Callable[[], None] | None = None
    interruption: Callable[[BaseException, bool], str | None] | None = None
    outages: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    unimportable: dict[str, SeedError] = field(default_factory=dict)
    recorder: Recorder | None = None
    tests: frozenset[str] = frozenset()
    met: set[tuple[object, str, int]] = field(default_factory=set)
    read: bool = False
    headed: bool = False
    turn: Turn = field(default_factory=Turn)
    server: SessionServer | None = None
    on_close: ExitStack = field(default_factory=ExitStack)
    kept: KeptState | None = None

    def close_server(self) -> None:
        """Close the session server, if there is one.

        Raises:
            ServerError: something could not be dropped or removed.
        """
        with self.turn:
            self.on_close.pop_all().close()


def wider_databases_of(state: SessionState, item: pytest.Item) -> Iterator[WiderDatabase]:
    """Yield the databases of wider scope that a test uses and that exist already."""
    if not state.wider_databases:
        return
    declarations = [each for _, each in item.stash.get(USES, NO_USES).declarations]
    nodes = item.listchain()
    for each in state.wider_databases:
        if each.node in nodes and each.declaration in declarations:
            yield each


@contextmanager
def garbage_collection_paused() -> Iterator[None]:
    """Pause garbage collection: an import leaves no garbage, and the search for it takes a tenth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class Outage(pytest.fail.Exception):  # type: ignore[misc, name-defined] # pytest makes it in a decorator
    """The error of a test without a server or a schema, which later tests meet, too; its message is shown once.

    Attributes:
        reference: the short text by which later errors refer to it.
        key: equal for errors of the same cause.
    """

    # As pytest does for its own exceptions, so that summaries name this one without a module.
    __module__ = "builtins"
    reference = key = ""


@contextmanager
def without_traceback() -> Iterator[None]:
    """Turn an error of the user's, or a warning raised as an error, into a failure without traceback."""
    try:
        yield
    except (SeedError, SupaseedWarning) as error:
        place = error.place if isinstance(error, SeedError) else ""
        text = printable(redacted(f"{error}{place}"))
        if isinstance(error, SupaseedWarning) or not error.reference:
            raise pytest.fail.Exception(text, pytrace=False) from None
        outage = Outage(text, pytrace=False)
        outage.reference = error.reference
        # What is said of an outage of the server differs from test to test.
        outage.key = error.reference if isinstance(error, OutageError) else text
        raise outage from None
