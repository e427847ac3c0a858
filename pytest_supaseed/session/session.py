"""The schemas that a test session has loaded on its server: :class:`SeedSession`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_supaseed.errors import GoneError, SeedError
from pytest_supaseed.fingerprint import Identity, Reach
from pytest_supaseed.session.shared import SharedServer
from pytest_supaseed.session.template import IdentifiedSource, LoadedSchema, value_of
from pytest_supaseed.spec import SeedSpec

if TYPE_CHECKING:
    from pytest_supaseed.planning.plan import Generators


class SeedSession:
    """The schemas that a session has loaded, and the errors of those that could not be loaded.

    Args:
        base: the database that is cloned before a schema is loaded into the clone; None for an empty one.
    """

    def __init__(self, server: SharedServer, base: str | None = None) -> None:
        self.server = server
        self._base = base
        self._loaded: dict[tuple[int, int], tuple[object, Generators, LoadedSchema | SeedError]] = {}

    def known(self, schema: object, generators: Generators) -> LoadedSchema | None:
        """Return a schema template that has been loaded, or None.

        Args:
            schema: the value of ``supaseed_schema``, which may differ between directories of tests.
            generators: the value of ``supaseed_generators``.

        Raises:
            SchemaError: it could not be loaded.
        """
        found = self._loaded.get((id(schema), id(generators)))
        return None if found is None else value_of(found[2])

    def loaded(
        self,
        schema: object,
        generators: Generators,
        identified: IdentifiedSource,
        specs: Iterable[SeedSpec],
    ) -> LoadedSchema:
        """Load a schema.

        Args:
            schema: the value of ``supaseed_schema``.
            generators: the value of ``supaseed_generators``.
            identified: what the value of ``supaseed_schema`` stands for.
            specs: of all tests of the session.

        Raises:
            SchemaError: it cannot be loaded.
        """
        found: LoadedSchema | SeedError
        if self._base is not None:
            # A name does not tell the content of the base database.
            named = f"{self._base} {identified.source.description}"
            identified = replace(identified, identity=Identity(named, Reach.PROCESS))
        try:
            found = LoadedSchema(self.server, identified, generators, self._base)
            found.plan_all(specs)
        except GoneError:
            raise
        except SeedError as error:
            found = error
        # The objects are kept, so that their ids are not reused.
        self._loaded[id(schema), id(generators)] = schema, generators, found
        return value_of(found)

    def close(self) -> None:
        """Close the connections to shared databases."""
        for _, _, found in self._loaded.values():
            if isinstance(found, LoadedSchema):
                found.close()
