"""Everything of a test session that is on its server."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pytest_supaseed.database import Databases
from pytest_supaseed.errors import SeedError
from pytest_supaseed.loaded import LoadedSchema, value_of
from pytest_supaseed.loading.source import SchemaSource
from pytest_supaseed.progress import Terminal
from pytest_supaseed.sources import Generators
from pytest_supaseed.spec import SeedSpec


class SeedSession:
    """Everything of a test session that is on its server.

    Args:
        databases: on the server.
        template: the database to load schemas into a copy of; None for an empty one.
        first_name: the name of the database for the schema that is loaded first; None for the next free
            name.
        hard: whether the limit was given on the command line, for messages.
        terminal: where a long seed shows how far it is; None for nowhere.
    """

    def __init__(
        self,
        databases: Databases,
        template: str | None = None,
        first_name: str | None = None,
        *,
        hard: bool = False,
        terminal: Terminal | None = None,
    ) -> None:
        self._databases = databases
        self._template = template
        self._first_name = first_name
        self._hard = hard
        self._terminal = terminal
        self._loaded: dict[tuple[int, int], tuple[object, Generators, LoadedSchema | SeedError]] = {}

    @property
    def version(self) -> str:
        """PostgreSQL's version."""
        return self._databases.version

    def loaded(
        self,
        schema: object,
        generators: Generators,
        source: Callable[[], SchemaSource],
        specs: Iterable[SeedSpec],
    ) -> LoadedSchema:
        """Return a schema that is loaded when it is asked for first.

        Args:
            schema: the value of ``supaseed_schema``; another directory's tests may have another one.
            generators: the value of ``supaseed_generators``.
            source: resolves the schema.
            specs: of all tests of the session.

        Raises:
            SchemaError: it cannot be loaded.
        """
        key = id(schema), id(generators)
        if key not in self._loaded:
            name = None if self._loaded else self._first_name
            found: LoadedSchema | SeedError
            try:
                found = LoadedSchema(
                    self._databases,
                    source(),
                    generators,
                    self._template,
                    name,
                    hard=self._hard,
                    terminal=self._terminal,
                )
                found.plan_all(specs)
            except SeedError as error:
                found = error
            # The objects are kept, so that no others get their ids.
            self._loaded[key] = schema, generators, found
        return value_of(self._loaded[key][2])

    def close(self, *, drop: bool) -> None:
        """End all connections.

        Args:
            drop: whether the databases are dropped; those of a server that is about to be removed need not
                be.
        """
        for _, _, found in self._loaded.values():
            if isinstance(found, LoadedSchema):
                found.close()
        try:
            if drop:
                self._databases.drop_all()
        finally:
            self._databases.close()
