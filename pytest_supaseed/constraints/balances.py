"""Sums over rows that trigger functions compare, by their text: :func:`balances_of`, :func:`sum_expressions`.

A function that sums a column over the rows of an entry wants the sum to be nothing, or to be equal to another one.
Which of these it is, is not read: each :class:`Balance` is a hypothesis that PostgreSQL has to confirm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pytest_supaseed.model.schema import Table
from pytest_supaseed.model.type_families import has_numeric_category

_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_SUM = re.compile(r"\bsum\s*\(", re.IGNORECASE)
_NAME = r'(?:"?\w+"?\.)?"?\w+"?'
_GROUP_BY = re.compile(rf"\bgroup\s+by\s+({_NAME}(?:\s*,\s*{_NAME})*)", re.IGNORECASE)
_SAME_AS_NEW = re.compile(r"(?<!\w)(?:\w+\.)?(\w+)\s*=\s*new\.\1\b", re.IGNORECASE)
_ALIAS = re.compile(r"\b[a-z_]\w*\.(?=[a-z_\"])", re.IGNORECASE)
_CONSTANT = re.compile(r"(?:<>|!=|[<>]=?|=|\bfrom)\s*\(?(\d+(?:\.\d+)?)\b(?!\s*[.*/])", re.IGNORECASE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Balance:
    """Columns whose sums over the rows of a group are equal.

    Attributes:
        amounts: one column, whose values add up to nothing; or two, whose sums are equal.
        side: a column that says whether the value is added or subtracted; None where the value's sign does.
        alike: columns that the rows of a group have in common.
    """

    amounts: tuple[str, ...]
    side: str | None = None
    alike: tuple[str, ...] = ()


def sums_over(source: str, table: Table) -> tuple[str, ...]:
    """Return the numeric columns of a table that a function sums.

    Example:
        >>> sums_over("SELECT sum(debit) - sum(credit) INTO d FROM posting", posting)  # doctest: +SKIP
        ('debit', 'credit')
    """
    plain = _COMMENT.sub(" ", source)
    words = [word for match in _SUM.finditer(plain) for word in _WORD.findall(_argument(plain, match.end()))]
    numeric = {column.name for column in table.columns if has_numeric_category(column.type)}
    return tuple(dict.fromkeys(word.lower() for word in words if word.lower() in numeric))


def sum_expressions(source: str, table: Table) -> tuple[str, ...]:
    """Return what a function sums, with columns of a table in it, without the aliases of tables.

    Example:
        >>> sum_expressions("SELECT sum(l.quantity * l.price) INTO t FROM lines l", lines)  # doctest: +SKIP
        ('quantity * price',)
    """
    plain = _COMMENT.sub(" ", source)
    arguments = [_argument(plain, match.end()).strip() for match in _SUM.finditer(plain)]
    names = {column.name.lower() for column in table.columns}
    return tuple(
        dict.fromkeys(
            _ALIAS.sub("", argument)
            for argument in arguments
            if not names.isdisjoint(word.lower() for word in _WORD.findall(argument))
        )
    )


def constants_compared(source: str) -> tuple[Decimal, ...]:
    """Return the numbers, other than 0, that a function compares with something, such as 100 of percentages."""
    plain = _COMMENT.sub(" ", source)
    found = (Decimal(number) for number in _CONSTANT.findall(plain))
    return tuple(dict.fromkeys(number for number in found if number))


def balances_of(source: str, table: Table, sides: Sequence[str]) -> Iterator[Balance]:
    """Return the balances that a function may demand, the most particular first.

    Args:
        source: of the function.
        table: whose rows it sums.
        sides: the columns of the table that have two values.
    """
    plain = _COMMENT.sub(" ", source)
    amounts = sums_over(source, table)
    words = {word.lower() for word in _WORD.findall(plain)}
    grouped = [word for match in _GROUP_BY.finditer(plain) for word in _WORD.findall(match[1])]
    grouped += _SAME_AS_NEW.findall(plain)
    alike = tuple(dict.fromkeys(word.lower() for word in grouped if table.has_column(word.lower())))
    if len(amounts) == 2:
        yield Balance(amounts, alike=alike)
    for amount in amounts:
        for side in sides:
            if side.lower() in words and side != amount:
                yield Balance((amount,), side, tuple(name for name in alike if name != side))
    for amount in amounts:
        yield Balance((amount,), alike=alike)


def _argument(text: str, begin: int) -> str:
    """What stands within the parenthesis that is open at a position."""
    depth = 1
    for place in range(begin, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if not depth:
            return text[begin:place]
    return text[begin:]
