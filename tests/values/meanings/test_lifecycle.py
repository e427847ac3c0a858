"""The order in which the columns of a row are generated: those that others follow come first, wherever they stand."""

from __future__ import annotations

import pytest

from builders import column
from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.values.column import value_source
from test_column_values import table_of

# A table, a text column that follows others, and these, which stand behind it.
FOLLOWING: list[tuple[str, str, tuple[str, ...]]] = [
    ("settings", "value", ("key",)),
    ("permissions", "slug", ("name",)),
    ("vehicles", "model", ("make",)),
    ("users", "normalized_email", ("email",)),
    ("users", "email", ("first_name", "last_name")),
    ("accounts", "email", ("username",)),
    ("companies", "email", ("name",)),
    ("users", "username", ("first_name", "last_name")),
    ("users", "gender", ("first_name",)),
    ("users", "salutation", ("first_name",)),
    ("users", "display_name", ("first_name", "last_name")),
    ("pages", "meta_title", ("title",)),
    ("companies", "legal_name", ("name",)),
    ("companies", "website", ("name",)),
    ("companies", "domain", ("name",)),
    ("uploads", "extension", ("file_name",)),
    ("uploads", "mime_type", ("file_name",)),
    ("posts", "slug", ("title",)),
    ("orders", "zip", ("city",)),
    ("orders", "country", ("city",)),
    ("orders", "shipping_state", ("shipping_city",)),
    ("countries", "currency", ("name",)),
    ("languages", "locale", ("name",)),
]


@pytest.mark.parametrize(("table", "name", "followed"), FOLLOWING)
def test_a_text_follows_columns_that_stand_behind_it(
    table: str, name: str, followed: tuple[str, ...]
) -> None:
    columns = [column(other) for other in (name, *followed)]
    source = value_source(table_of(table, *columns), columns[0], ColumnFacts())
    assert source is not None
    assert source.uses == followed


@pytest.mark.parametrize(("table", "name", "followed"), FOLLOWING)
def test_none_follows_one_that_follows_it(table: str, name: str, followed: tuple[str, ...]) -> None:
    columns = [column(other) for other in (*followed, name)]
    for other in columns[:-1]:
        source = value_source(table_of(table, *columns), other, ColumnFacts())
        assert source is not None
        assert name not in source.uses
