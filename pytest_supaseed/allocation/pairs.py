"""Two foreign keys of a row that a CHECK compares: nobody follows themselves, ``CHECK (follower <> followed)``."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne
from random import Random
from typing import Any

from pytest_supaseed.allocation.keys import unordered
from pytest_supaseed.constraints.column import comparisons
from pytest_supaseed.constraints.literals import TEXTS
from pytest_supaseed.model.schema import ForeignKey, Table

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": eq,
    "<>": ne,
    "<": lt,
    ">": gt,
    "<=": le,
    ">=": ge,
}


# Their order in Python is PostgreSQL's; that of a text is its collation's.
_ORDERED = ("int2", "int4", "int8", "uuid")


@dataclass(frozen=True)
class Pair:
    """What a CHECK says of two foreign keys that reference one column.

    Attributes:
        left: name of a foreign key.
        operator: ``<>``, ``<``, ``<=``, ``>`` or ``>=``.
        right: name of another foreign key.
        check: the name of the CHECK, or of the unique key on the lesser and the greater one.
    """

    left: str
    operator: str
    right: str
    check: str = ""


@dataclass(frozen=True)
class PairedKeys:
    """A pair, and what can be referenced.

    Attributes:
        pair: the pair.
        left: the referenced values, in the order of the left foreign key's positions.
        right: likewise for the right one.
    """

    pair: Pair
    left: Sequence[Any]
    right: Sequence[Any]

    def holds(self, name: str, position: int | None, other: int | None) -> bool:
        """Whether the CHECK lets two positions be together; a NULL it always does.

        Args:
            name: the foreign key of the first position, the left one or the right one.
            position: what it references.
            other: what the other foreign key references.
        """
        left, right = (position, other) if name == self.pair.left else (other, position)
        return self.fits(left, right)

    def fits(self, left: int | None, right: int | None) -> bool:
        """Whether the CHECK lets a position of the left foreign key be with one of the right one."""
        if left is None or right is None:
            return True
        return _OPERATORS[self.pair.operator](self.left[left], self.right[right])

    def names(self) -> frozenset[str]:
        """The names of both foreign keys."""
        return frozenset((self.pair.left, self.pair.right))


def paired_keys(
    table: Table,
    foreign_keys: Sequence[ForeignKey],
    sizes: Mapping[str, int],
    keys: Mapping[str, Sequence[tuple[Any, ...]]],
) -> tuple[PairedKeys, ...]:
    """Find the pairs of a table, with what can be referenced.

    Args:
        table: the table.
        foreign_keys: those that are spread over their referenced rows.
        sizes: by foreign key, the number of referenced rows.
        keys: by foreign key, the referenced values; while they are unknown, positions stand for them.
    """
    return tuple(
        PairedKeys(
            pair,
            *(
                [key[0] for key in keys[name]] if name in keys else range(sizes[name])
                for name in (pair.left, pair.right)
            ),
        )
        for pair in pairs(table, foreign_keys)
    )


def pairs(table: Table, foreign_keys: Iterable[ForeignKey]) -> tuple[Pair, ...]:
    """Find the pairs of a table.

    Args:
        table: the table.
        foreign_keys: those that are spread over their referenced rows.
    """
    by_column = {key.columns[0]: key for key in foreign_keys if len(key.columns) == 1}
    found = []
    for comparison in comparisons(table):
        left, right = by_column.get(comparison.left), by_column.get(comparison.right)
        if left is None or right is None or comparison.operator == "=":
            continue
        same = (left.referenced, left.referenced_columns) == (right.referenced, right.referenced_columns)
        if same and (comparison.operator == "<>" or table.column(left.columns[0]).type.name in _ORDERED):
            found.append(Pair(left.name, comparison.operator, right.name, comparison.check.name))
    for key in table.uniques:
        either = unordered(key)
        if either and all(name in by_column for name in either):
            found.append(Pair(by_column[either[0]].name, "<=", by_column[either[1]].name, key.name))
    return tuple(found)


@dataclass(frozen=True)
class Compared:
    """What a CHECK, or a unique key on the lesser and the greater one, says of two columns.

    Attributes:
        name: of the CHECK or the key.
        left: a column.
        operator: a comparison.
        right: another column.
        collated: whether texts are compared, whose order is a collation's.
    """

    name: str
    left: str
    operator: str
    right: str
    collated: bool = False

    def holds(self, left: Any, right: Any) -> bool:
        """Whether it accepts two values; a NULL it always does."""
        if left is None or right is None:
            return True
        compare = _OPERATORS[self.operator]
        if self.collated:
            return bool(compare(left, right) and compare(_letters(left), _letters(right)))
        return bool(compare(left, right))


def _letters(text: str) -> str:
    """What collations look at first: of texts that these order like their characters do, so do most collations."""
    return "".join(filter(str.isalnum, text)).casefold()


def compared(table: Table, columns: Container[str]) -> tuple[Compared, ...]:
    """Find the comparisons of columns whose values are chosen, not made.

    Args:
        table: the table.
        columns: those columns.
    """
    found = []
    for check in comparisons(table):
        kinds = {table.column(name).type.name for name in (check.left, check.right)}
        collated = kinds <= {*TEXTS} and check.operator not in ("=", "<>")
        alike = len(kinds) == 1 and (check.operator in ("=", "<>") or kinds <= {*_ORDERED, *TEXTS})
        if alike and check.left in columns and check.right in columns:
            found.append(Compared(check.check.name, check.left, check.operator, check.right, collated))
    for key in table.uniques:
        either = unordered(key)
        if either and all(name in columns for name in either):
            found.append(Compared(key.name, either[0], "<=", either[1]))
    return tuple(found)


def part(paired: PairedKeys, positions: Mapping[str, list[int | None]], swapped: str, random: Random) -> None:
    """Have rows that the CHECK refuses swap a reference with others: every referenced row keeps its share.

    Args:
        paired: a pair of which a foreign key is in no unique key.
        positions: what each row references, by foreign key.
        swapped: name of that foreign key.
        random: draws who is asked first.
    """
    (name,) = paired.names() - {swapped}
    fixed, moved = positions[name], positions[swapped]
    order = random.sample(range(len(moved)), len(moved))
    for row in range(len(moved)):
        if paired.holds(name, fixed[row], moved[row]):
            continue
        for other in order:
            if paired.holds(name, fixed[row], moved[other]) and paired.holds(name, fixed[other], moved[row]):
                moved[row], moved[other] = moved[other], moved[row]
                break
