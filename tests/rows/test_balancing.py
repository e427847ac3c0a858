"""Amounts that balance in groups of rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pytest_supaseed.rows.balancing import Amounts, balanced, divided


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([3, 5], [3, -3]),
        ([3, 5, 4], [3, 5, -8]),
        ([3, 5, 4, 9], [3, -3, 4, -4]),
        ([-3, 5, 4, 9, 2], [3, -3, 4, 9, -13]),
        ([7], [0]),
        ([Decimal("1.50"), Decimal(2)], [Decimal("1.50"), Decimal("-1.50")]),
    ],
)
def test_amounts_with_signs(values: list[Any], expected: list[Any]) -> None:
    found = balanced([{"n": value} for value in values], (), Amounts(("n",)))
    assert found == [{"n": value} for value in expected]


def test_each_group_balances_by_itself() -> None:
    rows = [{"g": group, "n": number} for group, number in ((1, 5), (2, 6), (1, 7), (2, 8))]
    found = balanced(rows, ("g",), Amounts(("n",)))
    assert found == [{"g": 1, "n": 5}, {"g": 2, "n": 6}, {"g": 1, "n": -5}, {"g": 2, "n": -6}]
    assert rows[2] == {"g": 1, "n": 7}


def test_sides_and_what_a_pair_has_in_common() -> None:
    rows = [{"s": "d", "n": n, "c": c} for n, c in ((5, "x"), (6, "y"), (7, "z"))]
    found = balanced(rows, (), Amounts(("n",), ("s", ("d", "c")), ("c",)))
    assert found == [
        {"s": "d", "n": 5, "c": "x"},
        {"s": "d", "n": 6, "c": "x"},
        {"s": "c", "n": 11, "c": "x"},
    ]


@pytest.mark.parametrize("empty", [0, None])
def test_a_column_for_each_side(empty: Any) -> None:
    rows = [{"d": 5, "c": empty}, {"d": empty, "c": 6}]
    assert balanced(rows, (), Amounts(("d", "c"), empty=empty)) == [
        {"d": 5, "c": empty},
        {"d": empty, "c": 5},
    ]
    assert balanced(rows[:1], (), Amounts(("d", "c"), empty=empty)) == [{"d": 0, "c": 0}]


def test_what_is_no_number_does_not_balance() -> None:
    assert balanced([{"n": None}, {"n": 5}], (), Amounts(("n",))) is None
    assert balanced([{"n": "$5"}, {"n": "$6"}], (), Amounts(("n",))) is None


def test_a_total_is_divided_without_a_rest() -> None:
    assert divided(100, 3, 0) == [Decimal(34), Decimal(33), Decimal(33)]
    assert divided(Decimal("0.02"), 2, 2) == [Decimal("0.01"), Decimal("0.01")]
    assert divided(Decimal("0.02"), 3, 2) is None
