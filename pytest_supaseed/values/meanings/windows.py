"""Columns that follow from the rows beside theirs: positions from 1, running balances, the one default of a parent.

:func:`windows_of` finds them in a table by name and type. PostgreSQL computes each as a window function over the rows
of one parent, in the order of their numbers or times, once the rows are there
(:mod:`pytest_supaseed.writing.aggregates`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.constraints.indexes import constant_default
from pytest_supaseed.model.identifiers import is_named_after, spelt, subject_of
from pytest_supaseed.model.schema import Column, ForeignKey, Schema, Table
from pytest_supaseed.model.type_families import is_boolean, is_integer, is_number, is_string
from pytest_supaseed.values.meanings.aggregates import Aggregate, Child, signed_sum
from pytest_supaseed.values.meanings.parents import beginnings


@dataclass(frozen=True)
class Window:
    """What a column is computed from.

    Attributes:
        column: of the table.
        function: ``number`` from 1, ``left`` and ``right`` for the bounds of a nested set, ``after`` and ``before``
            for the balance after and before a row, ``first`` and ``last`` for the one row that is told from the
            others.
        partition: the columns that are equal in the rows of one parent; empty for all rows.
        order: the columns by which these are ordered.
        value: what a running balance adds up; None for the others.
        labels: the texts for the row that is told, and for the others; empty for a boolean.
    """

    column: str
    function: str
    partition: tuple[str, ...]
    order: tuple[str, ...]
    value: Aggregate | None = None
    labels: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What is computed, in words."""
        of = f" of one {', '.join(self.partition)}" if self.partition else ""
        what = {
            "number": "number of the row",
            "left": "left bound of the row",
            "right": "right bound of the row",
            "after": "balance after the row",
            "before": "balance before the row",
            "first": "whether it is the first row",
            "last": "whether it is the last row",
        }[self.function]
        return f"{what}{of} by {', '.join(self.order)}"


_POSITION = re.compile(
    r"^_(position|sort_order|order_index|display_order|sort_index|sequence|seq|ordinal|order_number|sort_position"
    r"|list_order|idx|sequence_(no|number)|(\w+_)?(position|index|order|sequence)_in_\w+"
    r"|(line|step|stop|leg|seq|item|attempt|question|chapter|episode|round|lap|installment|revision|version|slide|track"
    r"|entry|row|part|lesson|module|section|sprint|week|clause|point|segment|waypoint|message|visit|session|block|track)_"
    r"(position|order|index|no|number|sequence|seq))_$"
)
# What comments say of a number within its parent.
_COUNTED = re.compile(
    r"^(number|position|sequence|order|index)\b.*\b(within|from 1|starting (at|with) 1)\b|\b(counts|counted|numbered)"
    r" from 1\b|\b1 (for|is|=) the first\b|\b(consecutive|running) number\b|\b1\.\.n\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"^_((is|as)_)?(default|primary|main|principal|preferred|featured_image|cover|head|captain|owner|lead|leader)"
    r"(_(\w+))?(_flag)?_$"
)
_LATEST = re.compile(
    r"^_(is_)?(current|latest|newest)(_(version|revision|price|rate|address|entry|row|record))?_$"
)
_ENDS = re.compile(r"_(end|ends|ended|ending|to|until|thru|through|superseded|replaced|expires|closed)_")
_AFTER = re.compile(
    r"^_(running_(balance|total|sum)|(\w+_)?balance_after(_\w+)?|new_balance|resulting_balance|closing_balance"
    r"|cumulative(_(amount|total|sum|balance|points|quantity))?|(quantity|stock|points|credits)_after(_\w+)?"
    r"|(new|resulting)_(stock|points))_((cents|minor)_)?$"
)
_BEFORE = re.compile(
    r"^_((\w+_)?balance_before(_\w+)?|(previous|old|prior)_balance|(quantity|stock|points|credits)_before(_\w+)?)_"
    r"((cents|minor)_)?$"
)
_BALANCE = re.compile(r"^_balance_((cents|minor)_)?$")
# Of a nested set, in which rows beside one another do not overlap.
_BOUNDS = {"_lft_": "left", "_rgt_": "right", "_tree_left_": "left", "_tree_right_": "right"}
_LEDGER = frozenset(("entry", "transaction", "movement", "posting", "operation", "ledger"))
_NUMBERED = re.compile(
    r"^_(seq|sequence|(seq|sequence)_(number|no)|line_no|line_number|entry_no|entry_number|\w+_(seq|no))_$"
)
_YES_AND_NO = (("Y", "N"), ("T", "F"), ("1", "0"), ("J", "N"), ("y", "n"), ("t", "f"), ("yes", "no"))
# The references to what a row is a part of, before those to whom and to what it is about.
_PERSONAL = re.compile(r"_by_$|^_(author|creator|assignee|editor|approver|reviewer)_$")


