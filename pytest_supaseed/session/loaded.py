"""A schema that was loaded once, each seed of it that was made once, and copies of them for the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed.databases.isolation import SharedDatabase
from pytest_supaseed.databases.templates import Notes, Seed
from pytest_supaseed.errors import SeedError
from pytest_supaseed.loading.source import SchemaSource, load
from pytest_supaseed.planning.defaults import Defaults, WithDefaults
from pytest_supaseed.schema import Loaded, TableName
from pytest_supaseed.seeded import SeededDatabase
from pytest_supaseed.session.identity import Identity, Reach, identity_of, together
from pytest_supaseed.session.plans import Plans, Result, key_of, value_of
from pytest_supaseed.session.progress import progress_line
from pytest_supaseed.session.shared import SharedServer
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.writing.verify import ExpectedCounts

if TYPE_CHECKING:
    from pytest_supaseed.planning.plan import SeedPlan
    from pytest_supaseed.planning.sources import Generators

_MOST_SHARED = 16


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
        self.name = server.template_name("tmpl", identity)
        self._load_it = partial(self._load, source, unchanged, base)
        # Where its seeds were made in an earlier session, nobody copies it.
        server.templates.get(self.name, self._load_it, copied=False)
        self._loaded = self._read or server.remembered.find(self.name) or self._read_copy()
        below = WithDefaults(generators, defaults)
        self._plans = Plans(self._loaded, below, self._with_copy, hard=server.hard)

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
                load(source, url, ours=not self._databases.foreign, tell=self._server.tell)
            return self._with_connection(name, pipeline.read)

        name, read = self._filled(base, fill)
        self._read = read
        self._server.remembered.save(self.name, read)
        # A file may have been saved, or models imported, while the schema was loaded.
        identity = self._identity if unchanged() else Identity("", Reach.PROCESS)
        return name, self._server.notes(identity, self.name, loaded=True)

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
        known = self._server.templates.names()
        different = {key_of(spec): spec for spec in specs}
        self._plans.make(spec for spec in different.values() if self._template_of(spec) not in known)

    def plan(self, spec: SeedSpec) -> SeedPlan:
        """Return the plan for a spec.

        Args:
            spec: what is asked for.

        Raises:
            PlanError: the schema cannot hold it.
        """
        return self._plans.plan(spec)

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
                self._seeds[key_of(spec)] = self._made(spec)
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
        # Nothing stays of one that cannot be filled.
        name = self._databases.create(base)
        try:
            return name, fill(name)
        except BaseException:
            self._databases.drop(name)
            raise

    def own(self, spec: SeedSpec, following: Iterable[SeedSpec] = ()) -> SeededDatabase:
        """Return a new database with what a spec asks for; :meth:`drop` drops it.

        Args:
            spec: what is asked for.
            following: what will be asked for next, and is made in the background.

        Raises:
            SeedError: it cannot be made.
        """
        seed = self.seed(spec)
        url = self._databases.url(self._server.spares.take(seed.template))
        for each in following:
            expected = self._seeds.get(key_of(each))
            if isinstance(expected, Seed):
                self._server.spares.want(expected.template, 1)
        database = SeededDatabase(url, self._loaded.schema, spec, lambda: self.plan(spec), seed.counts)
        # A copy has the same rows, but nobody should have to believe it.
        database.verify()
        self._server.spares.settle()
        return database

    def drop(self, database: SeededDatabase) -> list[str]:
        """Drop a database that :meth:`own` returned.

        Args:
            database: whoever is still connected to it loses the connection.

        Returns:
            Who that was: for each connection its application, and the last that it ran.
        """
        left = database.close(self._databases)
        self._server.spares.drop(str(database.url.database))
        return left

    def shared(self, spec: SeedSpec) -> SharedDatabase:
        """Return the database with what a spec asks for on which tests work in turns.

        Args:
            spec: what is asked for.

        Raises:
            SeedError: it cannot be made.
        """
        found = self._shared.pop(spec.identity.text, None)
        if found is None:
            if len(self._shared) >= _MOST_SHARED:
                # Each takes memory and a connection: the one that nobody has used for longest goes.
                self._drop_shared(next(iter(self._shared)))
            seed = self.seed(spec)
            name = self._server.spares.take(seed.template)
            counts = ExpectedCounts(self._loaded.schema, seed.counts)
            found = SharedDatabase(name, self._databases.url(name), counts)
        self._shared[spec.identity.text] = found
        return found

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
        engine = create_engine(self._databases.url(name), poolclass=NullPool)
        try:
            with engine.begin() as connection:
                return do(connection)
        finally:
            engine.dispose()
