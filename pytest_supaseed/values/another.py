"""Other values for a unique column: of arrays, rows and ranges, and of types that are neither text, number nor time."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from pytest_supaseed.constraints import ColumnFacts, column_facts
from pytest_supaseed.schema import Column, Table, TableName
from pytest_supaseed.values import intervals, nested
from pytest_supaseed.values.capacity import CHARACTERS, capacity_of
from pytest_supaseed.values.column import value_source
from pytest_supaseed.values.context import Context
from pytest_supaseed.values.maker import drawing

# Takes a value, a number, the column and its facts; returns another value for each number, None where there is none.
Vary = Callable[[object, int, Column, ColumnFacts], "object | None"]
# PostgreSQL gives these identifiers to nothing of its own, and looks none of them up.
_FIRST_FREE_OID = 100_000
_LONGEST_BITS = 64
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
# None of them differs from another by its case alone. After ASCII: Greek, Cyrillic, Hiragana, Chinese.
_CHARACTERS = (
    *_LETTERS,
    *"!#$%&'()*+,-./:;<=>?@[]^_`{|}~",
    *map(chr, (*range(0x3B1, 0x3C2), *range(0x430, 0x450), *range(0x3041, 0x3094), *range(0x4E00, 0x9FA5))),
)


def array(value: list[object], number: int, column: Column, facts: ColumnFacts, vary: Vary) -> object | None:
    """Return another array.

    Args:
        value: an array; of one without elements there is no other.
        number: at least 1.
        column: the column.
        facts: what is known of it.
        vary: varies an element.
    """
    if not value:
        return None
    element, known = nested.element_column(column), nested.element_facts(facts)
    size = capacity_of(element.type, known)
    if size is None:
        varied = _first_varied(
            value, column.type.dimensions, lambda first: vary(first, number, element, known)
        )
        return varied if isinstance(varied, list) else None
    first: object = value
    for _ in range(column.type.dimensions):
        first = first[0] if isinstance(first, list) else first
    # The elements are few: count on, as digits do, in longer and longer arrays.
    place, length = number - 1, max(1, facts.minimum_length or 1)
    while size and place >= size**length:
        place -= size**length
        length += 1
    if not size or (facts.maximum_length is not None and length > facts.maximum_length):
        return None
    digits = [place // size**at % size for at in range(length)]
    found = [_nth(first, digit, element, known, vary) for digit in digits]
    if None in found:
        return None
    # A matrix gets one column.
    for _ in range(column.type.dimensions - 1):
        found = [[one] for one in found]
    return found


def _first_varied(value: object, depth: int, change: Callable[[object], object | None]) -> object | None:
    """An array with another first element, at whatever depth it lies."""
    if depth == 0 or not isinstance(value, list):
        return change(value)
    first = _first_varied(value[0], depth - 1, change)
    return None if first is None else [first, *value[1:]]


def composite(
    value: tuple[object, ...], number: int, column: Column, facts: ColumnFacts, vary: Vary
) -> object | None:
    """Return another row of a composite type.

    Args:
        value: the row.
        number: at least 1.
        column: the column.
        facts: what is known of it.
        vary: varies an attribute.
    """
    table = nested.table_of_attributes(Context(Table(TableName("", column.name), (column,)), column, facts))
    found, left = list(value), number
    for at, attribute in enumerate(table.columns):
        known = column_facts(table, attribute)
        size = capacity_of(attribute.type, known)
        if value[at] is None or size == 0:
            continue
        left, place = (0, left) if size is None else divmod(left, size)
        found[at] = _nth(value[at], place, attribute, known, vary)
        if found[at] is None:
            return None
    return tuple(found) if not left else None


def text(value: str, number: int, column: Column, facts: ColumnFacts) -> str | None:
    """Return another value of a type whose values are written as texts.

    Args:
        value: the value.
        number: at least 1.
        column: the column.
        facts: what is known of it.

    Returns:
        The value: most often another one for each number.
    """
    kind = column.type
    if kind.name in ("bit", "varbit"):
        return _bits(value, number, kind.length if kind.name == "varbit" else None, fixed=kind.name == "bit")
    if kind.name == "interval":
        return intervals.longer(value, number)
    if kind.name == "char":
        return CHARACTERS[(CHARACTERS.index(value) + number) % 128] if number < 128 else None
    if kind.name.startswith("reg"):
        return str(_FIRST_FREE_OID + number)
    source = value_source(Table(TableName("", column.name), (column,)), column, facts)
    # S: texts are varied by the way they are written.
    if source is None or kind.category == "S":
        return None
    found = source.choose(drawing(Random(number)), {})  # noqa: S311 nothing but its random is used
    return found if isinstance(found, str) else None


def short_text(number: int, most: int) -> str | None:
    """Return a text of a few characters.

    Args:
        number: at least 1; another text for each.
        most: most characters.
    """
    characters = _CHARACTERS if most == 1 else _LETTERS
    left, text = number, ""
    while left and len(text) <= most:
        left, place = divmod(left - 1, len(characters))
        text = characters[place] + text
    return text if text and not left and len(text) <= most else None


def document(value: object, number: int) -> object | None:
    """Return another JSON document that is no object and no array.

    Args:
        value: the document.
        number: at least 1.
    """
    if isinstance(value, (int, float)):
        return value + number
    if isinstance(value, str) and value.startswith('"'):
        return re.sub(r'\d*"$', f'{number + 1}"', value)
    return None


def _nth(value: object, place: int, column: Column, facts: ColumnFacts, vary: Vary) -> object | None:
    return value if place == 0 else vary(value, place, column, facts)


def _bits(value: str, number: int, most: int | None, *, fixed: bool) -> str | None:
    if fixed:
        size = 2 ** len(value)
        return f"{(int(value, 2) + number) % size:0{len(value)}b}" if value and number < size else None
    # Counted through all lengths: nothing, 0, 1, 00, 01 and so on.
    size = 2 ** (min(most or _LONGEST_BITS, _LONGEST_BITS) + 1) - 1
    place = (2 ** len(value) - 1 + int(value or "0", 2) + number) % size
    length = (place + 1).bit_length() - 1
    return (f"{place + 1 - 2**length:0{length}b}" if length else "") if number < size else None
