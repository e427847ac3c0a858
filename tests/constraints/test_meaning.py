"""CHECKs that list kinds of rows are meant to be true, not only not false."""

from __future__ import annotations

import pytest

from pytest_supaseed.constraints.meaning import meant
from pytest_supaseed.model.schema import Check
from tests.builders import column, table

NODES = table(
    "nodes", column("kind", "text"), column("up", "text", nullable=True), column("n", "int4", nullable=True)
)


@pytest.mark.parametrize(
    "expression",
    [
        "((kind = 'a'::text) AND (up = 'top'::text)) OR ((kind = 'b'::text) AND (up IS NULL))",
        "((kind = 'a'::text) AND (up = 'top'::text)) OR ((kind = 'b'::text) AND (up <> 'top'::text))",
        "((kind = ANY (ARRAY['a'::text, 'b'::text])) AND (n > 5)) OR ((kind = 'c'::text) AND (up IS NOT NULL))",
    ],
)
def test_a_branch_that_does_not_mention_null_wants_a_value(expression: str) -> None:
    check = Check("c", expression, ("kind", "up", "n"))
    assert meant(NODES, check).expression == f"({expression}) IS TRUE"
    assert meant(NODES, check).name == "c"


@pytest.mark.parametrize(
    "expression",
    [
        # No kinds, one branch, NULL is mentioned in each branch, another column in each branch, no expression.
        "(up = 'top'::text) OR (n > 5)",
        "(kind = 'a'::text) AND (up = 'top'::text)",
        "((kind = 'a'::text) AND (up IS NOT NULL)) OR ((kind = 'b'::text) AND (up IS NULL))",
        "(kind <> kind) OR (up = 'top'::text)",
        "((kind = 'a'::text) AND (up = 'x'::text)) OR (n = 5)",
        "(((",
    ],
)
def test_other_checks_are_read_as_they_are(expression: str) -> None:
    check = Check("c", expression, ("kind", "up", "n"))
    assert meant(NODES, check) is check


def test_a_check_of_one_column_or_of_a_function_is_read_as_it_is() -> None:
    expression = "((kind = 'a'::text) AND (up = 'top'::text)) OR ((kind = 'b'::text) AND (up IS NULL))"
    for check in (Check("c", expression, ("kind",)), Check("c", expression, ("kind", "up"), called="SELECT")):
        assert meant(NODES, check) is check
