"""The next value of what is written as a code, an address, a range."""

from __future__ import annotations

import ipaddress
import re
import string
from collections.abc import Callable
from math import prod

_ALPHABETS = (string.digits, string.ascii_lowercase, string.ascii_uppercase)
_HEX = "0123456789abcdef"


def counted(value: str, number: int) -> str | None:
    """Turn the letters and digits of a code on, like a counter: ``AB-99`` to ``AC-00``.

    Args:
        value: a text.
        number: by how much; less than the number of codes of that form.

    Returns:
        The code; None where there are not that many.
    """
    characters = list(value)
    size, carry = 1, number
    for at, alphabet in _places(value):
        size *= len(alphabet)
        carry, place = divmod(alphabet.index(characters[at]) + carry, len(alphabet))
        characters[at] = alphabet[place]
    return "".join(characters) if number < size else None


def codes_like(value: str) -> int:
    """Return how many codes of the form of one there are.

    Args:
        value: a text.

    Example:
        >>> codes_like("AB-99")
        67600
    """
    return prod(len(alphabet) for _, alphabet in _places(value))


def _places(value: str) -> list[tuple[int, str]]:
    """The letters and digits of a code, the last one first, and what can stand in their place."""
    content = [character for character in value if character.isalnum()]
    hexadecimal = len(content) >= 6 and all(character in _HEX for character in content)
    alphabets = [next((a for a in _ALPHABETS if character in a), "") for character in value]
    found = [(at, _HEX if hexadecimal else alphabet) for at, alphabet in enumerate(alphabets) if alphabet]
    return found[::-1]


def _next_address(value: str, number: int) -> str | None:
    address = ipaddress.ip_address(value)
    last = 2**address.max_prefixlen
    return str(type(address)((int(address) + number) % last)) if number < last else None


def _next_network(value: str, number: int) -> str | None:
    network = ipaddress.ip_network(value)
    size = 2**network.prefixlen
    if number >= size:
        return None
    place = (int(network.network_address) // network.num_addresses + number) % size
    return f"{ipaddress.ip_address(place * network.num_addresses)}/{network.prefixlen}"


def _next_range(value: str, number: int) -> str:
    return re.sub(r"\d+", lambda found: str(int(found[0]) + number), value)


def _labelled(value: str, number: int) -> str:
    return f"{value}.n{number + 1}"


# By pg_type.typname: takes a value and by how much to move it on.
TEXT_FORMS: dict[str, Callable[[str, int], str | None]] = {
    "inet": _next_address,
    "cidr": _next_network,
    "macaddr": counted,
    "macaddr8": counted,
    "int4range": _next_range,
    "int8range": _next_range,
    "numrange": _next_range,
    "int4multirange": _next_range,
    "int8multirange": _next_range,
    "nummultirange": _next_range,
    "ltree": _labelled,
    "pg_lsn": counted,
}
