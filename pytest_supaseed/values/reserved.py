"""The next number or address of a range that is nobody's, so that values can differ and still be nobody's."""

from __future__ import annotations

import re

from pytest_supaseed.values.phones import next_phone, phones_like

# RFC 5737's three blocks, and after them RFC 3849's.
_BLOCKS = ("192.0.2.", "198.51.100.", "203.0.113.")
_HOSTS = 254
_IP = re.compile(r"(192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)(\d{1,3})|2001:db8::([0-9a-f]{1,8})")
_IBAN = re.compile(r"DE\d\d99(\d{16})")
_SSN = re.compile(r"000-(\d\d)-(\d{4})")
_CARD = re.compile(
    r"(4242424242|4000056655|4111111111|5555555555|5105105105|2223003122|3782822463|3714496353|6011111111|3056930009)"
    r"(\d{4,6})"
)
_HOST = re.compile(r"(?P<head>(?:https?://)?[\w-]+?)(?P<tail>\.example\.(?:com|org|net))")
_BARE = re.compile(r"https?://example\.(?:com|org|net)/?")


def next_reserved(value: str, number: int) -> str | None:
    """Return another value of the range that one is of.

    Args:
        value: a telephone number for fiction, an address for documentation, a bank account or card that cannot be.
        number: another value for each that is less than :func:`reserved_like`.

    Returns:
        The value; None where there are no more, or where the value is of no such range.

    Example:
        >>> next_reserved("+1-202-555-0199", 1), next_reserved("192.0.2.254", 1)
        ('+1-203-555-0100', '198.51.100.1')
    """
    if number >= reserved_like(value):
        return None
    if number == 0:
        return value
    if phones_like(value):
        return next_phone(value, number)
    found = _IP.fullmatch(value)
    if found is not None:
        return _address(found, number)
    found = _IBAN.fullmatch(value)
    if found is not None:
        account = f"99{(int(found[1]) + number) % 10**16:016}"
        return f"DE{98 - int(account + '131400') % 97:02}{account}"
    found = _SSN.fullmatch(value)
    if found is not None:
        place = (int(found[1] + found[2]) + number) % 10**6
        return f"000-{place // 10**4:02}-{place % 10**4:04}"
    found = _CARD.fullmatch(value)
    return None if found is None else _no_card(found[1], len(found[2]), int(found[2][:-1]) + number)


def reserved_like(value: str) -> int:
    """Return how many values there are in the range that one is of; 0 where it is of none.

    Args:
        value: a text.
    """
    for pattern, size in ((_IP, 2**31), (_IBAN, 10**16), (_SSN, 10**6), (_CARD, 10**3)):
        if pattern.fullmatch(value):
            return size
    return phones_like(value)


def around_number(value: str) -> tuple[str, str] | None:
    """Return what stands before and after a number in an address of the web, so that its domain stays nobody's.

    Args:
        value: a text.

    Returns:
        None where the number may stand at the end.

    Example:
        >>> around_number("shop.example.com"), around_number("https://example.com")
        (('shop', '.example.com'), ('https://example.com/', ''))
    """
    found = _HOST.fullmatch(value)
    if found is not None:
        return found["head"].rstrip("0123456789"), found["tail"]
    return (value.rstrip("/") + "/", "") if _BARE.fullmatch(value) else None


def _address(found: re.Match[str], number: int) -> str:
    if found[3] is not None:
        return f"2001:db8::{(int(found[3], 16) + number) % 2**32:x}"
    size = len(_BLOCKS) * _HOSTS
    place = _BLOCKS.index(found[1]) * _HOSTS + int(found[2]) - 1
    # Once around the blocks, then on in the other one.
    if number >= size:
        return f"2001:db8::{number - size + 1:x}"
    block, host = divmod((place + number) % size, _HOSTS)
    return f"{_BLOCKS[block]}{host + 1}"


def _no_card(head: str, digits: int, place: int) -> str:
    """A number whose check digit is wrong: it can be no card's."""
    body = f"{head}{place % 10 ** (digits - 1):0{digits - 1}}"
    total = sum(int(d) if at % 2 else sum(divmod(2 * int(d), 10)) for at, d in enumerate(reversed(body)))
    return body + str((5 - total) % 10)
