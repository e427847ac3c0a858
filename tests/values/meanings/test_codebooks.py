"""Codes agree with what stands beside them in a row, whichever of both comes first."""

from __future__ import annotations

import pytest

from pytest_supaseed.model.schema import Column
from pytest_supaseed.values.meanings.codebooks import BOOKS, FIELDS
from test_column_values import rows_of, table_of, typed


@pytest.mark.parametrize(
    ("table", "columns", "book", "fields"),
    [
        ("diagnoses", ("icd_code", "description"), "icd", ("code", "text")),
        ("encounters", ("diagnosis", "icd_10_code"), "icd", ("text", "code")),
        ("charges", ("cpt_code", "procedure_name"), "cpt", ("code", "text")),
        ("lab_tests", ("loinc_code", "test_name", "unit"), "loinc", ("code", "text", "unit")),
        ("airports", ("iata_code", "icao_code", "name", "city"), "airport", ("iata", "icao", "name", "city")),
        ("cards", ("card_number", "card_brand", "last4"), "card", ("number", "brand", "last")),
        ("merchants", ("mcc", "mcc_description"), "mcc", ("code", "text")),
    ],
)
def test_the_fields_of_an_entry_agree(
    table: str, columns: tuple[str, ...], book: str, fields: tuple[str, ...]
) -> None:
    records = BOOKS[book]
    entries = {tuple(records.of(row, name) for name in fields) for row in records.rows}
    rows = rows_of(table_of(table, *(Column(name, typed("text")) for name in columns)))
    assert all(tuple(row[name] for name in columns) in entries for row in rows), rows[0]


def test_a_reason_follows_the_number_of_a_status() -> None:
    rows = rows_of(
        table_of(
            "deliveries", Column("http_status", typed("int4")), Column("http_status_text", typed("text"))
        )
    )
    http = BOOKS["http"]
    for row in rows:
        entry = http.find("code", str(row["http_status"]))
        assert entry is not None
        assert row["http_status_text"] == http.of(entry, "text")


def test_a_description_without_a_code_is_no_entry() -> None:
    texts = {text for _, text in BOOKS["icd"].rows}
    rows = rows_of(table_of("conditions", Column("description", typed("text"))))
    assert not any(row["description"] in texts for row in rows)


def test_every_name_is_of_a_field_that_its_book_has() -> None:
    for line in FIELDS.declared:
        book, _, field = line.text.rstrip("?+").partition(".")
        assert line.text == "-" or field in BOOKS[book].fields, line
