"""Check digits, against published identifiers."""

from __future__ import annotations

import pytest

from pytest_supaseed.values.types.identifiers import (
    ean_check_digit,
    iban_check_digits,
    isbn_10_check_digit,
    luhn_check_digit,
)


@pytest.mark.parametrize(
    "identifier",
    [
        "9780393040029",
        "4006381333931",
        "9770317847001",
        pytest.param("036000291452", id="a UPC has 12 digits"),
        pytest.param("73513537", id="an EAN-8 has 8"),
    ],
)
def test_ean(identifier: str) -> None:
    assert ean_check_digit(identifier[:-1]) == identifier[-1]


@pytest.mark.parametrize("identifier", ["039304002X", "0306406152", "080442957X"])
def test_isbn_10(identifier: str) -> None:
    assert isbn_10_check_digit(identifier[:-1]) == identifier[-1]


@pytest.mark.parametrize(
    "identifier", ["4242424242424242", "378282246310005", "490154203237518", "79927398713"]
)
def test_luhn(identifier: str) -> None:
    assert luhn_check_digit(identifier[:-1]) == identifier[-1]


@pytest.mark.parametrize(
    "identifier", ["DE89370400440532013000", "FR7630006000011234567890189", "ES9121000418450200051332"]
)
def test_iban(identifier: str) -> None:
    assert iban_check_digits(identifier[:2], identifier[4:]) == identifier[2:4]
