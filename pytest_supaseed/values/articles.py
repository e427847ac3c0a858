"""Numbers of articles with their check digits, as the types of contrib's isn take them."""

from __future__ import annotations

from typing import Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.schema import ColumnType
from pytest_supaseed.values.maker import Maker

# Where the numbers of each type begin, so that they can be told from one another, as a thirteen-digit EAN.
_PREFIXES = {
    "ean13": "400",
    "isbn": "978",
    "isbn13": "978",
    "issn": "977",
    "issn13": "977",
    "ismn": "9790",
    "ismn13": "9790",
    "upc": "0",
}


def _article(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    prefix = _PREFIXES[column_type.name]
    # An ISSN ends with two digits of its variant.
    end = "00" if column_type.name in ("issn", "issn13") else ""
    count = 12 - len(prefix) - len(end)
    digits = f"{prefix}{faker.random.randrange(10**count):0{count}}{end}"
    return f"{digits}{check_digit(digits)}"


def check_digit(digits: str) -> int:
    """Return the last digit of an EAN.

    Args:
        digits: the twelve before it.

    Example:
        >>> check_digit("978039304002")
        9
    """
    return -sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10


MAKERS: dict[str, Maker] = dict.fromkeys(_PREFIXES, _article)
