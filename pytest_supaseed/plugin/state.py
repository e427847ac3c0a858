"""What the plugin knows of a session and of its tests, and where pytest keeps it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_supaseed.errors import OutageError, SeedError, SupaseedWarning
from pytest_supaseed.plugin.markers import Arguments
from pytest_supaseed.redaction import redacted
from pytest_supaseed.settings import Run, Settings
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.wording import printable

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pytest_supaseed.planning.plan import SeedPlan
    from pytest_supaseed.postgres.databases.isolation import SharedDatabase
    from pytest_supaseed.postgres.server.server import ServerSettings
    from pytest_supaseed.session.progress import Terminal
    from pytest_supaseed.session.seeded import SeededDatabase
    from pytest_supaseed.session.template import LoadedSchema
    from pytest_supaseed.sources.inputs import Recorder


@dataclass(frozen=True, eq=False)
class Declared:
    """The arguments of a ``seeded_database(...)``, which are checked when the tests have been collected.

    Attributes:
        seed: as the marker ``seed`` takes them.
        options: as the marker ``seed_options`` takes them.
        file: the file of the call.
        line: its line.
        scope: of the fixture, as ``pytest.fixture`` takes it.
        check: whether tests are refused that find other numbers of rows than there should be.
        rolled_back: whether what a test does is undone after it.
    """

    seed: Arguments
    options: Arguments
    file: Path
    line: int
    scope: Any = "function"
    check: Any = True
    rolled_back: Any = False

    def place(self, root: Path) -> str:
        """File and line of the call, as messages name them.

        Args:
            root: pytest's rootdir.
        """
        inside = self.file.is_relative_to(root)
        return f"{self.file.relative_to(root) if inside else self.file}:{self.line}"


@dataclass
class Lasting:
    """A database of a ``seeded_database(...)`` that outlives a test.

    Attributes:
        fixture: the fixture's name.
        declared: its declaration.
        node: the session, package, module or class that it belongs to.
        database: the database.
        shared: the turns of the tests on it; None where what they do is not undone.
        connection: of the running test, where what it does is undone; None between tests.
        last_test: the test that used it last.
        counted: whether no test has used it since it was counted.
        moved: whether fixtures of wider scope may have worked on it since it was counted.
        changed_after: the test after which its counts had changed, None while they are as they were.
        difference: what had changed, where that was found before fixtures of wider scope worked on it.
    """

    fixture: str
    declared: Declared
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
    """The fixtures of ours that a test uses, itself or through other fixtures, whatever their names are.

    Attributes:
        own_database: whether one of them gives the test a database of its own.
        connection: whether one of them works inside a transaction that is rolled back.
        declared: the names of the ``seeded_database(...)`` among them, and what these declare.
    """

    own_database: bool = False
    connection: bool = False
    declared: tuple[tuple[str, Declared], ...] = ()


NO_USES = Uses()


@dataclass(frozen=True)
class Started:
    """What a test started with.

    Attributes:
        plan: plans its spec.
        counts: tables and their rows.
        version: PostgreSQL's.
    """

    plan: Callable[[], SeedPlan]
    counts: list[tuple[str, int]]
    version: str


@dataclass(frozen=True)
class Prepared:
    """What tests that ask for the same have in common, worked out for the first of them.

    Attributes:
        loaded: their schema.
        spec: what they ask for; it is kept, so that no other gets its id.
        warnings: that it asks for nearly too much, and what the user will want to change one day.
        started: what they start with.
    """

    loaded: LoadedSchema
    spec: SeedSpec
    warnings: tuple[str, ...]
    started: Started


@dataclass
class SessionState:
    """What the plugin knows of a session.

    Attributes:
        settings: its options.
        given: what the user gave to pytest-postgresql's options.
        pg_ctl: pytest-postgresql's ``postgresql_exec``, where the user gave it.
        terminal: where a long seed shows how far it is; None for nowhere.
        run: what the processes of this run have in common.
        specs: what its tests ask for.
        factories: what its ``seeded_database(...)`` ask for.
        lasting: databases that outlive a test.
        running: the test that is set up or run; None while it is torn down, and while a fixture is that outlives it.
        following: the test after the one that is run, None after the last.
        begun: the test that works on databases that outlive it: its fixtures of wider scope have been set up.
        ignored: keys of configuration files that mean nothing here, by file.
        prepared: by the ids of schema, generators and spec.
        next_own: what the tests that follow ask for as databases of their own.
        proceed: goes on with what is done while tests run; None where there is nothing.
        interruption: words what has happened to the server that a test has failed by; None where there is no server.
        outages: what keeps tests from working on the server, to the test whose error tells it.
        notices: lines for the end of the report.
        unimportable: why modules of the schema could not be imported when the tests had been collected, by their dotted
            paths.
        recorder: of what the process reads; None where nothing that depends on it is kept.
        tests: files of the selected tests.
        met: what earlier tests have asked for: it is seeded, or has failed.
    """

    settings: Settings
    given: Callable[[], ServerSettings]
    pg_ctl: str | None
    terminal: Terminal | None
    run: Run
    specs: list[SeedSpec] = field(default_factory=list)
    factories: dict[Declared, SeedSpec] = field(default_factory=dict)
    lasting: list[Lasting] = field(default_factory=list)
    running: pytest.Item | None = None
    following: pytest.Item | None = None
    begun: pytest.Item | None = None
    ignored: dict[str, tuple[str, ...]] = field(default_factory=dict)
    prepared: dict[tuple[int, int, int], Prepared] = field(default_factory=dict)
    next_own: list[SeedSpec] = field(default_factory=list)
    proceed: Callable[[], None] | None = None
    interruption: Callable[[BaseException, bool], str | None] | None = None
    outages: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    unimportable: dict[str, SeedError] = field(default_factory=dict)
    recorder: Recorder | None = None
    tests: frozenset[str] = frozenset()
    met: set[tuple[object, str, int]] = field(default_factory=set)


STATE = pytest.StashKey[SessionState]()


# From before the first conftest.py on.
RECORDER = pytest.StashKey["Recorder"]()


ASKED = pytest.StashKey[SeedSpec]()


STARTED = pytest.StashKey[Started]()


USES = pytest.StashKey[Uses]()


# The lines of --supaseed-plan.
PLANNED = pytest.StashKey[list[str]]()


# Whether the fixture below seeded_connection was added to a test that has a marker and no fixture of ours.
ADDED = pytest.StashKey[bool]()


# Whether the test has a database of its own, or may yet have one.
OWN_DATABASE = pytest.StashKey[bool]()


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect no garbage: while modules are imported there is none, and looking for it takes a tenth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class Outage(pytest.fail.Exception):  # type: ignore[misc, name-defined] # pytest makes it in a decorator
    """The error of a test that an outage keeps from working: its message is shown once.

    Attributes:
        reference: what later errors say of it.
    """

    # As pytest has it: a summary names the exception without its module, then.
    __module__ = "builtins"
    reference = ""


@contextmanager
def told() -> Iterator[None]:
    """Report an error of the user's as its message, without our traceback; and a warning that is one."""
    try:
        yield
    except OutageError as error:
        outage = Outage(printable(redacted(str(error))), pytrace=False)
        outage.reference = error.reference
        raise outage from None
    except (SeedError, SupaseedWarning) as error:
        place = error.place if isinstance(error, SeedError) else ""
        raise pytest.fail.Exception(printable(redacted(f"{error}{place}")), pytrace=False) from None
