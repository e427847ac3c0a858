"""Types that have few values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from builders import column, reference, table
from pytest_supaseed.allocation.constraints import finite_values, has_few
from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.schema import Column, ColumnType
from pytest_supaseed.model.type_families import is_single_byte


def numeric(precision: int, scale: int) -> Column:
    return Column("n", ColumnType("numeric", "numeric", "N", precision=precision, scale=scale))


def bits(kind: str, length: int) -> Column:
    return Column("b", ColumnType(kind, kind, "V", length=length))


def letters(kind: str, length: int) -> Column:
    return Column("c", ColumnType(kind, kind, "S", length=length))


def typed(name: str, type_name: str = "int4", *, array: bool = False) -> Column:
    return Column(name, ColumnType(type_name, type_name, array=array), nullable=False)


NO_FACTS = ValueDomain()


@pytest.mark.parametrize(
    ("which", "domain", "override", "values"),
    [
        (typed("a", "text"), NO_FACTS, ..., ()),
        (typed("a", "bool"), NO_FACTS, ..., (False, True)),
        (typed("a", "bool", array=True), NO_FACTS, ..., ()),
        (typed("a", "text"), ValueDomain(allowed=("x", "y")), ..., ("x", "y")),
        (typed("a", "bool"), ValueDomain(allowed=(True,)), ..., (True,)),
        # What the spec gives is all that there will be.
        (typed("a", "bool"), NO_FACTS, True, (True,)),
        (typed("a", "text"), ValueDomain(allowed=("x", "y")), ["z"], ("z",)),
        (typed("a", "text"), NO_FACTS, ("x", "y"), ("x", "y")),
        (typed("a", "text"), NO_FACTS, "xy", ("xy",)),
        (typed("a", "jsonb"), NO_FACTS, {"a": 1}, ({"a": 1},)),
        (typed("a", "text"), ValueDomain(allowed=("x",)), lambda faker: "x", ()),
        # A key never runs out of NULLs.
        (typed("a", "text"), NO_FACTS, None, ()),
        (typed("a", "text"), NO_FACTS, ["x", None], ()),
        (typed("a", "int4"), NO_FACTS, 0, (0,)),
        # Ranges of whole numbers.
        (typed("a"), ValueDomain(minimum=1), ..., ()),
        (typed("a"), ValueDomain(maximum=5), ..., ()),
        (typed("a"), ValueDomain(minimum=1, maximum=5), ..., (1, 2, 3, 4, 5)),
        (typed("a", "int2"), ValueDomain(minimum=-1, maximum=1), ..., (-1, 0, 1)),
        (typed("a", "int8"), ValueDomain(minimum=1, maximum=5, excluded=(3, 9)), ..., (1, 2, 4, 5)),
        (typed("a"), ValueDomain(minimum=1, minimum_exclusive=True, maximum=5), ..., (2, 3, 4, 5)),
        (typed("a"), ValueDomain(minimum=1, maximum=5, maximum_exclusive=True), ..., (1, 2, 3, 4)),
        (typed("a", "numeric"), ValueDomain(minimum=1, maximum=5), ..., ()),
        (typed("a", array=True), ValueDomain(minimum=1, maximum=5), ..., ()),
        (typed("a"), ValueDomain(minimum=1, maximum=10_000), ..., tuple(range(1, 10_001))),
        (typed("a"), ValueDomain(minimum=1, maximum=10_001), ..., ()),
    ],
)
def test_few_values_are_listed(
    which: Column, domain: ValueDomain, override: object, values: tuple[Any, ...]
) -> None:
    assert finite_values(which, domain, override) == values


@pytest.mark.parametrize("exclusive", [False, True])
@pytest.mark.parametrize("minimum", ["-1.5", "-1", "-0.5", "0", "0.5", "1"])
@pytest.mark.parametrize("maximum", ["3", "3.5", "4", "-0.5", "-1"])
def test_a_bound_between_two_whole_numbers_is_rounded_inwards(
    minimum: str, maximum: str, exclusive: bool
) -> None:
    low, high = Decimal(minimum), Decimal(maximum)
    domain = ValueDomain(minimum=low, maximum=high, minimum_exclusive=exclusive, maximum_exclusive=exclusive)
    inside: Callable[[int], bool] = (lambda n: low < n < high) if exclusive else (lambda n: low <= n <= high)
    assert finite_values(typed("a"), domain, ...) == tuple(filter(inside, range(-9, 9)))


ONE = ValueDomain(maximum_length=1)


@pytest.mark.parametrize(
    ("which", "domain", "wanted", "number"),
    [
        (letters("bpchar", 1), ONE, 7, 36),
        (letters("varchar", 1), ONE, 36, 36),
        (letters("varchar", 1), ValueDomain(maximum_length=1, excluded=("A",)), 7, 35),
        # Unusual ones only where they are needed.
        (letters("bpchar", 1), ONE, 50, 50),
        (letters("varchar", 2), ValueDomain(maximum_length=2), 7, 0),
        (letters("varchar", 1), ValueDomain(maximum_length=1, lowercase=True), 7, 0),
        (letters("char", 1), ONE, 36, 36),
        (letters("char", 1), ValueDomain(maximum_length=1, excluded=("A", "7")), 7, 34),
        # The empty text is the byte zero.
        (letters("char", 1), ONE, 37, 128),
        (letters("char", 1), ValueDomain(maximum_length=1, excluded=("A", "")), 50, 126),
        (bits("bit", 3), ValueDomain(), 7, 8),
        (bits("varbit", 2), ValueDomain(), 6, 6),
        (bits("varbit", 2), ValueDomain(), 7, 7),
        (bits("bit", 40), ValueDomain(), 7, 0),
        (numeric(1, 0), ValueDomain(), 7, 10),
        (numeric(1, 0), ValueDomain(), 11, 19),
        (
            numeric(2, 1),
            ValueDomain(minimum=Decimal("0.5"), maximum=Decimal(1), maximum_exclusive=True),
            9,
            5,
        ),
        (numeric(2, 1), ValueDomain(multiple_of=2), 9, 0),
        (numeric(9, 2), ValueDomain(), 7, 0),
        (column("d", "date"), ValueDomain(earliest=date(2024, 1, 1), latest=date(2024, 1, 7)), 9, 7),
        (column("d", "date"), ValueDomain(earliest=date(2024, 1, 1)), 9, 0),
        (column("d", "date"), ValueDomain(earliest=date(1900, 1, 1), latest=date(2024, 1, 7)), 9, 0),
    ],
)
def test_small_types_have_few_values(which: Column, domain: ValueDomain, wanted: int, number: int) -> None:
    found = finite_values(which, domain, ..., wanted)
    assert len(found) == number
    # As the strictest collation compares them; "char" has none.
    exact = is_single_byte(which.type)
    assert len({str(value) if exact else str(value).casefold() for value in found}) == number


@pytest.mark.parametrize(
    ("which", "domain", "values"),
    [
        (bits("bit", 1), ValueDomain(), ("0", "1")),
        (
            numeric(1, 1),
            ValueDomain(maximum=Decimal("0.2")),
            (Decimal("0.0"), Decimal("0.1"), Decimal("0.2")),
        ),
        (
            column("d", "date"),
            ValueDomain(earliest=date(2024, 1, 1), latest=date(2024, 1, 3), excluded=(date(2024, 1, 2),)),
            (date(2024, 1, 1), date(2024, 1, 3)),
        ),
    ],
)
def test_the_values_are_those_that_would_be_written(
    which: Column, domain: ValueDomain, values: tuple[Any, ...]
) -> None:
    assert finite_values(which, domain, ...) == values


@pytest.mark.parametrize(
    ("which", "domain", "values"),
    [
        (column("c"), ValueDomain(allowed=("a", "b")), ("a", "b")),
        (column("n", "int4"), ValueDomain(minimum=1, maximum=3, allowed=(2,)), (2,)),
        (column("f", "bool"), ValueDomain(), (False, True)),
        (column("n", "int4"), ValueDomain(minimum=1, maximum=4, excluded=(2,)), (1, 3, 4)),
        (column("n", "int4"), ValueDomain(minimum=1, maximum=4, minimum_exclusive=True), (2, 3, 4)),
        (column("n", "int4"), ValueDomain(minimum=1, maximum=4, maximum_exclusive=True), (1, 2, 3)),
        (column("n", "int4"), ValueDomain(minimum=Decimal("0.5"), maximum=Decimal("2.5")), (1, 2)),
        (column("n", "int4"), ValueDomain(minimum=1), ()),
        (column("n", "int4"), ValueDomain(maximum=1), ()),
        (column("n", "int4"), ValueDomain(minimum=1, maximum=10_001), ()),
        (column("c"), ValueDomain(), ()),
        # Below zero are all that there are.
        (numeric(1, 0), ValueDomain(maximum=0, maximum_exclusive=True), tuple(map(Decimal, range(-9, 0)))),
        (numeric(1, 0), ValueDomain(maximum=-8), (Decimal(-9), Decimal(-8))),
        (numeric(1, 0), ValueDomain(minimum=-1, maximum=1), (Decimal(0), Decimal(1))),
    ],
)
def test_the_values_of_a_domain_are_listed(
    which: Column, domain: ValueDomain, values: tuple[Any, ...]
) -> None:
    assert finite_values(which, domain, ...) == values


def test_ten_thousand_values_are_few() -> None:
    found = finite_values(column("n", "int4"), ValueDomain(minimum=1, maximum=10_000), ...)
    assert found == tuple(range(1, 10_001))


def test_an_array_of_few_values_has_many() -> None:
    flags = Column("f", ColumnType("boolean[]", "bool", "A", array=True))
    assert finite_values(flags, ValueDomain(), ...) == ()


@pytest.mark.parametrize(
    ("override", "values"),
    [
        (["a", "b"], ("a", "b")),
        (("a",), ("a",)),
        ("ab", ("ab",)),
        # A key never runs out of NULLs, nor of what a function returns.
        (None, ()),
        (["a", None], ()),
        (lambda row: row, ()),
    ],
)
def test_values_that_the_spec_gives_are_all_that_there_are(override: object, values: tuple[Any, ...]) -> None:
    assert finite_values(column("c"), ValueDomain(allowed=("x", "y")), override) == values


def test_a_column_that_references_has_few() -> None:
    found = table("t", reference("u_id", "u"), column("flag", "bool"), column("name"))
    assert [has_few(found, name, ("u_id",)) for name in ("u_id", "flag", "name")] == [True, True, False]
