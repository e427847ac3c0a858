"""Rows that CHECKs refuse are changed until an oracle, here Python's own, accepts them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pytest

from pytest_supaseed.errors import GenerateError
from pytest_supaseed.model.schema import Check, Table
from pytest_supaseed.planning.plan import TableState
from pytest_supaseed.repair.propose import Proposals
from pytest_supaseed.repair.solve import ROUNDS, solve
from pytest_supaseed.rows.blocks import all_rows, unique_rows
from pytest_supaseed.rows.steps import MakeContext
from pytest_supaseed.spec import Rows
from tests.builders import FAKER, asked, column, make_rows, planned, reference, table, unique

Judge = Callable[[Mapping[str, Any]], bool]


class PythonOracle:
    """Knows each CHECK as a function."""

    def __init__(self, judges: Mapping[str, Judge]) -> None:
        self.judges = judges
        self.asked = 0

    def refused_by(
        self, rows: Sequence[Mapping[str, Any]], checks: Sequence[Check]
    ) -> list[tuple[Check, ...]]:
        self.asked += 1
        return [tuple(check for check in checks if not self.judges[check.name](row)) for row in rows]

    def failure(self, row: Mapping[str, Any], check: Check) -> str | None:
        return None

    def looked_up(
        self, checks: Sequence[Check], number: int, *, present: bool = False
    ) -> Iterable[Mapping[str, Any]]:
        return ()

    def looks_up(self, row: Mapping[str, Any], check: Check) -> bool:
        return False

    def computed(
        self, rows: Sequence[Mapping[str, Any]], column: str, expression: str, step: int = 0
    ) -> list[str | None]:
        python = expression.replace('"', "").replace("NULLIF", "nullif").replace(" / ", " // ")
        names = {"nullif": lambda value, null: value if value != null else 1}
        return [str(eval(python, names, dict(row)) + step) for row in rows]


def solved(
    made: Table,
    judges: Mapping[str, Judge],
    amount: int = 20,
    columns: Mapping[str, Any] | None = None,
    **keys: Any,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows as they are made at first, and as the oracle accepts them."""
    spec = asked({made.label: Rows(amount, columns=columns or {})})
    parents = [table(key.referenced.name) for key in made.foreign_keys]
    whole = asked(
        {made.label: Rows(amount, columns=columns or {}), **{parent.label: 3 for parent in parents}}
    )
    plan = planned(made, *parents, spec=whole if parents else spec).tables[-1]
    state = TableState(keys=keys, shares={name: [0] * len(found) for name, found in keys.items()})
    rows = all_rows(make_rows(plan, state, amount, 0, FAKER))
    oracle = PythonOracle(judges)
    proposals = Proposals(plan, state, MakeContext(spec.seed, lambda: FAKER))
    found = solve(proposals, oracle, rows, unique_rows(plan, state))
    assert len(found) == amount
    assert all(not refused for refused in oracle.refused_by(found, made.checks))
    assert oracle.asked <= 2 * ROUNDS + 2
    return rows, found


def test_rows_that_are_accepted_stay_as_they_are() -> None:
    made = table("t", column("a", "int4"), Check("c", "opaque(a)", ("a",)))
    rows, found = solved(made, {"c": lambda row: row["a"] >= 0})
    assert rows == found


def test_only_rows_that_are_refused_change_and_only_in_the_columns_of_the_check() -> None:
    made = table("t", column("a", "int4"), column("b"), Check("c", "opaque(a)", ("a",)))
    rows, found = solved(made, {"c": lambda row: row["a"] % 3 == 0})
    assert any(row["a"] % 3 for row in rows)
    for before, after in zip(rows, found, strict=True):
        assert after["b"] == before["b"]
        assert after == before or before["a"] % 3


def test_rows_are_solved_by_the_ways_in_which_a_check_can_hold() -> None:
    made = table(
        "likes",
        reference("post_id", "posts"),
        reference("comment_id", "comments"),
        Check("one", "(num_nonnulls(post_id, comment_id) = 1)", ("post_id", "comment_id")),
        nullable=["post_id", "comment_id"],
    )
    keys = {"post_id_fkey": [(1,), (2,), (3,)], "comment_id_fkey": [(7,), (8,), (9,)]}
    _, found = solved(
        made, {"one": lambda row: (row["post_id"] is None) != (row["comment_id"] is None)}, **keys
    )
    assert {row["post_id"] for row in found} == {None, 1, 2, 3}
    assert {row["comment_id"] for row in found} == {None, 7, 8, 9}


def test_values_are_computed_where_a_check_says_how() -> None:
    made = table(
        "lines",
        column("price", "int4"),
        column("quantity", "int4"),
        column("total", "int4"),
        Check("sum", "(total = (price * quantity))", ("price", "quantity", "total")),
    )
    _, found = solved(made, {"sum": lambda row: row["total"] == row["price"] * row["quantity"]})
    assert len({row["price"] for row in found}) > 1


def test_several_checks_that_share_columns() -> None:
    made = table(
        "t",
        column("kind", labels=("a", "b", "c")),
        column("x", "int4", nullable=True),
        column("y", "int4", nullable=True),
        Check("xs", "((kind = 'a') = (x IS NOT NULL))", ("kind", "x")),
        Check("ys", "((kind = 'b') = (y IS NOT NULL))", ("kind", "y")),
    )
    judges: dict[str, Judge] = {
        "xs": lambda row: (row["kind"] == "a") == (row["x"] is not None),
        "ys": lambda row: (row["kind"] == "b") == (row["y"] is not None),
    }
    _, found = solved(made, judges, 30)
    assert {row["kind"] for row in found} == {"a", "b", "c"}


def test_unique_keys_hold_for_rows_that_are_changed() -> None:
    made = table("t", column("a", "int2"), unique("a"), Check("c", "opaque(a)", ("a",)))
    _, found = solved(made, {"c": lambda row: row["a"] % 4 == 0}, 40)
    assert len({row["a"] for row in found}) == 40


def test_what_the_user_gives_is_never_changed() -> None:
    made = table("t", column("a", "int4"), column("b", "int4"), Check("c", "opaque(a, b)", ("a", "b")))
    _, found = solved(made, {"c": lambda row: row["b"] % 2 == 1}, columns={"a": 5})
    assert {row["a"] for row in found} == {5}


def test_what_cannot_be_solved_is_refused_after_a_bounded_number_of_rounds() -> None:
    made = table("t", column("a", "int4"), column("b"), Check("never", "(opaque(a))", ("a",)))
    with pytest.raises(GenerateError) as caught:
        solved(made, {"never": lambda row: False}, 3)
    first, tried, advice = str(caught.value).split("\n")
    assert (
        first
        == f"t: no row was found that never CHECK (opaque(a)) accepts, in {ROUNDS} rounds of asking PostgreSQL"
    )
    assert tried.startswith("  row tried: a=")
    assert advice == (
        "  give values that it accepts: t=Rows(3, columns={'a': [...]}), or a function that takes (faker, row)"
    )
