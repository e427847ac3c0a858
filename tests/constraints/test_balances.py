"""Sums that trigger functions compare, by their text."""

from __future__ import annotations

from decimal import Decimal

from pytest_supaseed.constraints.balances import (
    Balance,
    balances_of,
    constants_compared,
    sum_expressions,
    sums_over,
)
from pytest_supaseed.model.schema import Column, ColumnType, Table, TableName

NUMBER = ColumnType("numeric", "numeric", "N")
TEXT = ColumnType("text", "text", "S")
POSTING = Table(
    TableName("public", "posting"),
    (
        Column("entry_id", ColumnType("integer", "int4", "N")),
        Column("side", TEXT),
        Column("debit", NUMBER),
        Column("credit", NUMBER),
        Column("currency", TEXT),
    ),
)


def test_columns_that_are_summed() -> None:
    source = (
        "SELECT sum(p.debit) - coalesce(SUM ( CASE WHEN side = 'x' THEN -credit END), 0) -- sum(entry_id)"
    )
    assert sums_over(source, POSTING) == ("debit", "credit")
    assert sums_over("SELECT count(debit), sum(other)", POSTING) == ()


def test_hypotheses_about_two_columns_and_about_each() -> None:
    source = (
        "SELECT sum(debit), sum(credit) FROM posting p WHERE p.entry_id = new.entry_id GROUP BY p.currency"
    )
    alike = ("currency", "entry_id")
    assert list(balances_of(source, POSTING, ["side"])) == [
        Balance(("debit", "credit"), alike=alike),
        Balance(("debit",), alike=alike),
        Balance(("credit",), alike=alike),
    ]


def test_a_side_that_the_function_reads_is_tried_first() -> None:
    source = "SELECT sum(debit) FILTER (WHERE side = 'd') FROM posting WHERE id_entry_id = new.entry_id"
    assert list(balances_of(source, POSTING, ["side"])) == [Balance(("debit",), "side"), Balance(("debit",))]


def test_expressions_are_without_aliases() -> None:
    source = "SELECT sum(p.debit * (p.credit + 1.5)), sum(x.other) FROM posting p"
    assert sum_expressions(source, POSTING) == ("debit * (credit + 1.5)",)


def test_numbers_that_are_compared() -> None:
    source = "IF s <> 100 OR s > 99.5 OR n = 0 OR m IS DISTINCT FROM 100 OR x < 2 * 3 THEN"
    assert constants_compared(source) == (Decimal(100), Decimal("99.5"))
