"""Row factories: the interface to a user's factory class, the columns that it sets, and its random state.

Begin with :class:`RowFactory`. :func:`attribute_names` maps columns to attributes of SQLAlchemy, Django and pydantic
models, which are recognized by their attributes, without imports. :func:`lent` and :func:`reseed` save, restore and
seed the random generators that a factory draws from.
"""

from __future__ import annotations

import random
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, cast

from pytest_supaseed.model.schema import Table
from pytest_supaseed.wording import class_place


def attribute_names(model: Any) -> dict[str, tuple[str, ...]]:
    """Return the attributes of a model class whose names differ, or may differ, from their columns.

    Returns:
        By column: the attribute that has its value, and other names that a factory may use for it. Empty for a
        class that is no model: its attributes are named like the columns.
    """
    mapper = getattr(model, "__mapper__", None)
    if mapper is not None:
        return {
            str(column.name): (str(attribute.key), str(column.name))
            for attribute in mapper.column_attrs
            for column in attribute.columns
            if hasattr(column, "name")
        }
    fields = getattr(getattr(model, "_meta", None), "concrete_fields", None)
    if fields is not None:
        return {str(field.column): (str(field.attname), str(field.name)) for field in fields}
    pydantic = getattr(model, "model_fields", None)
    if isinstance(pydantic, Mapping):
        found: dict[str, tuple[str, ...]] = {}
        for name, field in pydantic.items():
            alias = field.alias
            for column in dict.fromkeys((name, alias) if isinstance(alias, str) else (name,)):
                # A field name takes precedence over the alias of another field.
                if column == name or column not in pydantic:
                    found[column] = (name, *((alias,) if isinstance(alias, str) else ()))
        return found
    return {}


def value_of(built: Any, attribute: str) -> Any:
    """Return an attribute of an object, or a value of a mapping; None where there is none."""
    if isinstance(built, Mapping):
        return built.get(attribute)
    return getattr(built, attribute, None)


class RandomSource(Protocol):
    """Interface of :class:`random.Random` and of the module :mod:`random`."""

    def seed(self, a: str) -> None:
        """Seed the generator."""

    def getstate(self) -> Any:
        """Return the state, for :meth:`setstate`."""

    def setstate(self, state: Any) -> None:
        """Restore a state."""


@dataclass(frozen=True)
class Lent:
    """A random generator, and its role.

    Attributes:
        role: generators of one role get the same seed, so that a factory draws the same values whether it has a
            generator of its own or shares one.
        source: the generator.
    """

    role: str
    source: RandomSource


def common_sources() -> list[Lent]:
    """Return the generators that users' functions draw from: Python's global one, and the one that Fakers share."""
    found = [Lent("python", cast(RandomSource, random))]
    generator = sys.modules.get("faker.generator")
    if generator is not None:
        found.append(Lent("faker", generator.mod_random))
    return found


def of_faker(faker: Any) -> list[Lent]:
    """Return the generators of a Faker of any number of locales: its own if it was seeded, else the shared one."""
    return [Lent("faker", generator.random) for generator in faker.factories]


@contextmanager
def lent(sources: Iterable[Lent]) -> Iterator[tuple[Lent, ...]]:
    """Restore the state of random generators on exit.

    Args:
        sources: may contain a generator more than once.

    Returns:
        Each generator once.
    """
    once = tuple({id(found.source): found for found in sources}.values())
    states = [(found.source, found.source.getstate()) for found in once]
    try:
        yield once
    finally:
        for source, state in states:
            source.setstate(state)


def reseed(sources: Iterable[Lent], *names: str) -> None:
    """Seed random generators, each by its role.

    Args:
        names: the seed, the table, the row.
    """
    for found in sources:
        found.source.seed("\x00".join((*names, found.role)))


class RowFactory(ABC):
    """A user's factory class as the source of a table's values."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind

    def afresh(self) -> RowFactory:
        """Return a copy whose counters start at the beginning, for another table or a new run."""
        return type(self)(self.kind)

    @classmethod
    @abstractmethod
    def made_by_its_library(cls, value: object) -> bool:
        """Whether a value is a factory of this library."""

    @property
    def name(self) -> str:
        """The name of the factory class."""
        return str(self.kind.__name__)

    @property
    def place(self) -> str:
        """The message line with file, line and name of the factory class; empty where its source is not known."""
        return class_place(self.kind)

    @property
    @abstractmethod
    def model(self) -> Any:
        """The class that it builds; None for a factory without one."""

    @abstractmethod
    def _declarations(self) -> Mapping[str, str]:
        """Map each declared name to the attribute that it sets."""

    def columns(self, table: Table) -> dict[str, tuple[str, str]]:
        """Return the columns that the factory has values for.

        Returns:
            By column: the name that the factory declares, and the attribute or key that has the value.
        """
        attributes = attribute_names(self.model)
        by_attribute = {attribute: name for name, attribute in self._declarations().items()}
        found = {}
        for column in table.columns:
            # A factory may declare a value under the name of the attribute or of the column.
            for attribute in dict.fromkeys((*attributes.get(column.name, ()), column.name)):
                if attribute in by_attribute:
                    read = attributes.get(column.name, (attribute,))[0]
                    found[column.name] = (by_attribute[attribute], read)
                    break
        return found

    @abstractmethod
    def build(self, number: int, supplied: Mapping[str, Any]) -> Any:
        """Build a row's object without saving it.

        Args:
            number: of the row, for the factory's counters.
            supplied: by declared name, the values of the row that are known already.
        """

    @abstractmethod
    def go_on_after(self, rows: int) -> None:
        """Have the library's own counters, where it has some, go on after rows that were made with the factory.

        Args:
            rows: their number; a counter that is further stays.
        """

    def value(self, built: Any, attribute: str) -> Any:
        """Return the value of a built object (or mapping) for an attribute of :meth:`columns`, None if it has none."""
        return value_of(built, attribute)

    @abstractmethod
    def _random_sources(self) -> Iterable[Lent]:
        """Return the generators that the library and users' functions draw from."""

    @contextmanager
    def lent(self) -> Iterator[tuple[Lent, ...]]:
        """Lend the library's random generators to a table; restore their state on exit."""
        with lent(self._random_sources()) as sources:
            yield sources
