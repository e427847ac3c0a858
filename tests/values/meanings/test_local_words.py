"""Texts in the words of the locale: sentences, titles, categories, colours; the order of names."""

from __future__ import annotations

import re
from typing import Any

import pytest
from faker.factory import Factory

from pytest_supaseed.model.schema import Column
from pytest_supaseed.values.meanings.gazetteer import phrases
from pytest_supaseed.values.meanings.people import full_name
from test_column_values import rows_of, table_of, typed


def rows(locale: str, table: str, *names: str, count: int = 40) -> list[dict[str, Any]]:
    of = table_of(table, *(Column(name, typed("text")) for name in names))
    return rows_of(of, count, faker=Factory.create(locale), locale=locale)


LOCALES = ("de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pt_BR", "ja_JP", "pl_PL", "sv_SE", "tr_TR")
KINDS = {"day", "month", "category", "product", "label", "color", "unit", "title", "reason", "sentence"}


def texts(locale: str, kind: str) -> list[str]:
    """What may stand in texts of a kind, as regular expressions."""
    known = phrases()
    row = next(row for row in known.all("language", locale[:2]) if known.of(row, "kind") == kind)
    found = known.of(row, "texts").split(" | ")
    return [re.sub(r"\\{\w+\\}", ".+", re.escape(text)) for text in found]


def one_of(locale: str, kind: str, after: str = "") -> re.Pattern[str]:
    return re.compile(f"(?i:{'|'.join(texts(locale, kind))}){after}")


@pytest.mark.parametrize("locale", LOCALES)
def test_texts_are_written_in_the_language_of_the_locale(locale: str) -> None:
    assert {phrases().of(row, "kind") for row in phrases().all("language", locale[:2])} == KINDS
    cases = (
        ("tasks", "description", one_of(locale, "sentence", ".*")),
        ("reviews", "body", one_of(locale, "sentence", ".*")),
        ("orders", "note", one_of(locale, "sentence", ".*")),
        ("posts", "title", one_of(locale, "title")),
        ("winches", "title", one_of(locale, "title")),
        ("products", "name", one_of(locale, "product", r" [A-Z]\w+")),
        ("products", "category", one_of(locale, "category")),
        ("categories", "name", one_of(locale, "category")),
        ("products", "color", one_of(locale, "color")),
        ("products", "unit", one_of(locale, "unit")),
        ("keywords", "name", one_of(locale, "label")),
        ("orders", "cancellation_reason", one_of(locale, "reason")),
        ("things", "drawbridge_lever", one_of(locale, "label")),
    )
    for table, name, pattern in cases:
        for row in rows(locale, table, name, count=12):
            assert row[name] is None or pattern.fullmatch(row[name]), (table, row)


def test_a_locale_without_words_of_its_own_is_written_in_english() -> None:
    assert all(row["description"].isascii() for row in rows("hr_HR", "tasks", "description"))


def test_a_locale_with_random_words_alone_is_written_in_these() -> None:
    assert not any(row["description"].isascii() for row in rows("el_GR", "tasks", "description"))


def test_long_texts_differ_in_each_locale() -> None:
    assert len({row["description"] for row in rows("de_DE", "tasks", "description", count=200)}) > 150


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


@pytest.mark.parametrize(
    ("locale", "table", "names", "words"),
    [
        ("de_DE", "rechnungen", ("zahlungsart", "rechnungsart"), {"bar", "Karte", "Überweisung", "Rechnung"}),
        ("fr_FR", "adherents", ("sexe", "adresse"), {"femme", "homme", "autre"}),
        ("es_ES", "clientes", ("genero", "nombre"), {"mujer", "hombre", "otro"}),
        ("de_DE", "customers", ("gender", "payment_method"), {"female", "male", "other"}),
        ("en_US", "rechnungen", ("geschlecht", "zahlungsart"), {"female", "male", "other"}),
    ],
)
def test_words_of_enumerations_are_in_the_language_of_the_names(
    locale: str, table: str, names: tuple[str, ...], words: set[str]
) -> None:
    assert {row[names[0]] for row in rows(locale, table, *names)} - {None, "paypal", "Paypal"} <= words
