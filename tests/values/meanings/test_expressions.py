"""Formulas that comments and generated columns state, in the rows of their table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from test_agreement_in_rows import NAMES, spelt_column

from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.values.meanings.formulas.equations import equations
from pytest_supaseed.values.meanings.formulas.expressions import stated_formula
from test_column_values import rows_of, table_of

N = "numeric(12,2)"


def _table(columns: str, comment: str = "", generated: str = "") -> Table:
    """A table whose last column has a comment, or is generated."""
    *others, last = map(spelt_column, columns.split("; "))
    if generated:
        last = replace(last, generated=True, default=generated)
    return table_of("entries", *others, replace(last, comment=comment))


# Columns, the comment of the last one, and a condition; None where the comment states nothing.
STATED: list[tuple[str, str, str | None]] = [
    (
        f"gross_usd {N}; commission_usd {N}; net_usd {N}",
        "gross_usd minus commission_usd",
        "near(net_usd, gross_usd - commission_usd)",
    ),
    (
        "hammerCents int8; premiumCents int8; vatCents int8; paidCents int8; balanceCents int8",
        "still owed: hammer + premium + VAT - paid",
        "balanceCents == hammerCents + premiumCents + vatCents - paidCents",
    ),
    (f"base_amount {N}; extras {N}; worth {N}", "base amount plus extras", "worth == base_amount + extras"),
    (f"pallets int4; boxes int4; load {N}", "Pallets times boxes.", "load == pallets * boxes"),
    (
        f"labour_hrs numeric(5,1); hr_rate {N}; parts_cost {N}; sum_due {N}",
        "labour_hrs * hr_rate + parts_cost",
        "near(sum_due, labour_hrs * hr_rate + parts_cost)",
    ),
    (
        "cast_ballots int4; electorate int4; part numeric(7,2)",
        "cast_ballots in percent of electorate",
        "near(part, 100 * cast_ballots / electorate)",
    ),
    (
        "reported_at timestamptz; patrol_came_at timestamptz; response int4?",
        "Whole minutes from reported_at to patrol_came_at",
        "response is None or near(response, seconds(reported_at, patrol_came_at) / 60, 1)",
    ),
    (
        "date_of_birth date; date_of_death date; years_lived int2?",
        "Completed years between date_of_birth and date_of_death",
        "years_lived is None or 0 <= years_lived <= date_of_death.year - date_of_birth.year",
    ),
    (f"price {N}; note int4", "shown to the customer", None),
    (f"price {N}; note int4", "a well-known number - see the manual", None),
    (f"price {N}; cost {N}; note int4", "price, cost and so on", None),
]


@pytest.mark.parametrize(("columns", "comment", "condition"), STATED)
def test_what_a_comment_states(columns: str, comment: str, condition: str | None) -> None:
    table = _table(columns, comment)
    if condition is None:
        assert stated_formula(table, table.columns[-1]) is None
        return
    for row in rows_of(table, 25):
        names: dict[str, Any] = {**NAMES, **row}
        assert eval(condition, {}, names), row


GENERATED = [
    # What is left of a generated total is computed from its parts.
    (
        f"net {N}; tax {N}; paid {N}; balance {N}; total {N}",
        "(net + tax)",
        "near(balance, net + tax - paid) and 0 <= paid <= net + tax",
    ),
    (
        "gross_kg numeric(9,1); tare_kg numeric(9,1); net_kg numeric(9,1)",
        "(gross_kg - tare_kg)",
        "0 < tare_kg < gross_kg",
    ),
]


@pytest.mark.parametrize(("columns", "expression", "condition"), GENERATED)
def test_what_a_generated_column_states(columns: str, expression: str, condition: str) -> None:
    for row in rows_of(_table(columns, generated=expression), 25):
        assert eval(condition, {}, {**NAMES, **row}), row


def test_a_comment_against_the_name() -> None:
    """By their names the gross amount would be the sum of net amount and fee."""
    columns: list[Column] = [spelt_column(f"{name} {N}") for name in ("gross_amount", "fee", "net_amount")]
    columns[2] = replace(columns[2], comment="gross_amount minus fee")
    found = equations(table_of("payouts", *columns))
    assert found.uses["net_amount"] == ("gross_amount", "fee")
    assert "net_amount" not in found.uses.get("gross_amount", ())
