"""Hierarchies of classes in joined tables: how many rows of each kind a spec asks for, and what tells their kind.

A row of a joined table is a row of its parent as well, whose discriminator has the identity of the row's class. So the
counts of the tables have to agree: :func:`kinds_of_rows` finds out whether they do, and gives the discriminator as many
values of each identity as rows are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import cycle, islice
from typing import Any

from pytest_supaseed.errors import Problem
from pytest_supaseed.model.declared import Hierarchy
from pytest_supaseed.model.schema import Contents, Schema, Table, TableName
from pytest_supaseed.notation import Amount, notation
from pytest_supaseed.planning import messages
from pytest_supaseed.planning.plan import Origin, Supplier
from pytest_supaseed.planning.totals import Total

_Supplied = Mapping[str, tuple[Origin, Any]]


@dataclass(frozen=True)
class _Node:
    """A table of a hierarchy.

    Attributes:
        table: the table.
        values: identities of the classes whose rows end in it; empty where each row continues in a joined table.
        joined: the tables that join it.
        total: its rows after the seed.
        present: its rows before.
        asked: whether the spec names it.
    """

    table: Table
    values: tuple[object, ...]
    joined: tuple[_Node, ...]
    total: int
    present: int
    asked: bool

    @property
    def own(self) -> int:
        """The rows that continue in no joined table, after the seed."""
        return self.total - sum(node.total for node in self.joined)

    @property
    def own_present(self) -> int:
        """The rows that continue in no joined table, before the seed."""
        return self.present - sum(node.present for node in self.joined)

    def nodes(self) -> Iterable[_Node]:
        """The table and all that join it, directly or not."""
        yield self
        for node in self.joined:
            yield from node.nodes()


def kinds_of_rows(
    hierarchies: Iterable[Hierarchy],
    schema: Schema,
    found: Mapping[TableName, Total],
    contents: Contents,
    supplied: Mapping[TableName, _Supplied],
) -> tuple[dict[TableName, dict[str, tuple[Origin, Any]]], list[Problem]]:
    """Return the values of discriminators, and a problem for each hierarchy whose counts do not agree.

    Args:
        hierarchies: as the models declare them.
        schema: with what the models declare.
        found: the totals of the spec.
        contents: the present rows.
        supplied: by table, the columns that have values already.

    Returns:
        By table and column, the origin and a value for each new row; and the problems.
    """
    values: dict[TableName, dict[str, tuple[Origin, Any]]] = {}
    problems: list[Problem] = []
    for hierarchy in hierarchies:
        root = _node(hierarchy, hierarchy.root, schema, found, contents)
        if root is None or not any(node.asked for node in root.nodes()):
            continue
        wrong = _problem(root, found)
        if wrong is not None:
            problems.append(wrong)
        elif root.asked and hierarchy.column not in supplied[root.table.name]:
            choices = [value for node in root.nodes() for value in _of_new_rows(node)]
            if choices:
                origin = Origin(f"the classes that are mapped to {root.table.label}", Supplier.PLAN)
                values[root.table.name] = {hierarchy.column: (origin, choices)}
    return values, problems


def _node(
    hierarchy: Hierarchy,
    name: str,
    schema: Schema,
    found: Mapping[TableName, Total],
    contents: Contents,
) -> _Node | None:
    table = schema.find(name)
    if table is None:
        return None
    joined = (
        _node(hierarchy, child, schema, found, contents)
        for child, (parent, _, _) in hierarchy.parents.items()
        if parent == name
    )
    values = tuple(value for kind in hierarchy.kinds if kind.tables[-1] == name for value in kind.values)
    present = contents.counts.get(table.name, 0)
    asked = found.get(table.name)
    return _Node(
        table,
        values,
        tuple(node for node in joined if node is not None),
        asked.total if asked is not None else present,
        present,
        asked is not None,
    )


def _of_new_rows(node: _Node) -> Iterable[object]:
    """The identities of the new rows that end in a table."""
    return islice(cycle(node.values), max(0, node.own - node.own_present))


def _problem(root: _Node, found: Mapping[TableName, Total]) -> Problem | None:
    for node in root.nodes():
        # That a parent is missing is told with all other missing parents.
        if not node.joined or (not node.total and any(each.total for each in node.joined)):
            continue
        joined = [(each.table.label, each.total) for each in node.joined]
        needed = sum(total for _, total in joined) + node.own_present
        if node.total < needed:
            problem = messages.too_few_for_joined(node.table, node.total, joined, node.own_present)
        elif node.total > needed and not node.values:
            problem = messages.nothing_but_joined(node.table, node.total, joined)
        else:
            continue
        asked = {total.table.label: total.spec.asked for total in found.values()}
        asked.update((label, Amount(rows)) for label, rows in _agreeing(root, root.total).items() if rows)
        return replace(problem, advice=f"write {notation().seed(asked.items())}")
    return None


def _agreeing(node: _Node, total: int) -> dict[str, int]:
    """Return counts that agree, by table, as near as possible to those that are asked for.

    Args:
        total: the rows of the table that are asked for.
    """
    found: dict[str, int] = {}
    for each in node.joined:
        found.update(_agreeing(each, each.total))
    below = sum(found[each.table.label] for each in node.joined)
    left = total - node.own_present
    if node.joined and not node.values and not below and left > 0:
        # The rows have to be of some class: they are divided among all that there are.
        for number, each in enumerate(node.joined):
            share = left // len(node.joined) + (number < left % len(node.joined))
            found.update(_agreeing(each, share))
        below = sum(found[each.table.label] for each in node.joined)
    least = below + node.own_present
    found[node.table.label] = max(total, least) if node.values else least
    return found
