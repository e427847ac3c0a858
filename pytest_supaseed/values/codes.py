"""Numbers of books, banks, cards and cars: well formed, and nobody's."""

from __future__ import annotations

from random import Random

# What the payment services publish for tests.
TEST_CARDS = (
    "4242424242424242", "4000056655665556", "4111111111111111", "5555555555554444", "5105105105105100",
    "2223003122003222", "378282246310005", "371449635398431", "6011111111111117", "3056930009020004",
)  # fmt: skip
_VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


def _digits(count: int, random: Random) -> str:
    return "".join(random.choices("0123456789", k=count))


def check_digit(digits: str) -> str:
    """Return the check digit of an EAN, a UPC or an ISBN-13: the last weight before it is 3."""
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def ean(most: int | None, random: Random) -> str:
    """An EAN of those that shops give out themselves, or as many of its digits as there is room for."""
    size = 13 if most is None or most >= 13 else 12 if most == 12 else 8
    digits = "2" + _digits(size - 2, random)
    return (digits + check_digit(digits))[:most]


def isbn(short: bool, random: Random) -> str:
    """An ISBN of 13 digits, or of 10."""
    digits = _digits(9, random)
    if short:
        total = sum((10 - at) * int(digit) for at, digit in enumerate(digits))
        check = -total % 11
        return digits + ("X" if check == 10 else str(check))
    return f"978{digits}{check_digit('978' + digits)}"


def iban(random: Random) -> str:
    """An IBAN with its check digits, of a bank that there cannot be: no German sort code begins with a nine."""
    account = "99" + _digits(16, random)
    # DE00 as digits, after ISO 7064.
    check = 98 - int(account + "131400") % 97
    return f"DE{check:02}{account}"


def bic(most: int | None, random: Random) -> str:
    """A BIC of a bank that there is not, for tests."""
    return f"{random.choice(('EXAM', 'TEST', 'DEMO'))}{random.choice(('DE', 'FR', 'GB', 'US'))}00"[:most]


def card(random: Random) -> str:
    """The number of a card for tests."""
    return random.choice(TEST_CARDS)


def vin(random: Random) -> str:
    """The number of a car: no region has a zero."""
    return "0" + "".join(random.choices(_VIN_LETTERS, k=16))


def imei(random: Random) -> str:
    """The number of a device for tests, with its check digit after Luhn."""
    digits = "00" + _digits(12, random)
    total = sum(
        int(digit) if at % 2 == 0 else sum(divmod(2 * int(digit), 10)) for at, digit in enumerate(digits)
    )
    return digits + str(-total % 10)


def ssn(random: Random) -> str:
    """A social security number of an area that is never given out."""
    return f"000-{random.randint(1, 99):02}-{random.randint(1, 9999):04}"
