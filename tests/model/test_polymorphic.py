"""References that generated columns take out of other columns."""

from __future__ import annotations

import pytest

from pytest_supaseed.model.polymorphic import is_polymorphic, polymorphic_references
from pytest_supaseed.model.schema import Column, ColumnType, ForeignKey, Table, TableName

INTEGER = ColumnType("int4", "integer")
TEXT = ColumnType("text", "text")


def table(expression: str) -> Table:
    key = ForeignKey("fk", ("post_id",), TableName("public", "post"), ("id",))
    columns = (
        Column("Target", TEXT),
        Column("kind", TEXT),
        Column("key", INTEGER),
        Column("post_id", INTEGER, default=expression, generated=True),
    )
    return Table(TableName("public", "marks"), columns, foreign_keys=(key,))


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        (
            "CASE\n    WHEN (split_part((\"Target\")::text, '/'::text, 1) = 'post'::text) "
            "THEN (split_part((\"Target\")::text, '/'::text, 2))::integer\n    ELSE NULL::integer\nEND",
            {"Target": "post/7"},
        ),
        ("CASE WHEN (kind = 'post'::text) THEN key ELSE NULL::integer END", {"kind": "post", "key": "7"}),
        ("CASE WHEN ((kind)::text = 'it''s'::text) THEN key END", {"kind": "it's", "key": "7"}),
        ("CASE WHEN (kind ~~ 'post:%'::text) THEN (substr(kind, 6))::integer END", {"kind": "post:7"}),
        (
            "CASE WHEN starts_with(kind, 'post-'::text) THEN (SUBSTRING(kind FROM 6))::integer END",
            {"kind": "post-7"},
        ),
    ],
)
def test_what_a_row_has_that_references_a_row(expression: str, values: dict[str, str]) -> None:
    [found] = polymorphic_references(table(expression))
    assert found.values("7") == values
    assert is_polymorphic(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "CASE WHEN (kind = 'post'::text) THEN key ELSE 0 END",
        "CASE WHEN (split_part(kind, '/'::text, 1) = 'post'::text) THEN key END",
        "(key + 1)",
        "CASE WHEN (kind = 'post'::text) THEN elsewhere END",
    ],
)
def test_other_expressions_are_none(expression: str) -> None:
    assert polymorphic_references(table(expression)) == ()
