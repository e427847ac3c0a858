"""The order in which the columns of a row are generated, and which are never NULL, by what the meanings declare."""

from __future__ import annotations

import pytest

from builders import column
from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.schema import Column
from pytest_supaseed.values.column import value_source
from pytest_supaseed.values.meanings.formulas.derived import DERIVED
from pytest_supaseed.values.meanings.generation_order import SOMETIMES, share_of_nulls
from pytest_supaseed.values.meanings.meaning import Declaration
from pytest_supaseed.values.meanings.moments import MOMENTS
from pytest_supaseed.values.meanings.numbers import MEASURES
from pytest_supaseed.values.meanings.registry import MEANINGS
from test_column_values import table_of, typed

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
    source = value_source(table_of(table, *columns), columns[0], ValueDomain())
    assert source is not None
    assert source.uses == followed


@pytest.mark.parametrize(("table", "name", "followed"), FOLLOWING)
def test_none_follows_one_that_follows_it(table: str, name: str, followed: tuple[str, ...]) -> None:
    columns = [column(other) for other in (*followed, name)]
    for other in columns[:-1]:
        source = value_source(table_of(table, *columns), other, ValueDomain())
        assert source is not None
        assert name not in source.uses


DECLARED: tuple[Declaration, ...] = (*MEANINGS, *MEASURES, *DERIVED, *MOMENTS)
ESSENTIAL = [word for found in DECLARED for word in found.essential.split("|") if word]


@pytest.mark.parametrize("kind", ["text", "int4", "timestamptz", "uuid"])
@pytest.mark.parametrize("word", ESSENTIAL)
def test_a_column_that_no_row_can_do_without_is_never_null(word: str, kind: str) -> None:
    optional = Column(word, typed(kind), nullable=True)
    assert share_of_nulls(table_of("things", optional), optional, ValueDomain()) == 0


@pytest.mark.parametrize("name", ["middle_name", "maiden_name", "nick_name", "last_seen_at", "old_email"])
def test_an_optional_column_is_sometimes_null_whatever_it_holds(name: str) -> None:
    optional = Column(name, typed("text"), nullable=True)
    assert share_of_nulls(table_of("things", optional), optional, ValueDomain()) == SOMETIMES


def test_an_essential_word_is_declared_once() -> None:
    assert len(ESSENTIAL) == len({*ESSENTIAL}) > 80
