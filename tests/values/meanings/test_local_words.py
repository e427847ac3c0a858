"""Texts in the words of the locale: sentences, titles, categories, colours; the order of names."""

from __future__ import annotations

from typing import Any

import pytest
from faker.factory import Factory

from pytest_supaseed.model.schema import Column
from pytest_supaseed.values.meanings.people import full_name
from test_column_values import rows_of, table_of, typed


def rows(locale: str, table: str, *names: str, count: int = 40) -> list[dict[str, Any]]:
    of = table_of(table, *(Column(name, typed("text")) for name in names))
    return rows_of(of, count, faker=Factory.create(locale), locale=locale)


def words(locale: str) -> set[str]:
    providers = Factory.create(locale).get_providers()
    phrases = [phrase for provider in providers for phrase in getattr(provider, "word_list", ())]
    return {word.strip(".").lower() for phrase in phrases for word in phrase.split()}


@pytest.mark.parametrize("locale", ["de_DE", "fr_FR", "es_ES", "it_IT", "ja_JP", "pl_PL"])
def test_texts_are_written_in_the_words_of_the_locale(locale: str) -> None:
    known = words(locale)
    for table, *names in (
        ("products", "description"),
        ("reviews", "title", "body"),
        ("posts", "title", "content"),
    ):
        for row in rows(locale, table, *names):
            for name in names:
                if locale != "ja_JP":
                    assert {word.strip(".").lower() for word in row[name].split()} <= known, row
                else:
                    assert not row[name].isascii()


def test_a_locale_without_words_of_its_own_is_written_in_english() -> None:
    assert all(row["description"].isascii() for row in rows("sv_SE", "tasks", "description"))


def test_colours_and_categories_are_of_the_locale() -> None:
    found = rows("de_DE", "products", "color", "category")
    assert not {"yellow", "silver", "orange", "black"} & {row["color"] for row in found}
    assert {row["category"].lower() for row in found} <= words("de_DE")


@pytest.mark.parametrize(
    ("locale", "expected"), [("hu_HU", "Nagy Béla"), ("ja_JP", "Nagy Béla"), ("de_DE", "Béla Nagy")]
)
def test_the_order_of_names(locale: str, expected: str) -> None:
    assert full_name("Béla", "Nagy", locale) == expected


def test_an_address_follows_a_name_in_either_order() -> None:
    for row in rows("hu_HU", "users", "full_name", "first_name", "last_name"):
        assert row["full_name"] == f"{row['last_name']} {row['first_name']}"


def test_short_columns_get_short_texts() -> None:
    of = table_of("products", Column("description", typed("varchar", length=12)))
    found = rows_of(of, faker=Factory.create("de_DE"), locale="de_DE")
    assert all(0 < len(row["description"]) <= 12 for row in found)


def test_names_of_persons_are_of_the_locale() -> None:
    names = {row["manager_name"] for row in rows("ja_JP", "departments", "manager_name")}
    assert not any(name.isascii() for name in names)
