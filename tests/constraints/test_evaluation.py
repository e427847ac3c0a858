"""Conditions on the values of a few columns: false only where they are certainly false."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pytest_supaseed.constraints.evaluation import may_hold
from pytest_supaseed.constraints.parser import parse


@pytest.mark.parametrize(
    ("condition", "row", "holds"),
    [
        ("((n % 10) = 0) AND ((n >= 1) AND (n <= 100))", {"n": 10}, True),
        ("((n % 10) = 0) AND ((n >= 1) AND (n <= 100))", {"n": 11}, False),
        ("((n % 10) = 0) AND ((n >= 1) AND (n <= 100))", {"n": 110}, False),
        # The sign of a remainder is the dividend's.
        ("(n % 3) = '-1'::integer", {"n": -7}, True),
        ("mod(n, 2) <> 0", {"n": 4}, False),
        ("((n + 1) * 2) = (8 - 2)", {"n": 2}, True),
        ("(- n) > 0", {"n": 1}, False),
        ("n = 1.5", {"n": Decimal("1.5")}, True),
        ("a < b", {"a": 1, "b": 1}, False),
        ("a <= b", {"a": 1, "b": 1}, True),
        ("a >= b", {"a": 0, "b": 1}, False),
        ("a <> b", {"a": "x", "b": "x"}, False),
        ("(a || b) = ANY (ARRAY['xx'::text, 'xy'::text])", {"a": "x", "b": "y"}, True),
        ("(a || b) = ANY (ARRAY['xx'::text, 'xy'::text])", {"a": "y", "b": "x"}, False),
        ("a <> ALL (ARRAY['x'::text, 'y'::text])", {"a": "y"}, False),
        ("a OR b", {"a": False, "b": False}, False),
        ("a AND b", {"a": True, "b": False}, False),
        ("NOT a", {"a": True}, False),
        ("a = true", {"a": False}, False),
        # NULL is refused by nothing but a test for it.
        ("n > 5", {"n": None}, True),
        ("n IS NOT NULL", {"n": None}, False),
        ("n IS NULL", {"n": 3}, False),
        ("n IS NULL OR n > 5", {"n": 3}, False),
        ("a OR n > 5", {"a": False, "n": None}, True),
        ("a AND n > 5", {"a": False, "n": None}, False),
        # What is not understood may hold, unless the rest decides.
        ("strange(n)", {"n": 3}, True),
        ("strange(n) AND n > 5", {"n": 3}, False),
        ("strange(n) OR n > 5", {"n": 3}, True),
        ("NOT strange(n)", {"n": 3}, True),
        ("a > 'b'::text", {"a": "a"}, True),
        ("m > 5", {"n": 3}, True),
        ("n = 'x'::text", {"n": 3}, True),
        ("(n % 0) = 1", {"n": 3}, True),
        ("n = (5.5)::integer", {"n": 3}, True),
        ("d = '2020-01-01'::date", {"d": object()}, True),
    ],
)
def test_a_condition_may_hold(condition: str, row: dict[str, Any], holds: bool) -> None:
    assert may_hold(parse(condition), row) is holds
