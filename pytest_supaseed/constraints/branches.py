"""A CHECK -> the different ways in which it can hold, over one column or several.

A branch is a proposal, no proof: PostgreSQL evaluates the CHECK on the rows that are made after it. What is not
understood says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pytest_supaseed.constraints.assignments import Assignment, computable
from pytest_supaseed.constraints.expression import parse
from pytest_supaseed.constraints.tokens import ExpressionError
from pytest_supaseed.constraints.truth import Reader
from pytest_supaseed.constraints.ways import ANYTHING, Branch, Combiner
from pytest_supaseed.schema import Table

__all__ = ["Assignment", "Branch", "branches", "combined"]


def branches(table: Table, expression: str, most: int = 64) -> tuple[Branch, ...]:
    """Read the ways in which a CHECK can hold.

    Args:
        table: the table.
        expression: the CHECK, or the constraint of a partition, as PostgreSQL prints it.
        most: how many ways are returned.

    Returns:
        The ways, those first that ask for least; a single one that says nothing, where
        nothing is understood; none where nothing can hold. Of its assignments those come first that others use.

    Example:
        ``status <> 'done' OR finished_at IS NOT NULL`` gives ``{status: excluded 'done'}``,
        ``{finished_at: required}``, and the ways in which one of both alone holds.
    """
    try:
        node = parse(expression)
    except ExpressionError:
        return (ANYTHING,)
    return tuple(_computable(Reader(table, most).ways(node)))


def combined(table: Table, several: Iterable[Branch]) -> Branch | None:
    """Return the branch that is several branches at once, as one of each CHECK.

    Args:
        table: the table.
        several: branches.

    Returns:
        What all of them say; None where they contradict one another.
    """
    combiner = Combiner(table, 1)
    found: Branch | None = ANYTHING
    for branch in several:
        found = None if found is None else combiner.meet(found, branch)
    return None if found is None else _computable([found])[0]


def _computable(ways: Iterable[Branch]) -> list[Branch]:
    """The ways whose assignments can be computed one after the other; all of them, where there is none."""
    known = list(ways)
    found = []
    for way in known:
        assignments = computable(way.assignments)
        if assignments is not None:
            found.append(replace(way, assignments=assignments))
    return found or known
