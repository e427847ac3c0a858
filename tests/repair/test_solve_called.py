"""What the bodies of functions tell of the columns that they are called for."""

from __future__ import annotations

import pytest

from builders import column, table
from pytest_supaseed.constraints.domain import Pattern, ValueDomain
from pytest_supaseed.model.schema import Check
from pytest_supaseed.repair.solve import hints_of


def matching(regex: str, *, ignoring: bool = False) -> ValueDomain:
    return ValueDomain(patterns=(Pattern(regex, ignoring),))


@pytest.mark.parametrize(
    ("body", "values", "patterns"),
    [
        ("SELECT a IN ('EUR', 'it''s')", ["EUR", "it's"], []),
        ("RETURN a ~ '^[a-z]+$'", [], [matching(r"^[a-z]+\Z")]),
        ("RETURN a ~* '^x'", [], [matching("^x", ignoring=True)]),
        ("RETURN a LIKE 'usr_%'", [], [matching(r"^usr..*\Z")]),
        ("RETURN (a ~~ 'x%'::text)", [], [matching(r"^x.*\Z")]),
        ("RETURN a !~ 'x' AND a NOT LIKE 'y%'", [], []),
        ("-- it's 'this'\nSELECT a = 'that' /* or 'those' */", ["that"], []),
        ("BEGIN RETURN a > 5; END", [], []),
        ("SELECT a IN (" + ", ".join(["'x'"] * 500) + ")", [], []),
    ],
)
def test_a_body_tells_what_a_column_may_be(body: str, values: list[str], patterns: list[ValueDomain]) -> None:
    check = Check("c", "f(a)", ("a",), called=body)
    hints = hints_of(table("t", column("a"), check), [check])
    assert (hints.values.get("a", []), hints.patterns.get("a", [])) == (values, patterns)


def test_a_number_is_no_text() -> None:
    check = Check("c", "f(a, b)", ("a", "b"), called="SELECT b = 'x'")
    hints = hints_of(table("t", column("a", "int4"), column("b"), check), [check])
    assert hints.values == {"b": ["x"]}


def test_a_check_that_calls_nothing_tells_nothing() -> None:
    check = Check("c", "(a = 'x'::text)", ("a",))
    assert hints_of(table("t", column("a"), check), [check]).values == {}
