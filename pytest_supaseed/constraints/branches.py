"""A CHECK -> the different ways in which it can hold, over one column or several.

A branch is a proposal, no proof: PostgreSQL evaluates the CHECK on the rows that are made after it. What is not
understood says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from pytest_supaseed.constraints.expression import parse
from pytest_supaseed.constraints.tokens import ExpressionError
from pytest_supaseed.constraints.truth import Reader
from pytest_supaseed.constraints.ways import ANYTHING, Assignment, Branch, Combiner
from pytest_supaseed.schema import Table

__all__ = ["Assignment", "Branch", "branches", "combined"]


def branches(table: Table, expression: str, most: int = 64) -> tuple[Branch, ...]:
    """Read the ways in which a CHECK can hold.

    Args:
        table: the table.
        expression: the CHECK, or the constraint of a partition, as PostgreSQL prints it.
        most: how many ways are returned.

    Returns:
        The ways, those first that say something of the fewest columns; a single one that says nothing, where
        nothing is understood; none where nothing can hold.

    Example:
        ``status <> 'done' OR finished_at IS NOT NULL`` gives ``{status: excluded 'done'}``,
        ``{finished_at: required}``, and the ways in which one of both alone holds.
    """
    try:
        node = parse(expression)
    except ExpressionError:
        return (ANYTHING,)
    return Reader(table, most).ways(node)


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
    return found