def windows_of(schema: Schema, table: Table, free: Collection[str]) -> tuple[Window, ...]:
    """Return the columns of a table that follow from the rows beside theirs.

    Args:
        schema: of the table.
        table: whose rows are all new.
        free: the columns that may be changed.
    """
    return tuple(_windows(schema, table, free))


def _windows(schema: Schema, table: Table, free: Collection[str]) -> Iterator[Window]:
    whole = _parent(schema, table)
    times = beginnings(table)[:1]
    key = table.primary_key or tuple(column.name for column in table.columns[:1])
    for column in table.columns:
        if column.name not in free or column.type.array:
            continue
        words = column.words
        others = tuple(name for name in (*times, *key) if name != column.name)
        if is_integer(column.type) and (_POSITION.search(words) or _COUNTED.search(column.comment or "")):
            if whole is not None:
                yield Window(column.name, "number", whole.columns, others)
        elif is_integer(column.type) and words in _BOUNDS:
            if any(each.words in _BOUNDS and each is not column for each in table.columns):
                yield Window(column.name, _BOUNDS[words], (), others)
        elif is_number(column.type) and (
            _AFTER.search(words) or _BEFORE.search(words) or (_BALANCE.search(words) and _is_ledger(table))
        ):
            yield from _running(schema, table, column)
        elif (
            _TOLD.search(words)
            or (_LATEST.search(words) and not any(_ENDS.search(each.words) for each in table.columns))
        ) and whole is not None:
            labels = _labels(table, column)
            if labels is not None:
                function = "last" if _LATEST.search(words) else "first"
                yield Window(column.name, function, whole.columns, others, labels=labels)


def _labels(table: Table, column: Column) -> tuple[str, ...] | None:
    """The texts that say yes and no; empty for a boolean, None for what is neither."""
    if is_boolean(column.type):
        return ()
    allowed = value_domain(table, column).allowed if is_string(column.type) else None
    for labels in _YES_AND_NO if is_string(column.type) else ():
        if allowed is not None and {*allowed} == {*labels}:
            return labels
        if allowed is None and constant_default(table, column.name) in labels:
            return labels
    return None


def _is_ledger(table: Table) -> bool:
    return subject_of(table.name.separated) in _LEDGER


def _parent(schema: Schema, table: Table) -> ForeignKey | None:
    """The foreign key to what a row is a part of: what its table is named after, else the first that it must have."""
    keys = [
        key
        for key in table.foreign_keys
        if schema.has_table(key.referenced)
        and key.referenced != table.name
        and not _PERSONAL.search(_role(key))
    ]
    named = [key for key in keys if is_named_after(table.name.thing, key.referenced.thing)]
    if named:
        return max(named, key=lambda key: len(key.referenced.name))
    keys.sort(key=lambda key: table.place(key.columns[-1]))
    certain = [key for key in keys if not any(table.column(name).nullable for name in key.columns)]
    # A contact is one of its company before it is one of that company's tenant.
    above = {further.referenced for key in certain for further in schema.table(key.referenced).foreign_keys}
    certain = [key for key in certain if key.referenced not in above] or certain
    return next(iter(certain or keys), None)


def _role(key: ForeignKey) -> str:
    return re.sub(r"_(id|uuid)_$", "_", spelt(key.columns[-1].removeprefix(key.prefix)))


def _running(schema: Schema, table: Table, column: Column) -> Iterator[Window]:
    """A running balance of the account, wallet or product whose movements the rows are."""
    keys = [
        key for key in table.foreign_keys if schema.has_table(key.referenced) and key.referenced != table.name
    ]
    keys.sort(key=lambda key: (not _has_balance(schema.table(key.referenced)), table.place(key.columns[-1])))
    for key in keys:
        if any(table.column(name).nullable for name in key.columns):
            continue
        value = signed_sum(column, Child(schema.table(key.referenced), ((table, key),)))
        if value is None:
            return
        references = {name for other in table.foreign_keys for name in other.columns}
        numbered = [
            each.name
            for each in table.columns
            if each.name not in references and _NUMBERED.search(each.words) and is_integer(each.type)
        ]
        order = (*numbered[:1], *beginnings(table)[:1], *table.primary_key)
        function = "before" if _BEFORE.search(column.words) else "after"
        yield Window(column.name, function, key.columns, tuple(dict.fromkeys(order)), value)
        return


def _has_balance(table: Table) -> bool:
    return any(
        re.search(r"_(balance|points|stock|quantity|on_hand)_", each.words) and is_number(each.type)
        for each in table.columns
    )
