"""A schema that was loaded once, each seed of it that was made once, and copies of them for the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed import pipeline
from pytest_supaseed.database import Databases
from pytest_supaseed.errors import SeedError
from pytest_supaseed.isolation import SharedDatabase
from pytest_supaseed.loading.source import SchemaSource, load
from pytest_supaseed.plan import SeedPlan
from pytest_supaseed.progress import Terminal, progress_line
from pytest_supaseed.schema import TableName
from pytest_supaseed.seeded import SeededDatabase
from pytest_supaseed.sources import Generators
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.verify import ExpectedCounts

Result = TypeVar("Result")


@dataclass(frozen=True)
class Seed:
    """A database that was seeded once, and that is copied for whoever wants it.

    Attributes:
        template: its name.
        counts: the rows that every table was left with.
    """

    template: str
    counts: Mapping[TableName, int]


class LoadedSchema:
    """A schema in a database of its own, and what was seeded from it.

    Args:
        databases: of the session.
        source: creates the tables.
        generators: the user's ``supaseed_generators``.
        template: the database to begin with; None for an empty one.
        name: of the new database; None for the next free name.
        hard: whether the limit was given on the command line, for messages.
        terminal: where a long seed shows how far it is; None for nowhere.

    Raises:
        SchemaError: the schema could not be loaded.
    """

    def __init__(
        self,
        databases: Databases,
        source: SchemaSource,
        generators: Generators,
        template: str | None = None,
        name: str | None = None,
        *,
        hard: bool = False,
        terminal: Terminal | None = None,
    ) -> None:
        self._databases = databases
        self._generators = generators
        self._hard = hard
        self._terminal = terminal
        self._plans: dict[tuple[str, int], SeedPlan | SeedError] = {}
        self._seeds: dict[str, Seed | SeedError] = {}
        self._shared: dict[str, SharedDatabase] = {}
        self.name = databases.create(template, name)
        try:
            load(source, databases.url(self.name))
            self._loaded = self._with_connection(self.name, pipeline.read)
        except BaseException:
            databases.drop(self.name)
            raise

    def plan_all(self, specs: Iterable[SeedSpec]) -> None:
        """Plan specs, so that whatever is wrong with any is known before the first row is written.

        Args:
            specs: of the session's tests; what is wrong with one is told by :meth:`plan`.
        """
        waiting = {_key(spec): spec for spec in specs if _key(spec) not in self._plans}
        if waiting:
            self._with_connection(self.name, lambda connection: self._plan_all(connection, waiting))

    def _plan_all(self, connection: Connection, waiting: Mapping[tuple[str, int], SeedSpec]) -> None:
        for key, spec in waiting.items():
            try:
                self._plans[key] = pipeline.plan(
                    connection, self._loaded, spec, self._generators, hard=self._hard
                )
            except SeedError as error:
                self._plans[key] = error

    def plan(self, spec: SeedSpec) -> SeedPlan:
        """Return the plan for a spec.

        Args:
            spec: what is asked for.

        Raises:
            PlanError: the schema cannot hold it.
        """
        self.plan_all([spec])
        return value_of(self._plans[_key(spec)])

    def counts(self, spec: SeedSpec) -> list[tuple[str, int]]:
        """Return every table, as a marker spells it, and its rows when a test of a spec starts.

        Args:
            spec: what is asked for; it has been seeded.
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
        plan = self.plan(spec)
        if spec.fingerprint not in self._seeds:
            try:
                self._seeds[spec.fingerprint] = self._make(plan)
            except SeedError as error:
                # Its other tests need not try it again.
                self._seeds[spec.fingerprint] = error
        return value_of(self._seeds[spec.fingerprint])

    def _make(self, plan: SeedPlan) -> Seed:
        if not plan.inserts:
            return Seed(self.name, self._loaded.contents.counts)
        template = self._databases.create(self.name)
        try:
            with progress_line(plan.inserts, self._terminal) as progress:
                counts = self._with_connection(
                    template,
                    lambda connection: pipeline.seed(connection, self._loaded.schema, plan, progress),
                )
        except BaseException:
            self._databases.drop(template)
            raise
        return Seed(template, counts)

    def own(self, spec: SeedSpec) -> SeededDatabase:
        """Return a new database with what a spec asks for; :meth:`drop` drops it.

        Args:
            spec: what is asked for.

        Raises:
            SeedError: it cannot be made.
        """
        seed = self.seed(spec)
        url = self._databases.url(self._databases.create(seed.template))
        # The seed may have been made for a spec with another limit, or another order of tables.
        database = SeededDatabase(url, self._loaded.schema, self.plan(spec), seed.counts)
        # A copy has the same rows, but nobody should have to believe it.
        database.verify()
        return database

    def drop(self, database: SeededDatabase) -> None:
        """Drop a database that :meth:`own` returned.

        Args:
            database: whoever is still connected to it loses the connection.
        """
        database.close()
        self._databases.drop(str(database.url.database))

    def shared(self, spec: SeedSpec) -> SharedDatabase:
        """Return the database with what a spec asks for on which tests work in turns.

        Args:
            spec: what is asked for.

        Raises:
            SeedError: it cannot be made.
        """
        found = self._shared.get(spec.fingerprint)
        if found is None:
            seed = self.seed(spec)
            name = self._databases.create(seed.template)
            counts = ExpectedCounts(self._loaded.schema, seed.counts)
            found = self._shared[spec.fingerprint] = SharedDatabase(name, self._databases.url(name), counts)
        return found

    def discard_shared(self, spec: SeedSpec) -> None:
        """Drop the shared database of a spec: the next test gets another.

        Args:
            spec: what was asked for.
        """
        found = self._shared.pop(spec.fingerprint, None)
        if found is not None:
            found.close()
            self._databases.drop(found.name)

    def close(self) -> None:
        """End the connections to the shared databases."""
        for shared in self._shared.values():
            shared.close()

    def _with_connection(self, name: str, do: Callable[[Connection], Result]) -> Result:
        """Do something in a transaction, and leave nobody connected."""
        engine = create_engine(self._databases.url(name), poolclass=NullPool)
        try:
            with engine.begin() as connection:
                return do(connection)
        finally:
            engine.dispose()


def _key(spec: SeedSpec) -> tuple[str, int]:
    # The limit makes no rows, but it decides whether there is a plan.
    return spec.fingerprint, spec.limit


def value_of(found: Result | SeedError) -> Result:
    """Return what was found, or raise the error that is kept in its place."""
    if isinstance(found, SeedError):
        raise found
    return found
