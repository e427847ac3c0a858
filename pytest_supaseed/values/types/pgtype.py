"""One PostgreSQL type as one declaration: :class:`PgType`.

A declaration stands in the module of its kind of types, in the tuple ``TYPES``, from which
:mod:`~pytest_supaseed.values.types.registry` collects all. To add a type, write there ``PgType(("name",), ...)`` with

=================  ==============================================================================================
``make``           a function that draws a value; a meaning of the column may write another one
``make_for``       instead of ``make``, a function that returns one for a column, its table and its value domain: if
                   the table's CHECKs say more than the type, or much is the same for each value
``values``         the Python classes of the values that ``next_distinct`` takes, ``str`` unless stated
``next_distinct``  a function that returns another value for each number, for unique columns; without it, values are
                   drawn anew for each number, which gives fewer distinct ones
``capacity``       a function that counts the values, if there may be fewer than a test needs
=================  ==============================================================================================

``tests/values/types/test_type_registry.py`` makes, writes, varies and reads every declared type; add there what a
capacity counts and what a constant is read as. Everything else has a default that fits a type of extensions:
a value that is a ``str`` is written by COPY as it is (:mod:`pytest_supaseed.copy_text` writes other classes), and a
constant in a CHECK is read and compared as its text. A type whose constants are read otherwise has a line in
``TRAITS`` of :mod:`pytest_supaseed.model.type_families`, because what reads CHECKs stands below the values.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from types import SimpleNamespace
from typing import Any

from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.schema import Column, ColumnType, Table

# Takes Faker's generator, of which only ``random`` is used, the type and the value domain.
Maker = Callable[[Any, ColumnType, ValueDomain], object]
# Takes a column, its table and its value domain; returns the maker of its values.
MakerFor = Callable[[Column, Table, ValueDomain], Maker]
# Takes a value, a number from 1, the type and the value domain; returns a distinct value for each number, or None.
NextDistinct = Callable[[Any, int, ColumnType, ValueDomain], "object | None"]
# Takes the type and the value domain; returns the number of values, None if it is unknown or large.
Capacity = Callable[[ColumnType, ValueDomain], "int | None"]


@dataclass(frozen=True)
class PgType:
    """What is known of a PostgreSQL type, or of several that differ in a detail.

    Attributes:
        names: ``pg_type.typname`` of each.
        make: draws a value within a value domain, None if it finds none.
        make_for: returns the maker for a column of a table; None if it is ``make`` for every column.
        values: Python classes of the values that ``next_distinct`` takes.
        next_distinct: returns another value in place of one that is taken; None to draw anew.
        capacity: returns how many values a value domain has; None if always more than any test needs.
    """

    names: tuple[str, ...]
    make: Maker | None = None
    make_for: MakerFor | None = None
    values: tuple[type, ...] = (str,)
    next_distinct: NextDistinct | None = None
    capacity: Capacity | None = None

    def __post_init__(self) -> None:
        """Refuse a declaration without a maker, or with two."""
        if (self.make is None) == (self.make_for is None):
            raise TypeError(f"{self.names[0]}: either make or make_for")

    def holds(self, value: object) -> bool:
        """Whether a value is of a Python class that ``next_distinct`` takes."""
        # In Python a bool is an int, in PostgreSQL it is no number.
        return isinstance(value, self.values) and (type(value) is not bool or bool in self.values)

    def maker(self, column: Column, table: Table, domain: ValueDomain) -> Maker:
        """Return the maker of a column's values."""
        if self.make_for is not None:
            return self.make_for(column, table, domain)
        assert self.make is not None  # noqa: S101 for the type checker
        return self.make


def random_alone(random: Random) -> Any:
    """Return an object that has ``random`` alone of Faker's generator, which is all that makers use."""
    return SimpleNamespace(random=random)


def stated(column: Column, table: Table, pattern: str) -> str | None:
    """Return what a CHECK states that a function of a column's value is; None if none states it.

    Args:
        column: the column.
        table: its table.
        pattern: a regular expression of the function's name and of the result, which is its first group, with ``{}``
            for what stands between them.
    """
    about = rf'\("?(?:{re.escape(column.name)}|VALUE)"?\) = '
    checks = (check.expression for check in (*table.checks, *column.type.checks))
    return next((found[1] for check in checks if (found := re.search(pattern.format(about), check))), None)
