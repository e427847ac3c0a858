"""The plans of a session: each made once, and an error kept in the place of one that there cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection

from pytest_supaseed.databases.maintenance import connection_ended
from pytest_supaseed.errors import SeedError
from pytest_supaseed.schema import Loaded
from pytest_supaseed.spec import SeedSpec

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
