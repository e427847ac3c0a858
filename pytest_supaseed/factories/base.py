"""Which attribute of a model is which column: SQLAlchemy's, Django's and pydantic's, by what their classes have."""

from __future__ import annotations

import random
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, cast

from pytest_supaseed.model.schema import Table


def attribute_names(model: Any) -> dict[str, tuple[str, ...]]:
    """Find the attributes of a model that have other names than their columns, or may have.

    Args:
        model: a class; any other than these has attributes that are called like their columns.

    Returns:
        By column: the attribute that has its value, and other names that a factory may use for it.
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
                # A field of that name comes before another one's alias.
                if column == name or column not in pydantic:
                    found[column] = (name, *((alias,) if isinstance(alias, str) else ()))
        return found
    return {}


def value_of(built: Any, attribute: str) -> Any:
    """Return an attribute, or the value of a key; None where there is none.

    Args:
        built: an object, or a mapping.
        attribute: its name.
    """
    if isinstance(built, Mapping):
        return built.get(attribute)
    return getattr(built, attribute, None)


class RandomSource(Protocol):
    """A :class:`random.Random`, or the module :mod:`random`, which is one as well."""

    def seed(self, a: str) -> None:
        """Begin again."""

    def getstate(self) -> Any:
        """Return what :meth:`setstate` takes."""

    def setstate(self, state: Any) -> None:
        """Go on from where it was."""


@dataclass(frozen=True)
class Lent:
    """A random source, and what it is for.

    Attributes:
        role: sources of one role begin alike, so that it does not matter whether a factory has one of its own.
        source: draws.
    """

    role: str
    source: RandomSource


def common_sources() -> list[Lent]:
    """Return what functions of users draw from: Python's own generator, and the one that Fakers share."""
    found = [Lent("python", cast(RandomSource, random))]
    generator = sys.modules.get("faker.generator")
    if generator is not None:
        found.append(Lent("faker", generator.mod_random))
    return found


def of_faker(faker: Any) -> list[Lent]:
    """Return what a Faker draws from: something of its own, if somebody has seeded it.

    Args:
        faker: of the user's, of any number of locales.
    """
    return [Lent("faker", generator.random) for generator in faker.factories]


@contextmanager
def lent(sources: Iterable[Lent]) -> Iterator[tuple[Lent, ...]]:
    """Have sources be as they were when this ends.

    Args:
        sources: some of them maybe several times.

    Returns:
        Each of them once.
    """
    once = tuple({id(found.source): found for found in sources}.values())
    states = [(found.source, found.source.getstate()) for found in once]
    try:
        yield once
    finally:
        for source, state in states:
            source.setstate(state)


def reseed(sources: Iterable[Lent], *names: str) -> None:
    """Begin anew.

    Args:
        sources: which.
        names: what is drawn: the seed, the table, the row.
    """
    for found in sources:
        found.source.seed("\x00".join((*names, found.role)))


class RowFactory(ABC):
    """A factory of the user as the source of a table's values.

    Args:
        kind: the user's class.
    """

    def __init__(self, kind: Any) -> None:
        self.kind = kind

    def afresh(self) -> RowFactory:
        """Return the same factory for another table, or for the same one again: it counts from the beginning."""
        return type(self)(self.kind)

    @classmethod
    @abstractmethod
    def made_by_its_library(cls, value: object) -> bool:
        """Whether a value is a factory of this library."""

    @property
    def name(self) -> str:
        """The factory as the user has called it."""
        return str(self.kind.__name__)

    @property
    @abstractmethod
    def model(self) -> Any:
        """What it builds; None for one that builds nothing by itself."""

    @abstractmethod
    def _declared(self) -> Mapping[str, str]:
        """By declared name the attribute that it sets."""

    def columns(self, table: Table) -> dict[str, tuple[str, str]]:
        """Find the columns that the factory has values for.

        Args:
            table: the table.

        Returns:
            By column the name that the factory declares, and the attribute or key that has the value.
        """
        attributes = attribute_names(self.model)
        by_attribute = {attribute: name for name, attribute in self._declared().items()}
        found = {}
        for column in table.columns:
            # A model may declare what it stores under the column's name as well as under the attribute's.
            for attribute in dict.fromkeys((*attributes.get(column.name, ()), column.name)):
                if attribute in by_attribute:
                    read = attributes.get(column.name, (attribute,))[0]
                    found[column.name] = (by_attribute[attribute], read)
                    break
        return found

    @abstractmethod
    def build(self, number: int, given: Mapping[str, Any]) -> Any:
        """Build a row's object, and write nothing.

        Args:
            number: of the row, for what the factory counts.
            given: by declared name, what is known of the row already.
        """

    def value(self, built: Any, attribute: str) -> Any:
        """Return what an object that was built has for a column, None if it has nothing.

        Args:
            built: the object, or a mapping.
            attribute: an attribute that :meth:`columns` has named.
        """
        return value_of(built, attribute)

    @abstractmethod
    def _random_sources(self) -> Iterable[Lent]:
        """What the library, and a user's functions, draw from."""

    @contextmanager
    def lent(self) -> Iterator[tuple[Lent, ...]]:
        """Give the library's random sources to a table; afterwards they are as they were."""
        with lent(self._random_sources()) as sources:
            yield sources
