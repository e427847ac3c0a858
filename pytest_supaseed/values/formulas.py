"""Numbers that follow from others of their row: an age, a latitude, a total."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal
from functools import partial
from random import Random

from pytest_supaseed.constraints.sums import sums
from pytest_supaseed.values.amounts import Formula, Sums, amount, decimal_of, is_number
from pytest_supaseed.values.context import Context
from pytest_supaseed.values.gazetteer import PLACES
from pytest_supaseed.values.places import city_column, place_of
from pytest_supaseed.values.words import spelt

_Row = Mapping[str, object]
# Nearly as far as a city reaches, in degrees.
_AROUND = Decimal("0.05")


def formula(context: Context) -> Formula | None:
    """Return how a number follows from others of its row, None where it does not.

    Args:
        context: the column.
    """
    if context.unique:
        return None
    part = _part(context)
    if part is not None:
        return part
    words = context.words
    if re.search(r"_(lat|latitude)_", words):
        return _latitude(context)
    if re.search(r"_(lng|lon|long|longitude)_", words):
        return _longitude(context)
    if words in ("_age_", "_nights_", "_days_", "_age_years_"):
        return _days(context)
    return amount(Sums(context))


def bounds(context: Context) -> tuple[tuple[str, str], ...]:
    """Return operators and earlier columns that a number is compared with by the names alone: ``max_x >= min_x``.

    Args:
        context: the column.
    """
    words = context.words
    found = []
    for low, high in (
        ("min", "max"),
        ("minimum", "maximum"),
        ("low", "high"),
        ("lower", "upper"),
        ("from", "to"),
    ):
        if f"_{high}_" in words:
            wanted = words.replace(f"_{high}_", f"_{low}_")
            found += [
                (">=", other.name)
                for other in context.earlier
                if is_number(other) and spelt(other.name) == wanted
            ]
    if words == "_rgt_":
        found += [(">", other.name) for other in context.earlier if spelt(other.name) == "_lft_"]
    return tuple(found)


def _part(context: Context) -> Formula | None:
    """A part of what several columns come to by a CHECK: what is left of it, for the last of them."""
    earlier = {column.name for column in context.earlier}
    for found in sums(context.table):
        if context.column.name not in found.columns:
            continue
        others = tuple(name for name in found.columns if name != context.column.name)
        if earlier.issuperset(others):
            return Formula(others, partial(_left, found.total, others))
        # Even if all others are as large, something may be left.
        return Formula((), partial(_some, found.total / len(others)))
    return None


def _left(total: Decimal, others: tuple[str, ...], row: _Row, random: Random) -> Decimal:
    values = [decimal_of(row.get(name)) for name in others]
    return total - sum(value for value in values if value is not None)


def _some(most: Decimal, row: _Row, random: Random) -> Decimal:
    value = most * random.randint(0, 20) / 20
    return value.to_integral_value(ROUND_FLOOR) if value > 1 else value


def _days(context: Context) -> Formula | None:
    """An age from the day of birth; nights from arrival to departure."""
    by_words = {
        spelt(other.name): other.name
        for other in context.earlier
        if other.type.name in ("date", "timestamp", "timestamptz")
    }
    if context.words.startswith("_age_"):
        born = next(
            (name for words, name in by_words.items() if re.search(r"_(birth|birthday|born)_", words)), None
        )
        if born is None:
            return None

        def age(row: _Row, random: Random) -> Decimal | None:
            day = row.get(born)
            if not isinstance(day, date):
                return None
            today = context.today
            return Decimal(today.year - day.year - ((today.month, today.day) < (day.month, day.day)))

        return Formula((born,), age)
    ends = tuple(
        next((name for words, name in by_words.items() if re.search(pattern, words)), "")
        for pattern in (
            r"_check_?in_|_(arrival|start|from|starts)_",
            r"_check_?out_|_(departure|end|until|ends)_|_to_date_",
        )
    )
    if not all(ends):
        return None

    def nights(row: _Row, random: Random) -> Decimal | None:
        first, last = (_day(row.get(name)) for name in ends)
        return None if first is None or last is None else Decimal((last - first).days)

    return Formula(ends, nights)


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _latitude(context: Context) -> Formula:
    city = city_column(context)

    def value(row: _Row, random: Random) -> Decimal | None:
        place = place_of(row.get(city)) if city is not None else None
        return _near(place or random.choice(PLACES.rows), "latitude", random)

    return Formula((city,) if city is not None else (), value)


def _longitude(context: Context) -> Formula | None:
    """The longitude of the place that the latitude is of."""
    city = city_column(context)
    latitude = next(
        (c.name for c in context.earlier if is_number(c) and re.search(r"_(lat|latitude)_", spelt(c.name))),
        None,
    )

    def value(row: _Row, random: Random) -> Decimal | None:
        place = place_of(row.get(city)) if city is not None else None
        north = decimal_of(row.get(latitude)) if latitude is not None else None
        if place is None and north is not None:
            place = min(PLACES.rows, key=lambda found: abs(Decimal(PLACES.of(found, "latitude")) - north))
        return _near(place or random.choice(PLACES.rows), "longitude", random)

    return Formula(tuple(name for name in (city, latitude) if name is not None), value)


def _near(place: tuple[str, ...], name: str, random: Random) -> Decimal:
    return Decimal(PLACES.of(place, name)) + _AROUND * random.randint(-1000, 1000) / 1000
