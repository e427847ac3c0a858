"""CHECKs that compare two columns of a row, such as ``CHECK (follower <> followed)``.

:func:`pairs` and :func:`paired_keys` find comparisons of two foreign keys to the same column, :func:`compared` those of
any columns whose values are chosen from lists. Both include ``UNIQUE (least(a, b), greatest(a, b))``, which is met by
requiring ``a <= b``. :func:`part` repairs an allocation that breaks such a CHECK.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne
from random import Random
from typing import Any

from pytest_supaseed.allocation.keys import unordered
from pytest_supaseed.constraints.column import comparisons
from pytest_supaseed.model.schema import ColumnType, ForeignKey, Table
from pytest_supaseed.model.type_families import is_integer, is_text, is_uuid

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": eq,
    "<>": ne,
    "<": lt,
    ">": gt,
    "<=": le,
    ">=": ge,
}


@dataclass(frozen=True)
class Pair:
    """A comparison of two single-column foreign keys that reference the same column.

    Attributes:
        left: name of a foreign key.
        operator: ``<>``, ``<``, ``<=``, ``>`` or ``>=``.
        right: name of another foreign key.
        check: name of the CHECK, or of the unique key on ``least`` and ``greatest``.
    """

    left: str
    operator: str
    right: str
    check: str = ""


@dataclass(frozen=True)
class PairedKeys:
    """A comparison together with the referenced values.

    Attributes:
        pair: the comparison.
        left: the referenced values, in the order of the left foreign key's positions.
        right: likewise for the right one.
    """

    pair: Pair
    left: Sequence[Any]
    right: Sequence[Any]

    def holds(self, name: str, position: int | None, other: int | None) -> bool:
        """Return whether the CHECK accepts two positions in one row; it accepts every NULL.

        Args:
            name: name of the foreign key of ``position``, the left one or the right one.
            position: position of its referenced row.
            other: position of the other foreign key's referenced row.
        """
        left, right = (position, other) if name == self.pair.left else (other, position)
        return self.fits(left, right)

    def fits(self, left: int | None, right: int | None) -> bool:
        """Return whether the CHECK accepts a left and a right position in one row."""
        if left is None or right is None:
            return True
        return _OPERATORS[self.pair.operator](self.left[left], self.right[right])

    def names(self) -> frozenset[str]:
        """Return the names of both foreign keys."""
        return frozenset((self.pair.left, self.pair.right))


def paired_keys(
    table: Table,
    foreign_keys: Sequence[ForeignKey],
    sizes: Mapping[str, int],
    keys: Mapping[str, Sequence[tuple[Any, ...]]],
) -> tuple[PairedKeys, ...]:
    """Return the comparisons of a table with the referenced values.

    Args:
        foreign_keys: those that are spread over their referenced rows.
        sizes: by foreign key, the number of referenced rows.
        keys: by foreign key, the referenced values; positions stand for those not known yet.
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
    """Find the comparisons between foreign keys that are spread over their referenced rows."""
    by_column = {key.columns[0]: key for key in foreign_keys if len(key.columns) == 1}
    found = []
    for comparison in comparisons(table):
        left, right = by_column.get(comparison.left), by_column.get(comparison.right)
        if left is None or right is None or comparison.operator == "=":
            continue
        same = (left.referenced, left.referenced_columns) == (right.referenced, right.referenced_columns)
        if same and (comparison.operator == "<>" or _is_ordered(table.column(left.columns[0]).type)):
            found.append(Pair(left.name, comparison.operator, right.name, comparison.check.name))
    for key in table.uniques:
        either = unordered(key)
        if either and all(name in by_column for name in either):
            found.append(Pair(by_column[either[0]].name, "<=", by_column[either[1]].name, key.name))
    return tuple(found)


@dataclass(frozen=True)
class Compared:
    """A comparison of two columns, from a CHECK or from a unique key on ``least`` and ``greatest``.

    Attributes:
        name: name of the CHECK or the key.
        left: a column.
        operator: a comparison.
        right: another column.
        collated: whether texts are ordered, which depends on a collation.
    """

    name: str
    left: str
    operator: str
    right: str
    collated: bool = False

    def holds(self, left: Any, right: Any) -> bool:
        """Return whether two values satisfy the comparison; NULL always does."""
        if left is None or right is None:
            return True
        compare = _OPERATORS[self.operator]
        if self.collated:
            return bool(compare(left, right) and compare(_letters(left), _letters(right)))
        return bool(compare(left, right))


def _letters(text: str) -> str:
    """Return the primary sort key of most collations: texts ordered by it and by code points are ordered in them."""
    return "".join(filter(str.isalnum, text)).casefold()


def _is_ordered(column_type: ColumnType) -> bool:
    """Whether PostgreSQL orders a type's values as Python does."""
    return is_integer(column_type) or is_uuid(column_type)


def compared(table: Table, columns: Container[str]) -> tuple[Compared, ...]:
    """Find the comparisons between ``columns``, whose values are chosen from lists."""
    found = []
    for check in comparisons(table):
        left, right = (table.column(name).type for name in (check.left, check.right))
        equality = check.operator in ("=", "<>")
        collated = is_text(left) and is_text(right) and not equality
        alike = left.name == right.name and (equality or _is_ordered(left) or is_text(left))
        if alike and check.left in columns and check.right in columns:
            found.append(Compared(check.check.name, check.left, check.operator, check.right, collated))
    for key in table.uniques:
        either = unordered(key)
        if either and all(name in columns for name in either):
            found.append(Compared(key.name, either[0], "<=", either[1]))
    return tuple(found)


def part(paired: PairedKeys, positions: Mapping[str, list[int | None]], swapped: str, random: Random) -> None:
    """Repair rows that the CHECK refuses by swapping references, so that every referenced row keeps its share.

    A row for which no partner is found keeps its reference.

    Args:
        paired: a comparison of which one foreign key is in no unique key.
        positions: by foreign key, the position of each row's referenced row; changed in place.
        swapped: name of the foreign key in no unique key.
        random: draws the order in which partners are tried.
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
