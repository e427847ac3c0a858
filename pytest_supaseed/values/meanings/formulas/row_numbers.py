"""The numbers of a row by the words of their names: :class:`NamedNumber`, and all of a table, :class:`RowNumbers`.

What is read off these words is the subject of the modules whose readings
:mod:`~pytest_supaseed.values.meanings.formulas.equations` tries in turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from pytest_supaseed.model.identifiers import singular, spelt
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.model.type_families import is_integer
from pytest_supaseed.values.meanings.formulas.arithmetic import (
    Formula,
    Share,
)
from pytest_supaseed.values.meanings.formulas.time_spans import (
    unit_of,
)
from pytest_supaseed.values.meanings.lives import stem

CENTS = re.compile(r"_(cents|minor)_")
_CURRENCIES = "usd|eur|gbp|chf|jpy|cad|aud|nzd|inr|brl|cny|sek|nok|dkk|pln|czk|mxn|zar"
_UNIT = re.compile(rf"_(?:cents|minor)_|(?<=[a-z])_(?:{_CURRENCIES})_$")


@lru_cache(maxsize=8192)
def without_unit(words: str) -> str:
    """Return the normalized name of an amount without the words for minor units and for a currency.

    Example:
        >>> without_unit("_net_usd_"), without_unit("_total_cents_"), without_unit("_usd_")
        ('_net_', '_total_', '_usd_')
    """
    return _UNIT.sub("_", words)


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


TIMES = word_set(
    "hour hours minute minutes min mins hrs second seconds secs day days night nights week weeks ms milliseconds"
)
COUNTED = frozenset(("quantity", "units", "pieces", "count"))
RATES = word_set("percent percentage rate ratio fraction bp bps")
PERIODS = {"hourly": "hour", "daily": "day", "nightly": "night"}
# What stands in the name of a price, a limit or a forecast, which is no part of a sum.
NO_PART = word_set(
    "per unit each average avg mean min max minimum maximum median previous last next target limit goal expected "
    "estimated planned budget budgeted forecast projected original list weight height width depth length distance "
    "year month number position sort version rank index latitude longitude rating lat lng"
)
TOTALS = word_set("total standard sum overall combined gross full landed loaded all grand final aggregate")
_FILLING = word_set("amount amounts value count number total sum of the quantity no num")
# What is left of a whole, what has gone, and what the whole is called.
RESTS = word_set(
    "left remaining remainder rest available outstanding due unpaid owed unused unspent unsold unfilled open free "
    "vacant backordered pending balance missing net undelivered unallocated uninvested bo short"
)
GONE = word_set(
    "used taken spent spend consumed sold paid repaid received shipped delivered completed allocated reserved "
    "committed booked occupied redeemed drawn billed invoiced collected raised returned scrapped issued assigned "
    "filled enrolled registered claimed disbursed depreciation amortization withheld deducted finished produced "
    "picked fulfilled applied utilized usage transferred waived settled cleared attended scrap"
)
WHOLES = word_set(
    "total limit max maximum quota allowance allotted allotment entitled entitlement granted awarded capacity budget "
    "budgeted planned target goal ordered order requested purchased initial original starting opening approved "
    "reserve gross principal coverage volume required pledged hand contracted invoiced billed loaned full"
)


@dataclass(frozen=True)
class NamedNumber:
    """A number of a row, by its name.

    Attributes:
        name: the column.
        words: of its name, without those for minor units.
        measure: what it is in: ``money`` in minor units, ``amount``, ``count``, ``price`` for one, ``rate``, ``time``.
        unit: of a time, in seconds.
    """

    name: str
    words: tuple[str, ...]
    measure: str
    unit: Decimal | None = None

    def has(self, words: frozenset[str]) -> bool:
        """Whether one of some words is in the name."""
        return not words.isdisjoint(self.words)

    def without(self, words: frozenset[str]) -> frozenset[str]:
        """The stems of the other words."""
        return frozenset(root(word) for word in self.words if word not in words and word not in _FILLING)

    @property
    def is_part(self) -> bool:
        """Whether it may be added to others."""
        return self.measure not in ("price", "rate") and not self.has(NO_PART)

    def is_for_one(self, other: NamedNumber) -> bool:
        """Whether it is the price or the cost of one, beside another amount of the same thing."""
        money = "money" if is_in_cents(self) else "amount"
        return self.words in (("unit", "cost"), ("unit", "price")) and other.measure in (money, "price")

    def is_like(self, other: NamedNumber) -> bool:
        """Whether both are of one measure, so that they may be added."""
        return (self.measure, self.unit) == (other.measure, other.unit)


@lru_cache(maxsize=4096)
def root(word: str) -> str:
    """Return the stem of a word in the singular, so that forms of a word are equal."""
    return stem(singular(word))


def roots(words: Sequence[str]) -> frozenset[str]:
    """Return the stems of words."""
    return frozenset(map(root, words))


def number_of(column: Column) -> NamedNumber:
    """Return what the name and the type of a column say of its numbers."""
    all_words = tuple(word for word in column.words.strip("_").split("_") if word) or (column.name,)
    words = tuple(without_unit(f"_{'_'.join(all_words)}_").strip("_").split("_"))
    words = tuple(word for word in words if word not in ("cents", "minor")) or all_words[-1:]
    measure, unit = "count" if is_integer(column.type) else "amount", None
    if not {"cents", "minor"}.isdisjoint(all_words):
        measure = "money"
    if ({"per", "each", *PERIODS} & {*words} and not COUNTED & {words[0]}) or words[:1] == ("unit",):
        return NamedNumber(column.name, words, "price")
    if not RATES.isdisjoint(words):
        return NamedNumber(column.name, words, "rate")
    if not (TIMES - {"min"}).isdisjoint(words) or words[-1] == "min":
        return NamedNumber(column.name, words, "time", unit_of("_" + "_".join(words) + "_", ""))
    return NamedNumber(column.name, words, measure, unit)


@dataclass(frozen=True)
class RowNumbers:
    """The numbers of a table's rows.

    Attributes:
        table: the table.
        numbers: its numbers that are neither keys nor references.
        known: by column, the formula that it has so far.
        drawn: columns that are shares of others, where nothing determines them.
        freed: columns that follow from no other one, though their names say so.
    """

    table: Table
    numbers: tuple[NamedNumber, ...]
    known: dict[str, Formula | None]
    drawn: list[tuple[str, Share]] = field(default_factory=list)
    freed: set[str] = field(default_factory=set)

    def free(self, name: str) -> None:
        """Have a column follow from no other one, whatever its own name says."""
        self.known[name] = None
        self.freed.add(name)

    def draw(self, name: str, base: str, shares: tuple[str, ...]) -> None:
        """Have a column be a share of another one, where nothing determines it in the end."""
        self.drawn.append((name, Share(base, shares)))

    def follows(self, name: str, other: str) -> bool:
        """Whether a column is made from another one, directly or by others."""
        waiting, seen = [name], {name}
        while waiting:
            found = self.known.get(waiting.pop())
            for used in found.uses if found is not None else ():
                if used == other:
                    return True
                if used not in seen:
                    seen.add(used)
                    waiting.append(used)
        return False

    def others(self, number: NamedNumber) -> Iterator[NamedNumber]:
        """The numbers from which one may be made."""
        return (
            other
            for other in self.numbers
            if other.name != number.name and not self.follows(other.name, number.name)
        )

    def matching(self, number: NamedNumber, pattern: re.Pattern[str]) -> list[NamedNumber]:
        """The numbers of the same measure whose words match a pattern, without those that follow from the number."""
        return [
            other
            for other in self.others(number)
            if (other.is_like(number) or other.is_for_one(number))
            and pattern.search(f"_{'_'.join(other.words)}_")
        ]


def is_in_cents(number: NamedNumber) -> bool:
    """Whether a number is in minor units, a price for one as well."""
    return bool(re.search(r"_(cents|minor)_", spelt(number.name)))
