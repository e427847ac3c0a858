"""Identifiers by their kind: forms, check digits, ranges that are nobody's; the form of an example in a comment."""

from __future__ import annotations

import re
from random import Random

import pytest

from pytest_supaseed.model.schema import Column
from pytest_supaseed.values.meanings.identifiers import example_of, of_form
from pytest_supaseed.values.types.identifiers import luhn_check_digit
from test_column_values import made, rows_of, table_of, typed


def texts(table: str, name: str, count: int = 30) -> list[str]:
    return made(name, typed("text"), table, count)


def mod_97(text: str) -> int:
    return int("".join(str(int(sign, 36)) for sign in text)) % 97


def luhn(text: str) -> bool:
    digits = "".join(str(int(sign, 36)) for sign in text)
    return luhn_check_digit(digits[:-1]) == digits[-1]


def weighted(text: str, weights: list[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(text, weights, strict=True))


def test_check_digits_are_right() -> None:
    assert all(luhn("80840" + text) for text in texts("providers", "npi"))
    assert all(luhn(text) for text in texts("securities", "isin"))
    assert all(mod_97(text) == 1 for text in texts("companies", "lei"))
    assert all(
        weighted(text, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0 for text in texts("branches", "routing_number")
    )
    assert all(
        weighted(text[:6], [7, 6, 5, 4, 3, 2]) % 10 == int(text[6]) for text in texts("vessels", "imo_number")
    )
    assert all(int(text[4:11]) % 7 == int(text[11]) for text in texts("shipments", "awb_number"))
    for text in texts("journals", "issn"):
        digits = [10 if sign == "X" else int(sign) for sign in text.replace("-", "")]
        assert sum(digit * weight for digit, weight in zip(digits, range(8, 0, -1), strict=True)) % 11 == 0


def test_published_examples_have_the_check_digits_that_are_computed() -> None:
    """The same rules, on numbers that stand in the standards."""
    assert luhn("80840" + "1234567893")
    assert luhn("US0378331005")
    assert mod_97("5493000IBP32UQZ0KL24") == 1
    assert weighted("011000015", [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0
    assert weighted("907472", [7, 6, 5, 4, 3, 2]) % 10 == 9


def test_the_check_digit_of_a_container_and_an_orcid() -> None:
    letters = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (n for n in range(10, 39) if n % 11), strict=True))

    def check(text: str) -> int:
        values = [letters.get(sign) or int(sign) for sign in text]
        return sum(value * 2**place for place, value in enumerate(values)) % 11 % 10

    # The example of ISO 6346.
    assert check("CSQU305438") == 3
    assert all(check(text[:10]) == int(text[10]) for text in texts("containers", "container_number"))
    for text in ("0000-0002-1825-0097", *texts("authors", "orcid")):
        total = 0
        for digit in text.replace("-", "")[:-1]:
            total = (total + int(digit)) * 2
        assert "0123456789X"[(12 - total % 11) % 11] == text[-1]


@pytest.mark.parametrize(
    ("table", "name", "pattern"),
    [
        ("customers", "stripe_customer_id", r"cus_[A-Za-z0-9]{14}"),
        ("customers", "stripeCustomerId", r"cus_[A-Za-z0-9]{14}"),
        ("payments", "stripe_payment_intent_id", r"pi_[A-Za-z0-9]{24}"),
        ("payments", "payment_intent_id", r"pi_[A-Za-z0-9]{24}"),
        ("subscriptions", "stripe_subscription_id", r"sub_[A-Za-z0-9]{24}"),
        ("plans", "stripe_price_id", r"price_[A-Za-z0-9]{24}"),
        ("calls", "twilio_call_sid", r"CA[0-9a-f]{32}"),
        ("users", "slack_user_id", r"U0[A-Z0-9]{9}"),
        ("roles", "role_arn", r"arn:aws:\w+::0{12}:\w+/[a-z]+-\d{3}"),
        ("deployments", "commit_sha", r"[0-9a-f]{40}"),
        ("deployments", "short_sha", r"[0-9a-f]{7}"),
        ("diagnoses", "icd10_code", r"[A-Z]\d\d(\.[0-9A-Z]+)?"),
        ("procedures", "cpt_code", r"\d{5}"),
        ("lab_results", "loinc_code", r"\d{3,5}-\d"),
        ("medications", "ndc", r"99999-\d{4}-\d\d"),
        ("patients", "mrn", r"MRN-\d{7}"),
        ("invoices", "number", r"INV-\d{4}-\d{5}"),
        ("orders", "order_number", r"ORD-\d{4}-\d{6}"),
        ("vehicles", "license_plate", r"[XQZ][A-Z]{2}-0\d{3}"),
        ("flights", "origin_airport", r"[A-Z]{3}"),
        ("ports", "unlocode", r"[A-Z]{5}"),
        ("articles", "doi", r"10\.5555/[a-z0-9.]+"),
        ("tracks", "isrc", r"ZZ[ABX][A-Z0-9]{2}\d{7}"),
        ("devices", "dev_eui", r"02[0-9A-F]{14}"),
        ("companies", "tax_id", r"00-\d{7}"),
        ("emails", "provider_message_id", r"<[0-9a-f]{16}@mail\.example\.com>"),
        ("designs", "accent_color", r"#[0-9a-f]{6}"),
        ("bookings", "confirmation_number", r"[A-Z0-9]{6}"),
    ],
)
def test_identifiers_have_the_form_of_their_kind(table: str, name: str, pattern: str) -> None:
    values = texts(table, name)
    assert all(re.fullmatch(pattern, value) for value in values), values[:5]
    assert len(set(values)) > 2


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("Number of the order, e.g. ORD-2024-000123", "ORD-2024-000123"),
        ("Format: AB-1234.", "AB-1234"),
        ("such as `X7-99`", "X7-99"),
        ("for example 12/345", "12/345"),
        ('example: "SKU_0042"', "SKU_0042"),
        ("like the others", ""),
        ("e.g. a red one", ""),
        ("The number 5", ""),
    ],
)
def test_the_example_of_a_comment(comment: str, code: str) -> None:
    assert example_of(comment) == code


@pytest.mark.parametrize(
    ("code", "pattern"),
    [
        ("ORD-2024-000123", r"ORD-202[345]-\d{6}"),
        ("AB-1234", r"[A-Z]{2}-\d{4}"),
        ("ab-12", r"[a-z]{2}-\d\d"),
        ("INV/YYYY/NNNN", r"INV/202[345]/\d{4}"),
        ("XXX-999", r"[A-Z]{3}-\d{3}"),
        ("LOT###", r"LOT\d{3}"),
    ],
)
def test_a_code_of_the_form_of_an_example(code: str, pattern: str) -> None:
    found = [of_form(code, Random(seed), 2025) for seed in range(20)]
    assert all(re.fullmatch(pattern, text) for text in found), found
    assert len(set(found)) > 10


def test_a_comment_gives_the_form_whatever_the_name_says() -> None:
    column = Column("tracking_number", typed("text"), comment="Ours, e.g. XK-2024-0001")
    found = [row["tracking_number"] for row in rows_of(table_of("orders", column))]
    assert all(re.fullmatch(r"[A-Z]{2}-202[345]-\d{4}", text) for text in found)
