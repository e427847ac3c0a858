"""Parents that a spec leaves empty or without a required value.

:func:`missing_parents` finds required referenced tables without rows and proposes a marker that fills them;
:func:`wanted_values` and :func:`wanted_domains` find values that rows of a parent must have for its children.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count, cycle, islice
from math import ceil, prod
from typing import Any

from pytest_supaseed.allocation.constraints import Pair, finite_values, pairs
from pytest_supaseed.allocation.groups import binding_keys
from pytest_supaseed.constraints.column import forbids_self_reference, value_domain
from pytest_supaseed.constraints.domain import UNCONSTRAINED, ValueDomain, intersect, normalize
from pytest_supaseed.errors import Problem
from pytest_supaseed.model.references import optional
from pytest_supaseed.model.schema import Contents, ForeignKey, Schema, Table, TableName, UniqueKey
from pytest_supaseed.notation import Amount, notation
from pytest_supaseed.planning import messages
from pytest_supaseed.planning.order import Order, needed_references
from pytest_supaseed.planning.plan import Origin, Supplier
from pytest_supaseed.planning.row_totals import Total

_Supplied = Mapping[str, tuple[Origin, Any]]


def missing_parents(
    schema: Schema,
    found: Mapping[TableName, Total],
    contents: Contents,
    order: Order,
    supplied: Mapping[TableName, _Supplied],
) -> list[Problem]:
    """Find required parents that would be empty.

    Args:
        found: the totals of the spec.
        contents: the present rows.
        order: the insertion order, for the tables that triggers fill.
        supplied: by table, the supplied columns.

    Returns:
        A problem for each, with a marker that includes them and their own parents.
    """
    rows = {**contents.counts, **{name: total.total for name, total in found.items()}}
    needed: dict[TableName, int] = {}
    referenced = _referenced_columns(found)
    problems = []
    waiting = [(total.table, total.total, total.present) for total in found.values()]
    for table, amount, present in waiting:  # The list grows while it is read: a parent has parents.
        if amount <= present:
            continue
        own = supplied.get(table.name, {})

        def is_empty(name: TableName) -> bool:
            return not rows.get(name) and name not in needed and name not in order.filled

        keys = dict(needed_references(table, is_empty, own))
        for foreign_key in [] if contents.counts.get(table.name) else _to_be_set(table, referenced, own):
            keys.setdefault(foreign_key, None)
        # What is asked for is kept as far as rows of the empty tables suffice.
        for foreign_key, check in sorted(keys.items(), key=lambda each: not is_empty(each[0].referenced)):
            parent = foreign_key.referenced
            if not schema.has_table(parent) or parent in order.filled:
                continue
            if not rows.get(parent) and table.name in found and table.name not in needed:
                why = "is asked to be empty" if parent in found else "would be empty"
                problems.append(messages.empty_parent(table, foreign_key, schema.table(parent), why, check))
            referencing = _Referencing(table, amount, own, {**rows, **needed}, frozenset(keys))
            least = referencing.least(schema.table(parent), foreign_key)
            if foreign_key.kind is not None:
                least = max(least, _of_kinds(schema, parent, {**rows, **needed}))
            if least > max(needed.get(parent, 0), rows.get(parent, 0)):
                needed[parent] = least
                waiting.append((schema.table(parent), least, contents.counts.get(parent, 0)))
    if not problems:
        return []
    asked = {total.table.label: total.spec.asked for total in found.values()}
    for name, number in needed.items():
        # A table that asks for rows per parent keeps that: only its parent is missing.
        if name not in found or found[name].per is None:
            asked[schema.table(name).label] = Amount(number)
    return [replace(problem, advice=f"write {notation().seed(asked.items())}") for problem in problems]


def _referenced_columns(found: Mapping[TableName, Total]) -> dict[TableName, set[str]]:
    """Return by table the columns that tables of the spec reference, with nothing that may be NULL."""
    referenced: dict[TableName, set[str]] = {}
    for total in found.values():
        for key in total.table.foreign_keys if total.total > total.present else ():
            if not optional(total.table, key):
                referenced.setdefault(key.referenced, set()).update(key.referenced_columns)
    return referenced


def _to_be_set(
    table: Table, referenced: Mapping[TableName, set[str]], supplied: _Supplied
) -> list[ForeignKey]:
    """Return the nullable foreign keys of a table whose columns :func:`_referenced_columns` has."""
    own = referenced.get(table.name, set())
    return [
        key
        for key in table.foreign_keys
        if key.referenced != table.name
        and not own.isdisjoint(key.columns)
        and optional(table, key)
        and not any(column in supplied for column in key.columns)
    ]


def _of_kinds(schema: Schema, parent: TableName, rows: Mapping[TableName, int]) -> int:
    """Return the rows of a table that have a row in tables which join it, each of another kind."""
    return sum(
        rows.get(table.name, 0)
        for table in schema.tables
        if any(key.kind is not None and key.referenced == parent for key in table.foreign_keys)
    )


@dataclass(frozen=True)
class _Referencing:
    """A table that is to get rows, and how many rows of its parents it needs.

    Attributes:
        table: the table.
        amount: its rows after the seed.
        supplied: its supplied columns.
        rows: the rows of every table, as far as they are known.
        required: the foreign keys that need rows.
    """

    table: Table
    amount: int
    supplied: _Supplied
    rows: Mapping[TableName, int]
    required: frozenset[ForeignKey]

    @property
    def references(self) -> Mapping[str, ForeignKey]:
        """The foreign keys to other tables, by name."""
        return {key.name: key for key in self.table.foreign_keys if key.referenced != self.table.name}

    def least(self, parent: Table, foreign_key: ForeignKey) -> int:
        """Return the fewest referenced rows with which the unique keys allow ``amount`` rows."""
        required = any(
            key.referenced == parent.name
            and not optional(parent, key)
            and forbids_self_reference(parent, key)
            for key in parent.foreign_keys
        )
        least = 2 if required else 1
        references = self.references
        compared = [
            p for p in pairs(self.table, references.values()) if foreign_key.name in (p.left, p.right)
        ]
        if any(pair.operator in ("<>", "<", ">") for pair in compared):
            least = max(least, 2)
        for key in binding_keys(self.table, {column.name for column in self.table.columns}):
            sizes = self._sizes(key, foreign_key)
            if sizes is not None:
                within = [p for p in compared if _within(references, p, key)]
                least = max(least, _enough(self.amount, sizes, within, self._to_be_filled(key, foreign_key)))
        return least

    def _to_be_filled(self, key: UniqueKey, foreign_key: ForeignKey) -> int:
        """Return how many foreign keys of a unique key need rows of tables that are empty so far, this one included."""
        shared = Counter(column for other in self.references.values() for column in other.columns)

        def alone(other: ForeignKey) -> bool:
            inside = not set(other.columns).isdisjoint(key.columns)
            return inside and all(shared[column] == 1 for column in other.columns)

        if not alone(foreign_key):
            return 1
        return 1 + sum(
            other != foreign_key and alone(other) and not self.rows.get(other.referenced)
            for other in self.required
            if other.name in self.references
        )

    def _sizes(self, key: UniqueKey, foreign_key: ForeignKey) -> list[int] | None:
        """Return the numbers of values of the rest of a unique key; None if the key does not limit the references."""
        references = self.references.values()
        inside = [other for other in references if not set(other.columns).isdisjoint(key.columns)]
        shared = [column for other in references for column in other.columns]
        joined = any(shared.count(column) > 1 for column in foreign_key.columns)
        if foreign_key not in inside:
            # The rows must agree with those of an overlapping foreign key in the unique key, each of which is
            # referenced once, so as many of them may be needed.
            return [] if any(set(i.columns) & set(foreign_key.columns) for i in inside) else None
        sizes = (
            [] if joined else [max(self.rows.get(o.referenced, 0), 1) for o in inside if o is not foreign_key]
        )
        for name in key.columns:
            if any(name in other.columns for other in inside):
                continue
            column = self.table.column(name)
            value = self.supplied[name][1] if name in self.supplied else ...
            found = finite_values(column, value_domain(self.table, column), value, 10**6)
            if not found or (value is ... and column.nullable and key.nulls_distinct):
                return None
            sizes.append(len(set(map(repr, found))))
        return sizes


def _enough(amount: int, sizes: list[int], compared: list[Pair], alike: int) -> int:
    """Return the fewest rows of a parent, and of each other one that is alike, with combinations for the amount."""
    least = ceil(amount / prod(sizes))
    if alike > 1:
        least = next(number for number in count(1) if number**alike >= least)
    if compared:
        # Both foreign keys reference one table: n rows make n * (n - 1) pairs, or half as many if ordered.
        ordered = any(pair.operator in ("<", ">", "<=", ">=") for pair in compared)
        least = 2
        while least * (least - 1) // (2 if ordered else 1) < amount:
            least += 1
    return least


def _within(references: Mapping[str, ForeignKey], pair: Pair, key: UniqueKey) -> bool:
    return all(set(references[name].columns) <= set(key.columns) for name in (pair.left, pair.right))


def wanted_values(
    found: Mapping[TableName, Total], supplied: Mapping[TableName, _Supplied]
) -> dict[TableName, dict[str, tuple[Origin, Any]]]:
    """Find values that new parent rows must have because a column that references them allows no others.

    An example is a composite foreign key with ``CHECK (kind = 'book')`` on one of its columns.

    Args:
        found: the totals of the spec.
        supplied: by table, the columns that have values already.

    Returns:
        By table and column, in the form of :func:`~pytest_supaseed.planning.overrides.supplied_columns`, the origin
        and a value for each new row.
    """
    # By referenced table and column, then by allowed values: the origin, and the number of rows that need them.
    demands: dict[tuple[TableName, str], dict[tuple[Any, ...], tuple[Origin, int]]] = {}
    for total in found.values():
        new = total.total - total.present
        for key in total.table.foreign_keys if new > 0 else ():
            parent = found.get(key.referenced)
            if parent is None or parent is total or len(key.columns) < 2 or optional(total.table, key):
                continue
            for name, referenced in zip(key.columns, key.referenced_columns, strict=True):
                there = _only_values(parent.table, referenced)
                values = tuple(
                    value for value in _only_values(total.table, name) if not there or value in there
                )
                if (
                    not values
                    or referenced in supplied[key.referenced]
                    or not _may_be(parent.table, referenced)
                ):
                    continue
                number = new if _one_each(total.table, key) else 1
                needed = Origin(f"{total.table.label}.{name}, which is nothing else", Supplier.PLAN)
                known = demands.setdefault((key.referenced, referenced), {})
                origin, before = known.get(values, (needed, 0))
                known[values] = origin, max(before, number) if number == 1 else before + number
    result: dict[TableName, dict[str, tuple[Origin, Any]]] = {}
    for (table_name, column), known in demands.items():
        parent = found[table_name]
        if parent.total > parent.present:
            wanted = [each for values, (_, number) in known.items() for each in islice(cycle(values), number)]
            choices = _filled(parent.table, column, wanted, parent.total - parent.present)
            result.setdefault(table_name, {})[column] = (next(iter(known.values()))[0], choices)
    return result


def wanted_domains(found: Mapping[TableName, Total]) -> dict[TableName, dict[str, ValueDomain]]:
    """Find the value domains that columns which reference single columns of new rows have.

    ``sku text REFERENCES parts CHECK (sku LIKE 'P-%')`` can reference no part of another form. Domains that
    leave fewer values than rows are asked for are left out, as are those that list their values, and upper bounds.

    Args:
        found: the totals of the spec.

    Returns:
        By referenced table and column; nothing of columns whose own CHECKs may accept no value of such a domain.
    """
    result: dict[TableName, dict[str, ValueDomain]] = {}
    for total in found.values():
        for key in total.table.foreign_keys if total.total > total.present else ():
            parent = found.get(key.referenced)
            if parent is None or parent is total or parent.total == parent.present or len(key.columns) > 1:
                continue
            [own], [referenced] = key.columns, key.referenced_columns
            column = parent.table.column(referenced)
            wanted = value_domain(total.table, total.table.column(own))
            wanted = replace(wanted, required=False, excluded=(), maximum=None, latest=None)
            if wanted == UNCONSTRAINED or wanted.allowed is not None or column.sequence or column.generated:
                continue
            known = result.setdefault(key.referenced, {})
            before = normalize(
                intersect(value_domain(parent.table, column), known.get(referenced, UNCONSTRAINED))
            )
            new = parent.total - parent.present
            both = normalize(intersect(before, wanted))
            few = finite_values(column, both, ..., new)
            # Whether a text is of two forms at once is not known before one is made.
            forms = _has_form(before) and _has_form(wanted)
            if both.allowed is None and not 0 < len(few) < new and not forms:
                known[referenced] = normalize(intersect(known.get(referenced, UNCONSTRAINED), wanted))
    return result


def _has_form(domain: ValueDomain) -> bool:
    return bool(domain.patterns or domain.lowercase or domain.uppercase)


def _only_values(table: Table, name: str) -> tuple[Any, ...]:
    column = table.column(name)
    return () if column.type.array else value_domain(table, column).allowed or ()


def _may_be(table: Table, name: str) -> bool:
    """Whether the values of a column can be chosen freely and may repeat."""
    column = table.column(name)
    return not (
        column.generated
        or column.identity
        or column.sequence
        or name in table.referencing
        or any(key.columns == (name,) for key in table.uniques)
    )


def _one_each(table: Table, key: ForeignKey) -> bool:
    """Whether a unique key lets each referenced row be referenced only once."""
    return any(set(unique.columns) <= set(key.columns) for unique in table.uniques if not unique.partial)


def _filled(table: Table, name: str, wanted: list[Any], new: int) -> list[Any]:
    """Return a value for each new row: the wanted ones, then other allowed values in turn."""
    others = [value for value in _only_values(table, name) if value not in wanted] or wanted
    return [*wanted[:new], *islice(cycle(others), max(0, new - len(wanted)))]
