"""Bank accounts and payment cards that cannot exist or are published for tests."""

from __future__ import annotations

import re
from random import Random

from pytest_supaseed.values.meanings.meaning import Meaning, matched_range
from pytest_supaseed.values.meanings.writer import Ask
from pytest_supaseed.values.types.checkdigits import iban_check_digits, luhn_check_digit

# Test numbers that payment services publish.
TEST_CARDS = (
    "4242424242424242", "4000056655665556", "4111111111111111", "5555555555554444", "5105105105105100",
    "2223003122003222", "378282246310005", "371449635398431", "6011111111111117", "3056930009020004",
)  # fmt: skip


def card(random: Random) -> str:
    """A test card number."""
    return random.choice(TEST_CARDS)


def _next_card(found: re.Match[str], number: int) -> str:
    """A card number that cannot exist, because its check digit is wrong."""
    head, digits = found[1], len(found[2])
    place = int(found[2][:-1]) + number
    body = f"{head}{place % 10 ** (digits - 1):0{digits - 1}}"
    return body + str((int(luhn_check_digit(body)) + 5) % 10)


def _german_iban(account: int) -> str:
    """An IBAN of a bank that cannot exist: no German sort code begins with 9."""
    digits = f"99{account % 10**16:016}"
    return f"DE{iban_check_digits('DE', digits)}{digits}"


def bic(most: int | None, random: Random) -> str:
    """The BIC of a fictitious bank."""
    return f"{random.choice(('EXAM', 'TEST', 'DEMO'))}{random.choice(('DE', 'FR', 'GB', 'US'))}00"[:most]


def account_number(ask: Ask) -> str:
    """The number of an account, customer, policy or the like: digits."""
    return ask.digits(min(9, ask.most or 9))


CARD_NUMBER = Meaning(
    "card number",
    r"_(card|cc)_(number|no)_|_card_$",
    lambda ask: card(ask.faker.random),
    reserved=matched_range(
        r"(4242424242|4000056655|4111111111|5555555555|5105105105|2223003122|3782822463|3714496353|6011111111"
        r"|3056930009)(\d{4,6})",
        10**3,
        _next_card,
    ),
)
LAST_FOUR = Meaning(
    "last four digits of a card",
    r"_(last_4|last_four|card_last)_",
    lambda ask: card(ask.faker.random)[-4:],
)
CVV = Meaning("card verification value", r"_(cvv|cvc|csc)_", lambda ask: ask.digits(3))
IBAN = Meaning(
    "IBAN",
    r"_iban_",
    lambda ask: _german_iban(int(ask.digits(16))),
    reserved=matched_range(
        r"DE\d\d99(\d{16})", 10**16, lambda found, number: _german_iban(int(found[1]) + number)
    ),
)
BIC = Meaning("BIC", r"_(bic|swift)_", lambda ask: bic(ask.most, ask.faker.random))
ACCOUNT_NUMBER = Meaning(
    "account number",
    r"_(account|routing|customer|registration|passport|insurance|policy|phone_id|tax|vat|duns)_(number|no|id)_|_duns_",
    account_number,
)
