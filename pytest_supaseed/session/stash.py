"""What the plugin knows of a session and of its tests, and where pytest keeps it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.collection.collected import Arguments
from pytest_supaseed.config import Run, Settings
from pytest_supaseed.errors import SeedError, SupaseedWarning
from pytest_supaseed.spec import SeedSpec

if TYPE_CHECKING:
    from pytest_supaseed.loading.inputs import Recorder
    from pytest_supaseed.planning.plan import SeedPlan
    from pytest_supaseed.seeded import SeededDatabase
    from pytest_supaseed.server.settings import ServerSettings
    from pytest_supaseed.session.loaded import LoadedSchema
    from pytest_supaseed.session.progress import Terminal


@dataclass(frozen=True, eq=False)
class Declared:
    """The arguments of a ``seeded_database(...)``, which are checked when the tests have been collected.

    Attributes:
        seed: as the marker ``seed`` takes them.
        options: as the marker ``seed_options`` takes them.
        file: the file of the call.
        line: its line.
    """

    seed: Arguments
    options: Arguments
    file: Path
    line: int

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
        node: the session, package, module or class that it belongs to.
        database: the database.
        last_test: the test that used it last.
        changed_after: the test after which its counts had changed, None while they are as they were.
    """

    fixture: str
    node: pytest.Collector | pytest.Session
    database: SeededDatabase
    last_test: str | None = None
    changed_after: str | None = None


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
        ignored: keys of configuration files that mean nothing here, by file.
        prepared: by the ids of schema, generators and spec.
        next_own: what the tests that follow ask for as databases of their own.
        proceed: goes on with what is done while tests run; None where there is nothing.
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
    ignored: dict[str, tuple[str, ...]] = field(default_factory=dict)
    prepared: dict[tuple[int, int, int], Prepared] = field(default_factory=dict)
    next_own: list[SeedSpec] = field(default_factory=list)
    proceed: Callable[[], None] | None = None
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
# The names of the seeded_database(...) that the test uses, and what they declare.
DECLARED = pytest.StashKey[list[tuple[str, Declared]]]()
# The lines of --supaseed-plan.
PLANNED = pytest.StashKey[list[str]]()
# Whether seeded_connection was added to a test that has a marker and no fixture of ours.
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


@contextmanager
def told() -> Iterator[None]:
    """Report an error of the user's as its message, without our traceback; and a warning that is one."""
    try:
        yield
    except (SeedError, SupaseedWarning) as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
