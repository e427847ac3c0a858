"""What the factories of all libraries have in common: names, columns, and randomness that is lent to them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pytest_supaseed.factories.models import attribute_names, value_of
from pytest_supaseed.factories.randomness import Lent, lent
from pytest_supaseed.schema import Table


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
