"""The plans of a session: each made once, and an error kept in the place of one that there cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import psycopg2
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from pytest_supaseed import connecting
from pytest_supaseed.errors import GoneError, SeedError, ServerError
from pytest_supaseed.fingerprint import Identity, Reach, identity_of, together
from pytest_supaseed.libpq import Absence, set_variables
from pytest_supaseed.model.schema import Loaded, TableName
from pytest_supaseed.planning.sources import Defaults, WithDefaults
from pytest_supaseed.postgres.databases.diagnosis import told
from pytest_supaseed.postgres.databases.isolation import SharedDatabase
from pytest_supaseed.postgres.databases.maintenance import ATTEMPTS, connection_ended, ends_again
from pytest_supaseed.postgres.databases.templates import Notes, Seed
from pytest_supaseed.postgres.server.space import is_shortage
from pytest_supaseed.reflection.exact import read_as_usual
from pytest_supaseed.session.progress import progress_line
from pytest_supaseed.session.seeded import SeededDatabase
from pytest_supaseed.session.shared import SharedServer
from pytest_supaseed.sources.source import SchemaSource, load
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.writing.counts import ExpectedCounts

if TYPE_CHECKING:
    from pytest_supaseed.planning.plan import SeedPlan
    from pytest_supaseed.planning.sources import Generators


Result = TypeVar("Result")


class Plans:
    """The plans for what tests ask of one schema.

    Args:
        loaded: the schema, and what its load has put there.
        generators: the user's ``supaseed_generators``.
        with_copy: calls a function with a connection to a copy of the schema's database.
        hard: whether the limit was given on the command line, for messages.
    """

    def __init__(
        self,
        loaded: Loaded,
        generators: Generators,
        with_copy: Callable[[Callable[[Connection], None]], None],
        *,
        hard: bool,
    ) -> None:
        self._loaded = loaded
        self._generators = generators
        self._with_copy = with_copy
        self._hard = hard
        self._plans: dict[tuple[str, int], SeedPlan | SeedError] = {}

    def __contains__(self, spec: SeedSpec) -> bool:
        return key_of(spec) in self._plans

    def make(self, specs: Iterable[SeedSpec]) -> None:
        """Plan what has not been planned yet.

        Args:
            specs: what is asked for; what is wrong with one is told by :meth:`plan`.
        """
        waiting = {key_of(spec): spec for spec in specs if spec not in self}
        if not waiting:
            return
        # Planning takes more imports than a session needs that finds what earlier ones have made.
        from pytest_supaseed import pipeline

        asking: list[SeedSpec] = []
        others: list[SeedSpec] = []
        for spec in waiting.values():
            (asking if pipeline.asks(spec, self._generators) else others).append(spec)
        if asking:
            self._with_copy(lambda connection: self._make_each(connection, asking))
        self._make_each(None, others)

    def _make_each(self, connection: Connection | None, specs: Iterable[SeedSpec]) -> None:
        from pytest_supaseed import pipeline

        for spec in specs:
            try:
                self._plans[key_of(spec)] = pipeline.plan(
                    connection, self._loaded, spec, self._generators, hard=self._hard
                )
            except SeedError as error:
                if connection_ended(error):
                    raise
                self._plans[key_of(spec)] = error

    def plan(self, spec: SeedSpec) -> SeedPlan:
        """Return the plan for a spec.

        Args:
            spec: what is asked for.

        Raises:
            PlanError: the schema cannot hold it.
        """
        self.make([spec])
        return value_of(self._plans[key_of(spec)])


def key_of(spec: SeedSpec) -> tuple[str, int]:
    """Return what tells a plan from others: the limit makes no rows, but it decides whether there is one.

    Args:
        spec: what is asked for.
    """
    return spec.identity.text, spec.limit


def value_of(found: Result | SeedError) -> Result:
    """Return what was found, or raise the error that is kept in its place.

    Args:
        found: the one or the other.
    """
    if isinstance(found, SeedError):
        raise found
    return found


_MOST_SHARED = 16


# The note of a template that says by which digest it is known what was read from it.
_READ = "read"


# A process of PostgreSQL takes 3 MB: of many workers each keeps connections only to what it has used last.
_MOST_CONNECTIONS_OF_RUN, _LEAST_CONNECTIONS = 48, 4


class LoadedSchema:
    """A schema in a database of its own, and what was seeded from it.

    Args:
        server: where it is, and what other processes have there.
        source: creates the tables.
        identity: by what others know the schema.
        unchanged: tells whether they still do, once it has been loaded.
        generators: the user's ``supaseed_generators``.
        defaults: what the source knows of its rows.
        base: the database to begin with; None for an empty one.

    Attributes:
        name: of the template that holds the schema.

    Raises:
        SchemaError: the schema could not be loaded.
    """

    def __init__(
        self,
        server: SharedServer,
        source: SchemaSource,
        identity: Identity,
        unchanged: Callable[[], bool],
        generators: Generators,
        defaults: Defaults,
        base: str | None = None,
    ) -> None:
        self._server = server
        self._databases = server.databases
        self._identity = identity
        self._generators = generators
        self._defaults = defaults
        self._seeds: dict[tuple[str, int], Seed | SeedError] = {}
        self._shared: dict[str, SharedDatabase] = {}
        self._read: Loaded | None = None
        self._at_hand = False
        server.databases.relief.append(self._give_up_one)
        self.name = server.template_name("tmpl", identity)
        self._load_it = partial(self._load, source, unchanged, base)
        # Where its seeds were made in an earlier session, nobody copies it.
        self._crashes = server.databases.maintenance.crashes
        self._loaded = self._steadily(self._find)
        below = WithDefaults(generators, defaults)
        self._plans = Plans(self._loaded, below, self._with_copy, hard=server.hard)

    def _find(self) -> Loaded:
        notes = self._server.templates.get(self.name, self._load_it, copied=False)
        digest = notes.get(_READ)
        return self._read or self._server.remembered.find(self.name, digest) or self._read_copy()

    def _steadily(self, do: Callable[[], Result]) -> Result:
        """Do something on the server; once more where a connection ends meanwhile, or where a template has gone."""
        self._databases.maintenance.check()
        for attempt in range(ATTEMPTS):
            if attempt:
                # Whether the server is there, and whether it has what it had.
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
        """Have new databases made where the server has crashed: what it does not log, such a server has emptied."""
        crashes = self._databases.maintenance.crashes
        if crashes == self._crashes:
            return
        self._crashes = crashes
        self._server.spares.renew()
        for identity in tuple(self._shared):
            self._drop_shared(identity)
        self._at_hand = False
        for key, seed in tuple(self._seeds.items()):
            if isinstance(seed, Seed):
                del self._seeds[key]

    def _read_copy(self) -> Loaded:
        from pytest_supaseed import pipeline

        loaded = self._with_copy(pipeline.read)
        self._server.remembered.save(self.name, loaded)
        return loaded

    def _load(
        self, source: SchemaSource, unchanged: Callable[[], bool], base: str | None
    ) -> tuple[str, Notes]:
        from pytest_supaseed import pipeline

        def fill(name: str) -> Loaded:
            url = self._databases.url(name)
            with self._server.observed(url):
                load(
                    source,
                    url,
                    ours=not self._databases.foreign,
                    environment=self._databases.environment,
                    tell=self._server.tell,
                )
            return self._with_connection(name, pipeline.read)

        name, read = self._filled(base, fill)
        self._read = read
        digest = self._server.remembered.save(self.name, read)
        # A file may have been saved, or models imported, while the schema was loaded.
        identity = self._identity if unchanged() else Identity("", Reach.PROCESS)
        return name, {**self._server.notes(identity, self.name, loaded=True), _READ: digest}

    def template(self) -> str:
        """Return the name of the template that holds the schema, which is at hand to be copied from then on.

        Raises:
            SchemaError: what an earlier session has left is damaged, and the schema could not be loaded again.
        """
        if not self._at_hand:
            self._server.templates.get(self.name, self._load_it)
            self._at_hand = True
        return self.name

    def plan_all(self, specs: Iterable[SeedSpec]) -> None:
        """Plan specs, so that whatever is wrong with any is known before the first row is written.

        Args:
            specs: of the session's tests; what is wrong with one is told by :meth:`plan`. Those that were seeded
                in an earlier session are planned when somebody asks for it.
        """
        different = {key_of(spec): spec for spec in specs}

        def make() -> None:
            known = self._server.templates.names()
            self._plans.make(spec for spec in different.values() if self._template_of(spec) not in known)

        self._steadily(make)

    def plan(self, spec: SeedSpec) -> SeedPlan:
        """Return the plan for a spec.

        Args:
            spec: what is asked for.

        Raises:
            PlanError: the schema cannot hold it.
        """
        return (
            self._plans.plan(spec) if spec in self._plans else self._steadily(lambda: self._plans.plan(spec))
        )

    def counts(self, spec: SeedSpec) -> list[tuple[str, int]]:
        """Return the tables, as messages name them, and the rows that a spec leaves in them.

        Args:
            spec: what is asked for, and has been seeded.
        """
        counts = self.seed(spec).counts
        return [(table.label, counts[table.name]) for table in self._loaded.schema.tables]

    def seed(self, spec: SeedSpec) -> Seed:
        """Return the seed for a spec; it is made when it is asked for first.

        Args:
            spec: what is asked for.

        Raises:
            SeedError: it cannot be made.
        """
        if key_of(spec) not in self._seeds:
            try:
                self._seeds[key_of(spec)] = self._steadily(lambda: self._made(spec))
            except GoneError:
                raise
            except SeedError as error:
                # Its other tests need not try it again.
                self._seeds[key_of(spec)] = error
        return value_of(self._seeds[key_of(spec)])

    def _made(self, spec: SeedSpec) -> Seed:
        if not spec.tables or (spec in self._plans and not self.plan(spec).inserts):
            return Seed(self.template(), self._loaded.contents.counts, spec.known_total())
        template = self._template_of(spec)
        notes = self._server.templates.get(template, lambda: self._write(self.plan(spec)))
        if notes["asked"] > spec.limit:
            # With this limit there is no plan.
            self.plan(spec)
        tables = self._loaded.schema.tables
        counts = {table.name: count for table, count in zip(tables, notes["counts"], strict=True)}
        return Seed(template, counts, notes["asked"])

    def _template_of(self, spec: SeedSpec) -> str:
        return self._server.template_name("seed", self._identity_of(spec))

    def _identity_of(self, spec: SeedSpec) -> Identity:
        made_of = Identity(self._defaults.made_of)
        return together(self._identity, identity_of(self._generators), made_of, spec.identity)

    def _write(self, plan: SeedPlan) -> tuple[str, Notes]:
        from pytest_supaseed import pipeline

        def fill(name: str) -> Mapping[TableName, int]:
            with progress_line(plan.inserts, self._server.terminal) as progress:
                return self._with_connection(
                    name,
                    lambda connection: pipeline.seed(
                        connection, self._loaded.schema, plan, progress, self._defaults
                    ),
                )

        name, counts = self._filled(self.template(), fill)
        in_order = [counts[table.name] for table in self._loaded.schema.tables]
        notes = self._server.notes(self._identity_of(plan.spec), self.name)
        return name, {**notes, "counts": in_order, "asked": plan.asked}

    def _filled(self, base: str | None, fill: Callable[[str], Result]) -> tuple[str, Result]:
        try:
            return self._filled_once(base, fill)
        except (SeedError, DBAPIError, psycopg2.Error, UnicodeError) as error:
            variables = told(self._variables_at_fault(base, fill))
            if variables:
                raise ServerError(f"{error}\n{variables}") from error
            raise

    def _filled_once(self, base: str | None, fill: Callable[[str], Result]) -> tuple[str, Result]:
        # Nothing stays of one that cannot be filled.
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
        """The environment variable of libpq without which a database could be filled; on a server of ours none is."""
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
        """What is said of an error that comes from a full disk; None for another one."""
        room = self._databases.room
        if room is None or not is_shortage(error):
            return None
        # While what has filled it is still there.
        return room.refusal("What the schema and the seeds write has no place")

    def _give_up_one(self) -> bool:
        """Drop the shared database that was not used for longest; return whether there was one."""
        for identity, shared in self._shared.items():
            if not shared.in_use:
                del self._shared[identity]
                shared.close()
                self._databases.drop(shared.name)
                return True
        return False

    def own(self, spec: SeedSpec, following: Iterable[SeedSpec] = ()) -> SeededDatabase:
        """Return a new database with what a spec asks for; :meth:`drop` drops it.

        Args:
            spec: what is asked for.
            following: what will be asked for next, and is made in the background.

        Raises:
            SeedError: it cannot be made.
        """
        database = self._steadily(lambda: self._copied(spec, following))
        self._server.spares.settle()
        return database

    def _copied(self, spec: SeedSpec, following: Iterable[SeedSpec]) -> SeededDatabase:
        seed = self.seed(spec)
        name = self._server.spares.take(seed.template)
        for each in following:
            expected = self._seeds.get(key_of(each))
            if isinstance(expected, Seed):
                self._server.spares.want(expected.template, 1)
        url = self._databases.url(name)
        database = SeededDatabase(
            url,
            self._loaded.schema,
            spec,
            partial(self.plan, spec),
            seed.counts,
            self._databases.environment,
            self._databases.maintenance.ask,
        )
        self._verify_copy(database)
        return database

    def rolled_back(self, spec: SeedSpec) -> tuple[SeededDatabase, SharedDatabase]:
        """Return a new database with what a spec asks for, on which tests work in turns, and are rolled back.

        Args:
            spec: what is asked for.

        Returns:
            The database, which :meth:`drop` drops, and the turns on it.

        Raises:
            SeedError: it cannot be made.
        """
        found = self._steadily(lambda: self._copied_to_roll_back(spec))
        self._server.spares.settle()
        return found

    def _copied_to_roll_back(self, spec: SeedSpec) -> tuple[SeededDatabase, SharedDatabase]:
        seed = self.seed(spec)
        name = self._server.spares.take(seed.template)
        url, schema = self._databases.url(name), self._loaded.schema
        environment, revive = self._databases.environment, self._databases.maintenance.ask
        counts = ExpectedCounts(schema, seed.counts)
        shared = SharedDatabase(name, url, counts, environment, revive, lasting=True)
        plan = partial(self.plan, spec)
        database = SeededDatabase(
            url, schema, spec, plan, seed.counts, environment, revive, engine=shared.engine
        )
        self._verify_copy(database)
        return database, shared

    def _verify_copy(self, database: SeededDatabase) -> None:
        """Count the rows of a new copy: they are those of its template, and no one should have to believe it."""
        try:
            database.verify()
        except BaseException:
            database.engine.dispose()
            self._server.spares.drop(str(database.url.database))
            raise

    def drop(self, database: SeededDatabase) -> list[str]:
        """Drop a database that :meth:`own` returned.

        Args:
            database: whoever is still connected to it loses the connection.

        Returns:
            Who that was: for each connection its application, and the last that it ran.
        """
        try:
            return database.close(self._databases)
        finally:
            self._server.spares.drop(str(database.url.database))

    def shared(self, spec: SeedSpec) -> SharedDatabase:
        """Return the database with what a spec asks for on which tests work in turns.

        Args:
            spec: what is asked for.

        Raises:
            SeedError: it cannot be made.
        """
        return self._steadily(lambda: self._lent(spec))

    def _lent(self, spec: SeedSpec) -> SharedDatabase:
        found = self._shared.pop(spec.identity.text, None)
        if found is None:
            if len(self._shared) >= _MOST_SHARED:
                # Each takes memory and a connection: the one that nobody has used for longest goes.
                self._drop_shared(next(iter(self._shared)))
            seed = self.seed(spec)
            name = self._server.spares.take(seed.template)
            counts = ExpectedCounts(self._loaded.schema, seed.counts)
            found = SharedDatabase(
                name,
                self._databases.url(name),
                counts,
                self._databases.environment,
                self._databases.maintenance.ask,
            )
        self._shared[spec.identity.text] = found
        self._end_a_connection()
        return found

    def _end_a_connection(self) -> None:
        """End the connection to a shared database that tests have not asked for lately; it gets another one then."""
        most = max(_LEAST_CONNECTIONS, _MOST_CONNECTIONS_OF_RUN // self._server.workers)
        older = list(self._shared.values())[:-most]
        if older and not older[-1].in_use:
            older[-1].close()

    def discard_shared(self, spec: SeedSpec) -> None:
        """Drop the shared database of a spec: the next test gets another.

        Args:
            spec: what was asked for.
        """
        if spec.identity.text in self._shared:
            self._drop_shared(spec.identity.text)

    def _drop_shared(self, identity: str) -> None:
        shared = self._shared.pop(identity)
        shared.close()
        self._server.spares.drop(shared.name)

    def close(self) -> None:
        """End the connections to the shared databases."""
        for shared in self._shared.values():
            shared.close()

    def _with_copy(self, do: Callable[[Connection], Result]) -> Result:
        # Nobody connects to a template.
        name = self._databases.create(self.template())
        try:
            return self._with_connection(name, do)
        finally:
            self._server.spares.drop(name)

    def _with_connection(self, name: str, do: Callable[[Connection], Result]) -> Result:
        """Do something in a transaction, and leave nobody connected."""
        # Not what a test reads with: whatever the environment says, it is read and written in this encoding.
        engine = connecting.engine(
            self._databases.url(name),
            self._databases.environment,
            connect_args={"client_encoding": "UTF8"},
            poolclass=NullPool,
        )
        try:
            with engine.begin() as connection:
                read_as_usual(connection.connection.driver_connection)
                return do(connection)
        finally:
            engine.dispose()


def _has_gone(error: BaseException) -> bool:
    """Whether a database was to be copied that is no longer there."""
    return isinstance(error.__cause__, psycopg2.errors.InvalidCatalogName)
