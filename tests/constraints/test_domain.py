"""Whether what is known of a column lets it take a value."""

from __future__ import annotations

from datetime import date, datetime, time, timezone
from decimal import Decimal
from typing import Any

import pytest

from pytest_supaseed.constraints.domain import Pattern, ValueDomain, accepts, intersect

CASES: list[tuple[ValueDomain, list[Any], list[Any]]] = [
    (ValueDomain(), [None, 1, "a", True, b"a"], []),
    (ValueDomain(required=True), [0, "", False], [None]),
    (ValueDomain(allowed=(None,)), [None], [1, ""]),
    (ValueDomain(allowed=("a", "b")), ["a", "b"], ["c", None]),
    (ValueDomain(allowed=(True,)), [True], [False, 1]),
    (ValueDomain(allowed=(1,)), [1, Decimal(1)], [True, 2]),
    (ValueDomain(excluded=("done",)), ["open", None], ["done"]),
    (ValueDomain(minimum=1, maximum=3, maximum_exclusive=True), [1, 2, Decimal("2.9")], [0, 3, 4.5]),
    (ValueDomain(minimum=0, minimum_exclusive=True), [Decimal("0.01")], [0, -1]),
    (ValueDomain(multiple_of=5), [0, 10, -5], [1, 12]),
    (ValueDomain(decimals=2), [Decimal("1.25"), 3], [Decimal("1.255")]),
    (ValueDomain(minimum_length=2, maximum_length=3), ["ab", "abc", b"ab", [1, 2]], ["a", "abcd", b"a", [1]]),
    (ValueDomain(patterns=(Pattern("^[a-z]+$"),)), ["ab"], ["aB", ""]),
    (ValueDomain(patterns=(Pattern("^[a-z]+$", case_insensitive=True),)), ["aB"], ["1"]),
    (ValueDomain(patterns=(Pattern("@", negated=True),)), ["a"], ["a@b"]),
    (ValueDomain(lowercase=True), ["a1"], ["A"]),
    (ValueDomain(uppercase=True), ["A1"], ["a"]),
    (ValueDomain(earliest=date(2024, 1, 1)), [date(2024, 1, 1)], [date(2023, 12, 31)]),
    (ValueDomain(latest=time(12)), [time(11)], [time(13)]),
    (
        ValueDomain(latest=datetime(2024, 1, 1, tzinfo=timezone.utc)),
        [datetime(2023, 1, 1), datetime(2023, 1, 1, tzinfo=timezone.utc), date(2025, 1, 1)],
        [datetime(2025, 1, 1), datetime(2025, 1, 1, tzinfo=timezone.utc)],
    ),
]


@pytest.mark.parametrize(("domain", "taken", "refused"), CASES)
def test_accepts(domain: ValueDomain, taken: list[Any], refused: list[Any]) -> None:
    assert [value for value in taken if not accepts(domain, value)] == []
    assert [value for value in refused if accepts(domain, value)] == []


@pytest.mark.parametrize(
    ("left", "right", "multiple"),
    [
        (3, 5, 15),
        (4, 6, 12),
        (None, 5, 5),
        (3, None, 3),
        (Decimal("0.25"), Decimal("0.1"), Decimal("0.5")),
        (Decimal("0.25"), 3, 3),
    ],
)
def test_a_multiple_of_two_numbers_is_one_of_their_least_common_multiple(
    left: Any, right: Any, multiple: Any
) -> None:
    domain = intersect(ValueDomain(multiple_of=left), ValueDomain(multiple_of=right))
    assert domain.multiple_of == multiple
