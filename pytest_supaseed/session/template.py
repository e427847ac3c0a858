"""A loaded schema as a template, the plans for it, and the databases that are cloned from its seeds.

:class:`SchemaTemplate` loads a schema into a template, seeds a template for each spec
(:meth:`~SchemaTemplate.seed`), and returns clones: for one test (:meth:`~SchemaTemplate.own`), or for tests that
are rolled back (:meth:`~SchemaTemplate.shared`, :meth:`~SchemaTemplate.rolled_back`). :class:`Plans` makes each
plan once, and keeps the error of a spec that cannot be planned. :class:`SharedServer` is the server on which all of
this is done, and :func:`progress_line` shows the progress of a seed that takes longer than a second.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Concatenate, NoReturn, ParamSpec, Protocol, TypeVar

import psycopg2
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from pytest_supaseed import clock, connecting
from pytest_supaseed.errors import GoneError, SeedError, ServerError
from pytest_supaseed.factories import RowFactory, row_factory
from pytest_supaseed.fingerprint import CacheScope, Fingerprint, combine, fingerprint_of
from pytest_supaseed.libpq import Absence, set_variables
from pytest_supaseed.model.declared import NOTHING_DECLARED, merged, with_names
from pytest_supaseed.model.schema import Snapshot, Table, TableName
from pytest_supaseed.options import DRIVERS
from pytest_supaseed.planning.plan import Defaults
from pytest_supaseed.postgres.databases.database import Databases, PreparedClones
from pytest_supaseed.postgres.databases.driver_errors import connection_ended
from pytest_supaseed.postgres.databases.drivers import ENGINES
from pytest_supaseed.postgres.databases.isolation import SharedDatabase
from pytest_supaseed.postgres.databases.maintenance import ATTEMPTS, Maintenance, ends_again
from pytest_supaseed.postgres.databases.templates import Notes, Seed, Templates, template_name
from pytest_supaseed.postgres.server.external import variables_sentence
from pytest_supaseed.postgres.server.space import is_shortage
from pytest_supaseed.reflection.queries import read_as_usual
from pytest_supaseed.reflection.snapshot_cache import Remembered
from pytest_supaseed.session.cluster_cache import cluster_state
from pytest_supaseed.session.seeded import SeededDatabase
from pytest_supaseed.session.turn import Turn
from pytest_supaseed.sources.source import SchemaSource, load
from pytest_supaseed.spec import DatabaseSettings, SeedSpec, limit_problem
from pytest_supaseed.writing.counts import ExpectedCounts

if TYPE_CHECKING:
    from tqdm import tqdm

    from pytest_supaseed.planning.plan import Generators, Plan
    from pytest_supaseed.session.kept import Keeper
    from pytest_supaseed.writing.refusals import Cause


class Observer(Protocol):
    """What is told of the work on a server."""

    def timed(self, kind: str, name: str) -> AbstractContextManager[None]:
        """Return a context for work of a kind: ``server``, ``load``, ``seed`` or ``clone``."""

    def seeded(self, template: SchemaTemplate, spec: SeedSpec) -> None:
        """Take note that there is a seed for a spec."""


class Unobserved:
    """An observer that takes no note of anything."""

    def timed(self, kind: str, name: str) -> AbstractContextManager[None]:
        """Return a context that does nothing."""
        return nullcontext()

    def seeded(self, template: SchemaTemplate, spec: SeedSpec) -> None:
        """Do nothing."""


Terminal = Callable[[], AbstractContextManager[None]]
Advance = Callable[[float], None]
_SILENT_SECONDS = 1.0
_UPDATE_SECONDS = 0.1


class _Line:
    """A line that appears on a terminal after a second and is then updated at intervals; a log has none."""

    def __init__(self, rows: int, terminal: Terminal) -> None:
        self._rows = rows
        self._terminal = terminal
        self._made = 0.0
        self._began = clock.monotonic()
        self._next = self._began + _SILENT_SECONDS
        self._bar: tqdm[NoReturn] | None = None

    def advance(self, made: float) -> None:
        self._made += made
        if clock.monotonic() >= self._next:
            with self._terminal():
                self._show()

    def _show(self) -> None:
        self._next = clock.monotonic() + _UPDATE_SECONDS
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            # Imported here, because most sessions never show a line.
            from tqdm import tqdm

            began = self._began

            class Bar(tqdm):  # type: ignore[type-arg] # it takes none when it runs
                @property
                def format_dict(self) -> dict[str, Any]:
                    # tqdm's own clock may be frozen by a test.
                    return {**super().format_dict, "elapsed": clock.monotonic() - began}

            self._bar = Bar(
                total=self._rows,
                initial=int(self._made),
                desc="supaseed",
                file=sys.stderr,
                mininterval=0.0,
                leave=False,
                bar_format="{desc}: {percentage:3.0f}% of {total_fmt} rows [{elapsed}<{remaining}]",
            )
        else:
            self._bar.update(self._made - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            with self._terminal():
                self._show()
                self._bar.close()


@contextmanager
def progress_line(rows: int, terminal: Terminal | None) -> Iterator[Advance]:
    """Show a line on the terminal once a second has passed; nothing where standard error is no terminal.

    Args:
        rows: how many there will be.
        terminal: opens the terminal for writing, past captured output; None for no terminal.

    Yields:
        A function to call with the number of rows made since the last call.
    """
    if terminal is None:
        yield lambda made: None
        return
    line = _Line(rows, terminal)
    try:
        yield line.advance
    finally:
        line.close()


@dataclass(frozen=True)
class SharedServer:
    """A server on which several processes may work, as one session sees it.

    Attributes:
        databases: of the session.
        templates: of all sessions there.
        clones: prepared clones, for later tests.
        remembered: cache of schema snapshots.
        run: token of this run, equal in all its processes.
        hard: whether the limit was given on the command line, for messages.
        terminal: shows the progress of a long seed; None for nowhere.
        tell: takes a line for the end of the session's report.
        observed: context in which the dependencies of loading into a database are recorded.
        workers: the number of processes of this run.
        turn: which thread works on it.
        keeper: keeps databases of failing tests; None where none are kept.
        driver: of the fixtures' URLs, engines and connections.
        settings: PostgreSQL's settings of every database that tests see.
        observer: is told of the work on it.
    """

    databases: Databases
    templates: Templates
    clones: PreparedClones
    remembered: Remembered
    run: str
    hard: bool = False
    terminal: Terminal | None = None
    tell: Callable[[str], None] = lambda line: None
    observed: Callable[[URL], AbstractContextManager[None]] = lambda url: nullcontext()
    workers: int = 1
    turn: Turn = field(default_factory=Turn)
    keeper: Keeper | None = None
    driver: str = DRIVERS[0]
    settings: DatabaseSettings = ()
    observer: Observer = field(default_factory=Unobserved)

    def template_name(self, kind: str, fingerprint: Fingerprint) -> str:
        """Return the name of a template, from the kind and fingerprint of its content."""
        return template_name(self.databases.shared_prefix, kind, fingerprint.digest(self.run))

    def notes(self, fingerprint: Fingerprint, schema: str, *, loaded: bool = False) -> Notes:
        """Return the notes that every template has.

        Args:
            fingerprint: fingerprint of its content.
            schema: the name of the template with its schema.
            loaded: whether the schema has just been loaded, which may have changed what databases share, such as roles.
        """
        notes: dict[str, object] = {"lasting": fingerprint.scope is CacheScope.CONTENT, "schema": schema}
        if loaded and not self.databases.foreign:
            notes["cluster"] = cluster_state(self.databases.maintenance)
        return notes

    def drop(self) -> None:
        """Drop the databases of this session.

        Raises:
            ServerError: PostgreSQL refuses.
        """
        self.clones.close(wait=True)
        self.databases.drop_all()

    def close(self) -> None:
        """Drop this session's databases and unused templates, and close all connections.

        Raises:
            ServerError: PostgreSQL refuses.
        """
        try:
            self.drop()
            self.templates.leave()
        finally:
            self.databases.close()


Result = TypeVar("Result")


class Plans:
    """The plans for one schema.

    Args:
        snapshot: the snapshot of the schema and of the rows that its load inserted.
        generators: the user's ``supaseed_generators``.
        defaults: what the schema's source knows of its rows.
        with_copy: calls a function with a connection to a clone of the schema template.
        hard: whether the limit was given on the command line, for messages.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        generators: Generators,
        defaults: Defaults,
        with_copy: Callable[[Callable[[Connection], None]], None],
        *,
        hard: bool,
    ) -> None:
        self._snapshot = snapshot
        self._generators = generators
        self._defaults = defaults
        self._with_copy = with_copy
        self._hard = hard
        self._plans: dict[tuple[str, int], Plan | SeedError] = {}

    def __contains__(self, spec: SeedSpec) -> bool:
        return key_of(spec) in self._plans

    def make(self, specs: Iterable[SeedSpec]) -> None:
        """Plan the specs that have not been planned; their errors are raised by :meth:`plan`."""
        waiting = {key_of(spec): spec for spec in specs if spec not in self}
        if not waiting:
            return
        # Imported here, because a session that finds all its templates plans nothing.
        from pytest_supaseed import pipeline

        declared = self._defaults.declared if self._defaults is not None else NOTHING_DECLARED
        asking: list[SeedSpec] = []
        others: list[SeedSpec] = []
        for spec in waiting.values():
            (asking if pipeline.asks(self._snapshot, spec, self._generators, declared) else others).append(
                spec
            )
        if asking:
            self._with_copy(lambda connection: self._make_each(connection, asking))
        self._make_each(None, others)

    def _make_each(self, connection: Connection | None, specs: Iterable[SeedSpec]) -> None:
        from pytest_supaseed import pipeline

        for spec in specs:
            try:
                self._plans[key_of(spec)] = pipeline.plan(
                    connection,
                    self._snapshot,
                    spec,
                    self._generators,
                    defaults=self._defaults,
                    hard=self._hard,
                )
            except SeedError as error:
                if connection_ended(error):
                    raise
                self._plans[key_of(spec)] = error

    def plan(self, spec: SeedSpec) -> Plan:
        """Return the plan for a spec.

        Raises:
            PlanError: the schema cannot hold it.
        """
        self.make([spec])
        return value_of(self._plans[key_of(spec)])


