"""Values of a column, without the constants that a CHECK makes exceptions of."""

from __future__ import annotations

import pytest

from builders import column, table
from pytest_supaseed.constraints.column import usual_domain, value_domain
from pytest_supaseed.model.schema import Check


@pytest.mark.parametrize(
    ("check", "least"),
    [
        ("((length(TRIM(BOTH FROM id)) > 10) OR (id = 'global'::text))", 11),
        ("((id = ANY (ARRAY['a'::text, 'b'::text])) OR (length(id) >= 3) OR (char_length(id) > 7))", 3),
        ("((length(id) > 10) OR (id ~ '^x'::text))", None),
        ("((id = 'global'::text) OR (id = 'local'::text))", None),
        ("((length(id) > 10) OR opaque(id))", None),
        ("(length(id) > 10)", 11),
    ],
)
def test_exceptions_are_left_out(check: str, least: int | None) -> None:
    made = table("scopes", column("id", "text"), Check("c", check, ("id",)))
    assert usual_domain(made, made.column("id")).minimum_length == least


def test_other_columns_may_decide() -> None:
    made = table(
        "scopes",
        column("id", "text"),
        column("kind", "text"),
        Check("c", "((length(id) > 9) OR (kind = 'a'))", ("id", "kind")),
    )
    assert usual_domain(made, made.column("id")) == value_domain(made, made.column("id"))
