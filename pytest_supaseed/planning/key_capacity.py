"""Upper bounds of the rows that a unique key allows by the values of its columns, whatever rows are made.

:func:`full_key_problem` counts the values that each column of a key can have, without those combinations that a CHECK
over the key's columns refuses, and compares the number with the rows asked for. Keys on constants, and partial keys
that contain every new row, are counted as well. :mod:`pytest_supaseed.planning.capacity` bounds the keys that rows are
allocated for; this module is for the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from pytest_supaseed.allocation.constraints import finite_values
from pytest_supaseed.constraints.column import condition as condition_of
from pytest_supaseed.constraints.domain import ValueDomain, intersect, normalize
from pytest_supaseed.constraints.evaluation import may_hold
from pytest_supaseed.constraints.indexes import condition
from pytest_supaseed.constraints.nodes import (
    Call,
    ExpressionError,
    Literal,
    Node,
    Operation,
    Subject,
    names,
    uncast,
)
from pytest_supaseed.constraints.parser import parse
from pytest_supaseed.constraints.regex import count_matching
from pytest_supaseed.errors import Problem
from pytest_supaseed.model.schema import Exclusion, TableName, UniqueKey
from pytest_supaseed.model.type_families import is_boolean, is_enum, is_number, is_text
from pytest_supaseed.planning import messages
from pytest_supaseed.planning.plan import (
    ColumnSource,
    Generated,
    Referenced,
    ServerDefault,
    Supplied,
    TablePlan,
)
from pytest_supaseed.values.distinct import capacity_of
from pytest_supaseed.values.types.text import longest

# Combinations of values that are counted one by one.
_MOST_COMBINATIONS = 20_000
_ELEMENTS = re.compile(
    r" USING \w+ \((.*?)\)(?: NULLS NOT DISTINCT| INCLUDE | WITH \(| TABLESPACE | WHERE |$)", re.DOTALL
)
_EXCLUDED = re.compile(r"EXCLUDE USING \w+ \((.*) WITH (=|&&)\)", re.DOTALL)
_TESTS = ("is null", "is not null", "is true", "is false", "is not true", "is not false")

RowsOf = Callable[[TableName], int | None]


def full_key_problem(plan: TablePlan, rows_of: RowsOf, *, only_checked: bool = False) -> Problem | None:
    """Explain why a unique key cannot take the rows asked for; None where it can, or where that is not known.

    Args:
        rows_of: the rows of a table after the seed; None where they are not known.
        only_checked: whether only keys count of whose combinations CHECKs refuse some: the others are told already.
    """
    for key in plan.table.uniques:
        if _supplied(plan, key.columns):
            continue  # PostgreSQL is asked about supplied values.
        found = _Key(plan, key, rows_of).bound()
        if found is None or (only_checked and not found.accepted_by):
            continue
        # Present rows need not be in a partial index.
        present = plan.present if key.partial else 0
        if plan.total - present > found.most:
            given_by = (
                found.accepted_by
                or f"there {'is' if found.most == 1 else 'are'} only {found.sizes or 'one value'}"
            )
            return messages.unique_key_exhausted(plan, found.most + present, key, given_by)
    for exclusion in plan.table.exclusions:
        if plan.total > 1 and _excludes_all(exclusion):
            return messages.one_row_only(plan, exclusion)
    return None


def _supplied(plan: TablePlan, columns: Sequence[str]) -> bool:
    return any(each.supplied for each in plan.columns if each.column.name in columns)


@dataclass(frozen=True)
class Bound:
    """The most rows of a key.

    Attributes:
        most: the number.
        sizes: the numbers of values that give it, in words; empty for a constant.
        accepted_by: the CHECKs that accept fewer combinations of them, as a clause; empty where they accept all.
    """

    most: int
    sizes: str = ""
    accepted_by: str = ""


@dataclass(frozen=True)
class _Values:
    """The values of a column, NULL included where it is one: listed where they are few, else counted."""

    number: int
    listed: tuple[Any, ...] | None = None


@dataclass(frozen=True)
class _Key:
    plan: TablePlan
    key: UniqueKey
    rows_of: RowsOf

    def bound(self) -> Bound | None:
        """The most new rows that the key allows; None where it is not limited, or where that is not known."""
        if self.key.partial and not self._of_every_row():
            return None
        sources = {each.column.name: each for each in self.plan.columns}
        if not all(name in sources for name in self.key.columns):
            return None
        if not self.key.expression:
            return self._of_columns([sources[name] for name in self.key.columns])
        elements = _elements(self.key)
        if elements is None:
            return None
        found = []
        for element in elements:
            columns = [sources[name] for name in dict.fromkeys(names(element))]
            if self.key.nulls_distinct and any(map(_may_be_null, columns)) and not _never_null(element):
                return None
            if isinstance(element, Operation) and element.operator in _TESTS:
                found.append(Bound(2, "2 values of an expression"))
                continue
            each = self._of_columns(columns, of_expression=True)
            if each is None:
                return None
            found.append(each)
        return Bound(prod(each.most for each in found), " and ".join(e.sizes for e in found if e.sizes))

    def _of_columns(self, columns: Sequence[ColumnSource], *, of_expression: bool = False) -> Bound | None:
        """The number of combinations of the values of columns."""
        if not columns:
            return Bound(1)
        nulls_count = of_expression or not self.key.nulls_distinct
        if not nulls_count and any(map(_may_be_null, columns)):
            return None
        found = [self._values(each) for each in columns]
        known = [values for values in found if values is not None]
        if len(known) < len(found):
            return None
        most = prod(values.number for values in known)
        shown = " and ".join(
            f"{values.number} value{'s' * (values.number != 1)} of {each.column.name}"
            for each, values in zip(columns, known, strict=True)
        )
        checks = self._checks([each.column.name for each in columns])
        if checks and most <= _MOST_COMBINATIONS:
            lists = [values.listed for values in known if values.listed is not None]
            if len(lists) == len(known):
                accepted = self._accepted([each.column.name for each in columns], lists, [*checks.values()])
                if accepted < most:
                    what = "values" if len(columns) == 1 else "combinations"
                    accept = f"{' and '.join(checks)} accept{'s' * (len(checks) == 1)}"
                    return Bound(accepted, shown, f"{accept} {accepted} {what}")
        return Bound(most, shown)

    @staticmethod
    def _accepted(columns: Sequence[str], lists: Sequence[Sequence[Any]], checks: Sequence[Node]) -> int:
        rows = (dict(zip(columns, values, strict=True)) for values in product(*lists))
        return sum(all(may_hold(check, row) for check in checks) for row in rows)

    def _checks(self, columns: Sequence[str]) -> Mapping[str, Node]:
        """The CHECKs over these columns alone, parsed, by name."""
        table = self.plan.table
        if not all(_is_plain(table.column(name).type) for name in columns):
            return {}
        found = {}
        for check in table.checks:
            if (
                check.columns
                and set(check.columns) <= {*columns}
                and not check.called
                and not check.partitions
            ):
                try:
                    found[check.name] = parse(check.expression)
                except ExpressionError:
                    continue
        return found

    def _values(self, each: ColumnSource) -> _Values | None:
        """The values that a column can have; None where they are too many, or not known."""
        null = (None,) if _may_be_null(each) else ()
        source, column = each.source, each.column
        if isinstance(source, Supplied):
            # Where the package lists the values of a nullable column, a row may have NULL as well.
            distinct = {repr(choice): choice for choice in (*source.choices, *null)}
            return _Values(len(distinct), tuple(distinct.values()))
        if isinstance(source, Referenced):
            size = self._referenced(column.name)
            return None if size is None else _Values(size + len(null))
        if column.generated or not isinstance(source, (Generated, ServerDefault)):
            return _Values(1) if column.generated and _is_constant(column.default) else None
        if isinstance(source, ServerDefault):
            return None
        listed = finite_values(column, each.domain, ..., self.plan.total)
        if listed and len(listed) <= _MOST_COMBINATIONS:
            return _Values(len(listed) + len(null), (*listed, *null))
        number = _matching(each) if is_text(column.type) and not column.type.array else None
        number = capacity_of(column.type, each.domain) if number is None else number
        return None if number is None else _Values(number + len(null))

    def _referenced(self, name: str) -> int | None:
        """The rows that the only foreign key of a column references; None where it shares columns with others."""
        keys = [key for key in self.plan.table.foreign_keys if name in key.columns]
        if len(keys) != 1 or len(keys[0].columns) > 1 or keys[0].referenced == self.plan.table.name:
            return None
        if keys[0].kind is not None or keys[0].limit is not None:
            # The rows of a joined model are counted with its hierarchy, and those of a limit when they are there.
            return None
        # An empty parent is told by itself.
        return self.rows_of(keys[0].referenced) or None

    def _of_every_row(self) -> bool:
        """Whether a partial key contains every new row."""
        where = condition(self.plan.table, self.key)
        if where is None:
            return False
        sources = {each.column.name: each for each in self.plan.columns}
        for part in where.parts:
            each = sources.get(part.column)
            if each is None:
                return False
            if each.supplied and isinstance(each.source, Supplied):
                values = each.source.choices
            elif isinstance(each.source, (Generated, Supplied)):
                if _implied(self.key, each):
                    continue
                # A value of the package's choice gives way to any other, where that lets a row in.
                values = finite_values(each.column, each.domain, ...)
                values = (*values, None) if values and _may_be_null(each) else values
            else:
                return False
            if not values or not all(part.holds(value) for value in values):
                return False
        return True


def _implied(key: UniqueKey, each: ColumnSource) -> bool:
    """Whether the value domain of a column implies the predicate of a partial key on this column alone."""
    try:
        node = parse(key.definition.partition(" WHERE ")[2])
    except ExpressionError:
        return False
    if {*names(node)} != {each.column.name} or _may_be_null(each):
        return False
    wanted = condition_of(node, Subject(each.column.name, each.column.type))
    return wanted != ValueDomain() and normalize(intersect(each.domain, wanted)) == normalize(each.domain)


def _is_plain(kind: Any) -> bool:
    """Whether two values of a type are equal where their texts are, or their numbers."""
    return not kind.array and (is_number(kind) or is_boolean(kind) or is_enum(kind) or is_text(kind))


def _may_be_null(each: ColumnSource) -> bool:
    if each.supplied and isinstance(each.source, Supplied):
        return None in each.source.choices
    if each.column.generated and _is_constant(each.column.default):
        return False
    return each.column.nullable and not each.domain.required


def _elements(key: UniqueKey) -> tuple[Node, ...] | None:
    """The expressions of a key; None where they are not understood."""
    found = _ELEMENTS.search(key.definition)
    if found is None:
        return None
    try:
        # As the arguments of a function, which are separated by commas as well.
        node = parse(f"elements({found[1]})")
    except ExpressionError:
        return None
    return tuple(map(uncast, node.arguments)) if isinstance(node, Call) else None


def _never_null(node: Node) -> bool:
    if isinstance(node, Operation):
        return node.operator in _TESTS
    if isinstance(node, Call) and node.name == "coalesce":
        last = uncast(node.arguments[-1])
        return isinstance(last, Literal) and last.text is not None
    return False


def _is_constant(expression: str | None) -> bool:
    try:
        node = uncast(parse(expression or ""))
    except ExpressionError:
        return False
    return isinstance(node, Literal) and node.text is not None


def _excludes_all(exclusion: Exclusion) -> bool:
    """Whether any two rows exclude each other, as the constraint compares constants."""
    if exclusion.columns:
        return False
    return _EXCLUDED.fullmatch(exclusion.definition) is not None


def _matching(each: ColumnSource) -> int | None:
    """How many texts the patterns of a column match; None where that is not known."""
    most = longest(each.column.type, each.domain)
    counts = [
        count_matching(pattern.regex, most)
        for pattern in each.domain.patterns
        if not pattern.negated and not pattern.case_insensitive
    ]
    return min((number for number in counts if number is not None), default=None)