def key_of(spec: SeedSpec) -> tuple[str, int]:
    """Return what tells a spec's plan from others: the limit makes no rows, but decides whether there is a plan."""
    return spec.fingerprint.text, spec.limit


def value_of(found: Result | SeedError) -> Result:
    """Return a value, or raise the error that is kept in its place."""
    if isinstance(found, SeedError):
        raise found
    return found


_MOST_SHARED = 16
# The template's note with the digest of its cached snapshot.
_READ = "read"
# A backend takes 3 MB: with many workers, each keeps connections only to what it has used last.
_MOST_CONNECTIONS_OF_RUN, _LEAST_CONNECTIONS = 48, 4


@dataclass(frozen=True)
class FingerprintedSource:
    """A source of a schema, and what is known of it before it is loaded on the session's server.

    Attributes:
        source: creates the tables.
        fingerprint: the schema's fingerprint.
        unchanged: after the load, whether the fingerprint still holds.
        defaults: what the source knows of its rows.
    """

    source: SchemaSource
    fingerprint: Fingerprint
    unchanged: Callable[[], bool]
    defaults: Defaults


Parameters = ParamSpec("Parameters")


def _in_turn(
    method: Callable[Concatenate[SchemaTemplate, Parameters], Result],
) -> Callable[Concatenate[SchemaTemplate, Parameters], Result]:
    """Have a method of :class:`SchemaTemplate` run in one thread at a time."""

    @wraps(method)
    def waiting(self: SchemaTemplate, /, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        with self._server.turn:
            return method(self, *args, **kwargs)

    return waiting


class SchemaTemplate:
    """A schema in a template, and what was seeded from it.

    Args:
        identified: the source of the schema.
        generators: the user's ``supaseed_generators``.
        base: the database to clone first; None for an empty one.

    Attributes:
        name: of the template that holds the schema.

    Raises:
        SchemaError: the schema could not be loaded.
    """

    def __init__(
        self,
        server: SharedServer,
        identified: FingerprintedSource,
        generators: Generators,
        base: str | None = None,
    ) -> None:
        self._server = server
        self._databases = server.databases
        self._fingerprint = identified.fingerprint
        self._generators = generators
        self._defaults = identified.defaults
        self._seeds: dict[tuple[str, int], Seed | SeedError] = {}
        self._shared: dict[str, SharedDatabase] = {}
        self._read: Snapshot | None = None
        self._at_hand = False
        server.databases.relief.append(self._give_up_one)
        self.name = server.template_name("tmpl", self._fingerprint)
        self._load_it = partial(self._load, identified, base)
        self._crashes = server.databases.maintenance.crashes
        self._snapshot = self._steadily(self._find)
        self._defaults = self._with_models(identified)
        names = self._defaults.declared.names
        self._snapshot = replace(self._snapshot, schema=with_names(self._snapshot.schema, names))
        self._plans = Plans(self._snapshot, generators, self._defaults, self._with_copy, hard=server.hard)

    @property
    def snapshot(self) -> Snapshot:
        """The schema, and what its load has put there."""
        return self._snapshot

    @property
    def defaults(self) -> Defaults:
        """What the source of the schema knows of its rows."""
        return self._defaults

    @property
    def maintenance(self) -> Maintenance:
        """The maintenance connection to the server that holds it."""
        return self._databases.maintenance

    def _find(self) -> Snapshot:
        # Not to be cloned, if all its seeds were made in an earlier session.
        notes = self._server.templates.get(self.name, self._load_it, copied=False)
        digest = notes.get(_READ)
        return self._read or self._server.remembered.find(self.name, digest) or self._read_copy()

    def _with_models(self, identified: FingerprintedSource) -> Defaults:
        """Return what the source knows of its rows, with what the models of the schema declare."""
        if not identified.source.may_have_models:
            return identified.defaults
        # Imported here, because the sources of most sessions have no models, and these take time to read.
        from pytest_supaseed.sources.models import declarations

        found = declarations(identified.source, self._snapshot.schema)
        return replace(identified.defaults, declared=merged(identified.defaults.declared, found))

    def _steadily(self, do: Callable[[], Result]) -> Result:
        """Do something on the server, again if a connection ends meanwhile or a template has gone."""
        self._databases.maintenance.check()
        for attempt in range(ATTEMPTS):
            if attempt:
                # Check that the server and the templates are still there.
                self._databases.maintenance.ask()
                self._look_again()
            self._take_note()
            try:
                return do()
            except (psycopg2.Error, DBAPIError, SeedError) as error:
                if isinstance(error, GoneError) or not (connection_ended(error) or _has_gone(error)):
                    raise
                ended = error
        raise ended if isinstance(ended, SeedError) else ends_again(ended) from ended

    def _look_again(self) -> None:
        """Forget templates that are no longer on the server."""
        there = self._server.templates.names()
        self._at_hand = self._at_hand and self.name in there
        for key, seed in tuple(self._seeds.items()):
            if isinstance(seed, Seed) and seed.template not in there:
                del self._seeds[key]

    def _take_note(self) -> None:
        """Have databases made anew after a crash of the server, which empties unlogged tables."""
        crashes = self._databases.maintenance.crashes
        if crashes == self._crashes:
            return
        self._crashes = crashes
        self._server.clones.renew()
        for fingerprint in tuple(self._shared):
            self._drop_shared(fingerprint)
        self._at_hand = False
        for key, seed in tuple(self._seeds.items()):
            if isinstance(seed, Seed):
                del self._seeds[key]

    def _read_copy(self) -> Snapshot:
        from pytest_supaseed import pipeline

        snapshot = self._with_copy(pipeline.read)
        self._server.remembered.save(self.name, snapshot)
        return snapshot

    def _load(self, identified: FingerprintedSource, base: str | None) -> tuple[str, Notes]:
        from pytest_supaseed import pipeline

        def fill(name: str) -> Snapshot:
            url = self._databases.url(name)
            self._databases.set(name, self._server.settings)
            with self._databases.confined(name), self._server.observed(url), self._server.turn.load():
                load(
                    identified.source,
                    url,
                    ours=not self._databases.foreign,
                    environment=self._databases.environment,
                    tell=self._server.tell,
                )
            # Once more, for the schema may have others.
            self._databases.set(name, self._server.settings)
            return self._with_connection(name, pipeline.read_loaded)

        with self._server.observer.timed("load", identified.source.description):
            name, read = self._filled(base, fill)
        self._read = read
        digest = self._server.remembered.save(self.name, read)
        # A file may have been saved, or models imported, during the load.
        fingerprint = self._fingerprint if identified.unchanged() else Fingerprint("", CacheScope.PROCESS)
        return name, {**self._server.notes(fingerprint, self.name, loaded=True), _READ: digest}

    @_in_turn
    def template(self) -> str:
        """Return the name of the schema template, whose files are available for cloning from then on.

        Raises:
            SchemaError: what an earlier session has left is damaged, and the schema could not be loaded again.
        """
        if not self._at_hand:
            self._server.templates.get(self.name, self._load_it)
            self._at_hand = True
        return self.name

    @_in_turn
    def plan_all(self, specs: Iterable[SeedSpec]) -> None:
        """Plan specs, so that their errors are known before the first row is written.

        Args:
            specs: of the session's tests; their errors are raised by :meth:`plan`. Those that were seeded in an earlier
                session are planned on demand.
        """
        different = {key_of(spec): spec for spec in specs}

        def make() -> None:
            known = self._server.templates.names()
            self._plans.make(spec for spec in different.values() if self._template_of(spec) not in known)

        self._steadily(make)

    @_in_turn
    def plan(self, spec: SeedSpec) -> Plan:
        """Return the plan for a spec.

        Raises:
            PlanError: the schema cannot hold it.
        """
        return (
            self._plans.plan(spec) if spec in self._plans else self._steadily(lambda: self._plans.plan(spec))
        )

    @_in_turn
    def counts(self, spec: SeedSpec) -> list[tuple[str, int]]:
        """Return the tables, as messages name them, and their rows in the seed for a spec."""
        counts = self.seed(spec).counts
        return [(table.label, counts[table.name]) for table in self._snapshot.schema.tables]

    def factories(self, spec: SeedSpec) -> list[tuple[RowFactory, int]]:
        """Return the factories of ``supaseed_generators``, and the rows of their tables in the seed for a spec."""
        given = [(str(key), row_factory(value)) for key, value in self._generators.items()]
        found = [
            (key.removesuffix(".*"), factory) for key, factory in given if factory and key.endswith(".*")
        ]
        tables = [(self._snapshot.schema.find(name), factory) for name, factory in found]
        counts = self.seed(spec).counts if tables else {}
        return [(factory, counts[table.name]) for table, factory in tables if table is not None]

    @_in_turn
    def seed(self, spec: SeedSpec) -> Seed:
        """Return the seed for a spec, which is made when first asked for.

        Raises:
            SeedError: it cannot be made.
        """
        if key_of(spec) not in self._seeds:
            try:
                self._seeds[key_of(spec)] = self._steadily(lambda: self._new_seed(spec))
            except GoneError:
                raise
            except SeedError as error:
                # The other tests with this spec need not try again.
                self._seeds[key_of(spec)] = error
            else:
                self._server.observer.seeded(self, spec)
        return value_of(self._seeds[key_of(spec)])

    def _new_seed(self, spec: SeedSpec) -> Seed:
        as_loaded = set(spec.settings) <= set(self._server.settings)
        if as_loaded and (not spec.tables or (spec in self._plans and not self.plan(spec).inserts)):
            snapshot = self._snapshot
            counts = snapshot.schema.with_heirs(snapshot.contents.counts)
            return Seed(self.template(), counts, spec.known_total())
        template = self._template_of(spec)
        notes = self._server.templates.get(template, lambda: self._write(self.plan(spec)))
        if limit_problem(spec, notes["asked"], hard=self._server.hard):
            # Raises: the limit does not allow this plan.
            self.plan(spec)
        tables = self._snapshot.schema.tables
        counts = {table.name: count for table, count in zip(tables, notes["counts"], strict=True)}
        return Seed(template, counts, notes["asked"], tuple(map(tuple, notes["replaced"])))

    def _template_of(self, spec: SeedSpec) -> str:
        return self._server.template_name("seed", self._fingerprint_of(spec))

    def _fingerprint_of(self, spec: SeedSpec) -> Fingerprint:
        of_defaults = Fingerprint(self._defaults.fingerprint)
        of_models = self._defaults.declared.fingerprint
        return combine(
            self._fingerprint, fingerprint_of(self._generators), of_defaults, of_models, spec.fingerprint
        )

    def _write(self, plan: Plan) -> tuple[str, Notes]:
        from pytest_supaseed import pipeline

        replaced: dict[tuple[str, str], list[int]] = {}

        def tally(table: Table, cause: Cause, tried: int) -> None:
            counted = replaced.setdefault((table.label, cause.named), [0, 0])
            counted[0] += 1
            counted[1] += tried

        def fill(name: str) -> Mapping[TableName, int]:
            replaced.clear()
            self._databases.set(name, plan.spec.settings)
            with progress_line(plan.inserts, self._server.terminal) as progress:
                listener = pipeline.Listener(progress, tally)
                return self._with_connection(
                    name,
                    lambda connection: pipeline.seed(
                        connection, self._snapshot.schema, plan, listener, self._defaults
                    ),
                )

        with self._server.observer.timed("seed", str(plan.spec)):
            name, counts = self._filled(self.template(), fill)
        in_order = [counts[table.name] for table in self._snapshot.schema.tables]
        notes = self._server.notes(self._fingerprint_of(plan.spec), self.name)
        refused = [[*what, *counted] for what, counted in replaced.items()]
        return name, {**notes, "counts": in_order, "asked": plan.asked, "replaced": refused}

    def _filled(self, base: str | None, fill: Callable[[str], Result]) -> tuple[str, Result]:
        try:
            return self._filled_once(base, fill)
        except (SeedError, DBAPIError, psycopg2.Error, UnicodeError) as error:
            variables = variables_sentence(self._variables_at_fault(base, fill))
            if variables:
                raise ServerError(f"{error}\n{variables}") from error
            raise

    def _filled_once(self, base: str | None, fill: Callable[[str], Result]) -> tuple[str, Result]:
        name = self._databases.create(base, lasting=True)
        try:
            return name, fill(name)
        except BaseException as error:
            refusal = self._no_room(error)
            self._databases.drop(name)
            if refusal is not None:
                raise refusal from error
            raise

    def _variables_at_fault(self, base: str | None, fill: Callable[[str], Result]) -> tuple[str, ...]:
        """Return libpq's environment variable without which a database can be filled; none on a throwaway server."""
        refused = self._databases.environment.refused
        for variable in set_variables():
            if not variable.for_sessions or variable in refused:
                continue
            try:
                with Absence([variable.name]):
                    name, _ = self._filled_once(base, fill)
            except (SeedError, DBAPIError, psycopg2.Error, UnicodeError):
                continue
            self._databases.drop(name)
            return (variable.name,)
        return ()

    def _no_room(self, error: BaseException) -> SeedError | None:
        """Return the error for a full disk; None for another cause."""
        room = self._databases.room
        if room is None or not is_shortage(error):
            return None
        # The database that has filled the disk still exists here.
        return room.refusal("What the schema and the seeds write has no place")

    def _give_up_one(self) -> bool:
        """Drop the shared database that is unused for longest; return whether there was one."""
        for fingerprint, shared in self._shared.items():
            if not shared.in_use:
                del self._shared[fingerprint]
                shared.close()
                self._databases.drop(shared.name)
                return True
        return False

    @_in_turn
    def own(self, spec: SeedSpec, following: Iterable[SeedSpec] = ()) -> SeededDatabase:
        """Return a new database for a spec, which :meth:`drop` drops.

        Args:
            following: specs of later tests, for which clones are prepared in the background.

        Raises:
            SeedError: it cannot be made.
        """
        database = self._steadily(lambda: self._copied(spec, following))
        self._server.clones.poll_drops()
        return database

    def _copied(self, spec: SeedSpec, following: Iterable[SeedSpec]) -> SeededDatabase:
        seed = self.seed(spec)
        name = self._clone(seed, spec)
        for each in following:
            expected = self._seeds.get(key_of(each))
            if isinstance(expected, Seed):
                self._server.clones.want(expected.template, 1)
        schema, plan = self._snapshot.schema, partial(self.plan, spec)
        database = SeededDatabase(self._address(name), schema, spec, plan, seed.counts)
        self._verify_copy(database)
        return database

    def _clone(self, seed: Seed, spec: SeedSpec) -> str:
        with self._server.observer.timed("clone", str(spec)):
            return self._server.clones.take(seed.template)

    @_in_turn
    def copied(self, database: SeededDatabase) -> SeededDatabase:
        """Return a new database with what another one of this session holds, which :meth:`drop` drops.

        Args:
            database: to which only its own engine may be connected.

        Raises:
            SeedError: it cannot be made.
        """
        database.engine.dispose()
        name = self._databases.create(str(database.url.database))
        plan = partial(self.plan, database.spec)
        return SeededDatabase(
            self._address(name), self._snapshot.schema, database.spec, plan, database.expected
        )

    @_in_turn
    def rolled_back(self, spec: SeedSpec) -> tuple[SeededDatabase, SharedDatabase]:
        """Return a new database for a spec, on which tests work in turn and are rolled back.

        Returns:
            The database, which :meth:`drop` drops, and its isolation by rollback.

        Raises:
            SeedError: it cannot be made.
        """
        found = self._steadily(lambda: self._copied_to_roll_back(spec))
        self._server.clones.poll_drops()
        return found

    def _copied_to_roll_back(self, spec: SeedSpec) -> tuple[SeededDatabase, SharedDatabase]:
        seed = self.seed(spec)
        name = self._clone(seed, spec)
        address, schema = self._address(name), self._snapshot.schema
        shared = SharedDatabase(
            name, address, ExpectedCounts(schema, seed.counts), ENGINES[self._server.driver], lasting=True
        )
        plan = partial(self.plan, spec)
        database = SeededDatabase(replace(address, engine=shared.engine), schema, spec, plan, seed.counts)
        self._verify_copy(database)
        return database, shared

    def _address(self, name: str) -> connecting.Address:
        databases = self._databases
        url = connecting.DatabaseURL.of(databases.url(name), self._server.driver)
        return connecting.Address(url, databases.environment, databases.maintenance.ask)

    def _verify_copy(self, database: SeededDatabase) -> None:
        """Count the rows of a new clone, instead of trusting that they are its template's."""
        try:
            database.verify()
        except BaseException:
            database.engine.dispose()
            self._server.clones.drop(str(database.url.database))
            raise

    @_in_turn
    def drop(self, database: SeededDatabase) -> list[str]:
        """Drop a database that :meth:`own` or :meth:`rolled_back` returned, and end its connections.

        Returns:
            The application name and last statement of each connection that was still open.
        """
        try:
            return database.close(self._databases)
        finally:
            self._server.clones.drop(str(database.url.database))

    @property
    def keeper(self) -> Keeper | None:
        """What keeps databases of failing tests; None where none are kept."""
        return self._server.keeper

    @_in_turn
    def end(self, database: SeededDatabase) -> list[str]:
        """End the connections to a database that :meth:`own` or :meth:`rolled_back` returned; :meth:`settle` follows.

        Returns:
            The application name and last statement of each connection that was still open.
        """
        return database.close(self._databases)

    @_in_turn
    def settle(self, name: str, test: str = "", state: str = "") -> bool:
        """Keep a database that no test uses any more, or drop it.

        Args:
            name: of the database.
            test: the id of the test that has failed on it; empty where none has, and it is dropped.
            state: in words, what it holds.

        Returns:
            Whether it is kept.
        """
        if test and self.keeper is not None and self.keeper.keep(name, test, state):
            return True
        self._server.clones.drop(name)
        return False

    @_in_turn
    def withdraw_shared(self, spec: SeedSpec) -> str | None:
        """Give later tests another shared database for a spec; return the name of this one, for :meth:`settle`."""
        shared = self._shared.pop(spec.fingerprint.text, None)
        if shared is None:
            return None
        shared.close()
        return shared.name

    @_in_turn
    def shared(self, spec: SeedSpec) -> SharedDatabase:
        """Return the shared database for a spec, on which tests work in turn.

        Raises:
            SeedError: it cannot be made.
        """
        return self._steadily(lambda: self._lent(spec))

    def _lent(self, spec: SeedSpec) -> SharedDatabase:
        found = self._shared.pop(spec.fingerprint.text, None)
        if found is None:
            if len(self._shared) >= _MOST_SHARED:
                # Each takes memory and a connection, so the one that is unused for longest is dropped.
                self._drop_shared(next(iter(self._shared)))
            seed = self.seed(spec)
            name = self._clone(seed, spec)
            counts = ExpectedCounts(self._snapshot.schema, seed.counts)
            found = SharedDatabase(name, self._address(name), counts, ENGINES[self._server.driver])
        self._shared[spec.fingerprint.text] = found
        self._end_a_connection()
        return found

    def _end_a_connection(self) -> None:
        """Close the connection of a shared database that has not been used lately; it reconnects when needed."""
        most = max(_LEAST_CONNECTIONS, _MOST_CONNECTIONS_OF_RUN // self._server.workers)
        older = list(self._shared.values())[:-most]
        if older and not older[-1].in_use:
            older[-1].close()

    @_in_turn
    def discard_shared(self, spec: SeedSpec) -> None:
        """Drop the shared database for a spec, so that the next test gets another."""
        if spec.fingerprint.text in self._shared:
            self._drop_shared(spec.fingerprint.text)

    def _drop_shared(self, fingerprint: str) -> None:
        shared = self._shared.pop(fingerprint)
        shared.close()
        self._server.clones.drop(shared.name)

    def close(self) -> None:
        """Close the connections to the shared databases."""
        for shared in self._shared.values():
            shared.close()

    def _with_copy(self, do: Callable[[Connection], Result]) -> Result:
        # A template to which a connection is open cannot be cloned.
        name = self._databases.create(self.template())
        try:
            return self._with_connection(name, do)
        finally:
            self._server.clones.drop(name)

    def _with_connection(self, name: str, do: Callable[[Connection], Result]) -> Result:
        """Call a function with a connection in a transaction, and leave no connection open."""
        # Unlike a test's connection, this one does not take its encoding from the environment.
        engine = connecting.engine(
            self._databases.url(name),
            self._databases.environment,
            connect_args={"client_encoding": "UTF8"},
            poolclass=NullPool,
        )
        try:
            with engine.begin() as connection:
                read_as_usual(connection.connection.driver_connection)
                with closing(connection.connection.cursor()) as cursor:
                    cursor.execute(_UNLIMITED)
                return do(connection)
        finally:
            engine.dispose()


# Settings of the database that are meant for the application's statements.
_UNLIMITED = "SET TRANSACTION READ WRITE; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0"


def _has_gone(error: BaseException) -> bool:
    """Whether a database that was to be cloned no longer exists."""
    return isinstance(error.__cause__, psycopg2.errors.InvalidCatalogName)
