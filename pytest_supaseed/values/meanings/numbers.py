"""Number generation: plausible ranges by column name, within what a column's type and value domain accept.

:func:`believable` returns the range for a name. :func:`number_drawer` draws a number within it and within the limits of
:mod:`~pytest_supaseed.values.types.numeric`, :func:`number_span` returns a range for distinct numbers, and
:func:`fitted_number` rounds a computed number.
``words`` is a column name as normalized by :func:`~pytest_supaseed.model.identifiers.spelt`.
"""

from __future__ import annotations

import operator as operators
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from random import Random

from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.model.type_families import is_float, is_integer, is_numeric, is_smallint
from pytest_supaseed.spec import DEFAULT_DATE
from pytest_supaseed.values.types.numeric import above, below, limits, typed_number, unit_of


@dataclass(frozen=True)
class Believable:
    """Plausible range of a kind of number.

    Attributes:
        first: the least.
        last: the greatest.
        digits: digits after the point, if the type has them.
        graded: whether a CHECK that states both ends replaces the range, as for a rating.
        few: the numbers themselves, if there are only a few well-known ones.
    """

    first: Decimal
    last: Decimal
    digits: int = 0
    graded: bool = False
    few: tuple[int, ...] = ()


@dataclass(frozen=True)
class Measure:
    """What a number measures or counts: the counterpart of a text's ``Meaning``.

    Attributes:
        name: what it is called.
        names: searched in the normalized name of a column, or in the first sentence of its comment.
        range: which numbers are plausible.
    """

    name: str
    names: re.Pattern[str]
    range: Believable


def _measure(
    name: str,
    names: str,
    first: str,
    last: str,
    digits: int = 0,
    graded: bool = False,
    few: tuple[int, ...] = (),
) -> Measure:
    return Measure(name, re.compile(names), Believable(Decimal(first), Decimal(last), digits, graded, few))


# The first whose names a column has counts.
MEASURES = (
    _measure("latitude", r"_(lat|latitude)_", "-60", "70", 6),
    _measure("longitude", r"_(lng|lon|long|longitude)_", "-170", "170", 6),
    _measure(
        "HTTP status",
        r"_(status|response|http)_code_",
        "100",
        "599",
        few=(200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 500),
    ),
    _measure("amount in minor units", r"_cents_|_minor_", "500", "50000"),
    _measure(
        "percentage",
        r"_(percent|percentage|progress|humidity|completion|battery|battery_level|cpu|memory|memory_usage)_",
        "0",
        "100",
        1,
        True,
    ),
    _measure("tax or interest rate", r"_(tax|interest|vat)_rate_", "0", "25", 2, True),
    _measure("heart rate", r"_heart_rate_|_pulse_|_bpm_", "60", "160"),
    _measure("body temperature", r"_body_temperature_", "36.2", "39.5", 1),
    _measure("exchange rate", r"_exchange_rate_|_(fx|conversion)_rate_", "0.5", "2", 6),
    _measure("pay or price for a time", r"_(hourly|daily)_rate_|_rate_per_", "15", "120", 2),
    _measure("limit of a rate", r"_rate_limit_|_limit_per_", "10", "1000"),
    _measure("ratio", r"_(probability|confidence|ratio|fraction|opacity|alpha)_", "0", "1", 3, True),
    _measure("discount", r"_discount_", "0", "0.3", 2, True),
    _measure("grade point average", r"_gpa_", "1", "4", 2, True),
    _measure("rating", r"_(rating|stars|score|grade|mark|satisfaction|mood)_", "1", "5", 1, True),
    _measure("salary", r"_(salary|income|wage|wages|compensation)_", "30000", "150000", 2),
    _measure("budget", r"_(budget|revenue|turnover|capital|box_office)_", "10000", "5000000", 2),
    _measure("balance", r"_(balance|credit|sales)_(?!s)", "100", "20000", 2),
    _measure("fee", r"_(fee|fees|tax|shipping|freight|tip|deposit|surcharge|vat|commission)_", "1", "50", 2),
    _measure(
        "amount",
        r"_(price|cost|amount|total|subtotal|msrp|value|rent|payment|paid|due|sum|charge|spent|net|gross|debit)_",
        "5",
        "500",
        2,
    ),
    _measure("flag", r"^_(is|has|can|was)_|_(flag|discontinued|active|enabled|deleted)_$", "0", "1"),
    _measure("stock", r"_(stock|inventory|available|reorder)_|_on_hand_|_in_stock_", "0", "200"),
    _measure("quantity", r"_(quantity|units)_", "1", "10"),
    _measure("population", r"_population_", "5000", "900000"),
    _measure("employees", r"_(employees|headcount|staff_count)_", "5", "800"),
    _measure(
        "reactions",
        r"_(views|likes|followers|downloads|hits|clicks|impressions|points|xp|upvotes|plays|visits)_",
        "0",
        "5000",
    ),
    _measure("downvotes", r"_downvotes_", "0", "300"),
    _measure("guests", r"_(guests|adults)_", "1", "6"),
    _measure("capacity", r"_(capacity|seats|attendees|participants)_", "2", "200"),
    _measure("attempts", r"_(attempts|retries|retry|failed)_", "0", "5"),
    _measure("pages", r"_(pages|page_count)_", "90", "700"),
    _measure("count", r"_(count|number_of|nb|counter|uses)_", "0", "50"),
    _measure("age", r"_age_", "18", "90"),
    _measure("year of birth", r"_(birth|born)_year_|_year_of_birth_", "1950", "2005"),
    _measure("year of expiry", r"_(exp|expiry|expiration)_year_", "2026", "2032"),
    _measure("year of foundation", r"_(founded|established)_", "1980", "2023"),
    _measure("year", r"_year_", "1990", "2025"),
    _measure("month", r"_month_", "1", "12"),
    _measure("weekday", r"_(weekday|dow)_|_day_of_week_", "0", "6"),
    _measure("day of a month", r"_day_", "1", "28"),
    _measure("hour", r"_hour_", "0", "23"),
    _measure("rate", r"_rate_", "0", "100", 2, True),
    _measure("size of a file", r"_(bytes|filesize)_|_file_size_|_size_bytes_", "1000", "5000000"),
    _measure("height of a person", r"_height_cm_", "150", "200", 1),
    _measure("weight of a person", r"_weight_kg_", "48", "110", 1),
    _measure("weight", r"_(weight|mass|kg|lbs|grams)_", "0.1", "50", 2),
    _measure("length", r"_(height|width|length|depth|thickness|diameter|size|cm|mm)_", "1", "200", 1),
    _measure("elevation", r"_(elevation|altitude|ascent|descent)_", "10", "3000", 0),
    _measure("distance", r"_(distance|km|miles|radius)_", "1", "300", 1),
    _measure("mileage", r"_(mileage|odometer)_", "500", "150000"),
    _measure("temperature", r"_(temperature|temp|celsius)_", "-10", "40", 1),
    _measure("milliseconds", r"_milliseconds_", "120000", "420000"),
    _measure("latency", r"_ms_|_latency_", "5", "900"),
    _measure("time for a meal or text", r"_(reading|prep|cook|cooking|preparation)_time_", "3", "60"),
    _measure(
        "duration",
        r"_(duration|minutes|mins|seconds|secs|timeout|runtime|interval)_",
        "5",
        "240",
    ),
    _measure("estimate", r"_(estimate|credits)_", "1", "13"),
    _measure("hours or days", r"_(hours|nights|days|weeks|months|years|servings)_", "1", "30"),
    _measure("edition", r"_(edition|volume|issue|chapter|season|episode|disc_number|round|lap)_", "1", "12"),
    _measure("number of a track", r"_track_number_|_track_no_", "1", "16"),
    _measure("calories", r"_calories_|_kcal_", "80", "900"),
    _measure("goals", r"_(goals|wins|losses|draws|assists)_", "0", "20"),
    _measure("shirt number", r"_(jersey|shirt)_", "1", "99"),
    _measure("doors", r"_doors_", "3", "5"),
    _measure("decimals", r"_(decimals|decimal_places|scale)_", "2", "2"),
    _measure("area", r"_(area|square_meters|sqm|sqft)_", "20", "400", 1),
    _measure("priority", r"_(priority|severity|level|difficulty|tier|importance)_", "1", "5", 0, True),
    _measure(
        "place in an order",
        r"_(position|sort|order|rank|sequence|index|idx|ordinal|step|line|row|ordering|display_order)_",
        "1",
        "100",
    ),
    _measure("port", r"_port_", "1024", "49151"),
    _measure("version", r"_(version|revision)_", "1", "9"),
    _measure("postcode", r"_(zip|postal|postcode)_", "10000", "99999"),
    # Numbers that are reserved for fiction.
    _measure("phone number", r"_(phone|mobile|fax)_", "2025550100", "2025550199"),
    _measure("rooms", r"_(floor|rooms|bedrooms|bathrooms|beds|baths)_", "1", "6"),
    _measure("depth of a tree", r"_(tree_depth|nesting|generation)_", "0", "4"),
)
OTHER = Believable(Decimal(1), Decimal(1000), 2)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MOMENT = re.compile(r"_(at|time|timestamp|epoch|activity)_$")


def believable(words: str, column_type: ColumnType, today: date) -> Believable:
    """Return the plausible range for a column's name and type; the last year in Unix time for an integer ``*_at``."""
    whole = is_integer(column_type)
    if (
        whole
        and not is_smallint(column_type)
        and (words.endswith("_at_") or (_MOMENT.search(words) and _by_words(words) is None))
    ):
        end = datetime(today.year, today.month, today.day, tzinfo=timezone.utc) - _EPOCH
        return Believable(Decimal((end - timedelta(days=365)).total_seconds()), Decimal(end.total_seconds()))
    found = _by_words(words)
    if found is None:
        return OTHER
    if whole and found.graded and found.last <= 1:
        # An integer cannot be a ratio below one: it is a percentage.
        return replace(found, last=found.last * 100)
    if "_discount_" in words and not (is_float(column_type) or is_numeric(column_type)):
        return Believable(Decimal(0), Decimal(30), 0, graded=True)
    if "_discount_" in words and (column_type.precision or 0) - (column_type.scale or 0) > 3:
        return Believable(Decimal(1), Decimal(50), 2)
    return found


def _by_words(words: str) -> Believable | None:
    found = measure_of(words)
    return None if found is None else found.range


@lru_cache(maxsize=4096)
def measure_of(words: str) -> Measure | None:
    """Return what a column measures by its normalized name, None if that is unknown."""
    return next((found for found in MEASURES if found.names.search(words)), None)


# By a column's name as it stands in the database.
_AMOUNT = re.compile(
    r"price|amount|cost|total|quantity|qty|stock|rating|score|weight|height|width|length|age$|salary|fee|count$",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"(^|_)(no|nr|num|number|index|idx|rank|seq|sequence|ordinal|line|position|pos|order|step|version|sort)(_|$)"
    r"|order$|(No|Nr|Number|Index|Position|Order|Line|Rank)$",
    re.IGNORECASE,
)


def is_amount(name: str) -> bool:
    """Whether a column measures something, such as a price, so that its default of 0 is no realistic value."""
    return bool(_AMOUNT.search(name))


def is_ordinal(name: str) -> bool:
    """Whether a column numbers rows, such as the lines of an order."""
    return bool(_ORDINAL.search(name))


def telling(words: str, comment: str, *, person: bool = False) -> str:
    """Return the words that a number's range is looked up by: the name's, else the comment's if these have a range.

    Args:
        words: the normalized column name.
        comment: the column's comment; may be empty.
        person: whether the row is a person, whose height and weight have other ranges than a thing's.
    """
    if person and words in _MEASURED:
        return _MEASURED[words]
    if _by_words(words) is None and not _MOMENT.search(words) and comment:
        told = spelt(comment.partition(".")[0])
        return told if _by_words(told) is not None else words
    return words


_MEASURED = {"_height_": "_height_cm_", "_weight_": "_weight_kg_"}
_WIDE = 1_000_000
_UNIQUE_SPAN = 1_000_000
_ATTEMPTS = 30
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operators.lt, "<=": operators.le, ">": operators.gt, ">=": operators.ge, "=": operators.eq, "<>": operators.ne,
}  # fmt: skip


# Draws a number, given operators and the numbers that it is compared with, itself on the left; None if none was found
# between the limits.
DrawNumber = Callable[[Iterable[tuple[str, object]], Random], "int | Decimal | float | None"]


def number_drawer(
    words: str, column_type: ColumnType, facts: ColumnFacts, unique: bool, today: date = DEFAULT_DATE
) -> DrawNumber:
    """Return what draws the numbers of a column.

    Args:
        words: the normalized column name.
        column_type: the column's type.
        facts: the column's value domain.
        unique: whether many distinct numbers are needed.
        today: the reference date of the rows.

    Returns:
        A function whose numbers are Python values of the type.
    """
    kind = believable(words, column_type, today)

    @cache
    def units() -> list[tuple[Decimal, int | None, int | None]]:
        """Units, coarse to fine, with the limits of the type and the value domain in each."""
        found = [
            unit_of(column_type, facts, digits)
            for digits in (kind.digits, 2, 4, 6, 10)
            if digits >= kind.digits
        ]
        return [(unit, *limits(column_type, facts, unit)) for unit in found]

    def span(unit: Decimal, low: int | None, high: int | None) -> tuple[int, int, bool]:
        """The first and the last number, and whether only the few well-known ones are drawn."""
        first, last = _within(kind, unit, low, high, facts, unique)
        few = (
            bool(kind.few)
            and not unique
            and first <= above(kind.first, unit, strict=False)
            and last >= below(kind.last, unit, strict=False)
        )
        return first, last, few

    # The same for each row without other numbers.
    alone = cache(span)

    def draw(compared: Iterable[tuple[str, object]], random: Random) -> int | Decimal | float | None:
        others = [(op, Decimal(str(v))) for op, v in compared if isinstance(v, (int, float, Decimal))]
        for unit, low, high in units():
            first, last, few = (
                span(unit, *_compared(low, high, unit, others)) if others else alone(unit, low, high)
            )
            for _ in range(_ATTEMPTS if first <= last else 0):
                number = random.randint(first, last)
                if few:
                    number = above(Decimal(random.choice(kind.few)), unit, strict=False)
                drawn = typed_number(number, unit, column_type)
                differs = all(operator != "<>" or drawn != value for operator, value in others)
                if differs and drawn not in facts.excluded:
                    return drawn
        return None

    return draw


def _compared(
    low: int | None, high: int | None, unit: Decimal, others: Iterable[tuple[str, Decimal]]
) -> tuple[int | None, int | None]:
    """Narrow limits, counted in units, by comparisons with other numbers."""
    for operator, value in others:
        if operator in (">", ">=", "="):
            least = above(value, unit, strict=operator == ">")
            low = least if low is None else max(low, least)
        if operator in ("<", "<=", "="):
            most = below(value, unit, strict=operator == "<")
            high = most if high is None else min(high, most)
    return low, high


def fitted_number(
    value: Decimal,
    column_type: ColumnType,
    facts: ColumnFacts,
    compared: Iterable[tuple[str, object]],
    digits: int = 2,
) -> int | Decimal | float | None:
    """Return a computed number as a column stores it, None if the column does not accept it.

    Args:
        value: the number.
        column_type: the column's type.
        facts: the column's value domain.
        compared: operators and the numbers that this one is compared with, itself on the left.
        digits: digits after the point, if the type has them.
    """
    unit = unit_of(column_type, facts, digits)
    units = int((value / unit).to_integral_value(ROUND_HALF_UP))
    low, high = limits(column_type, facts, unit)
    if (low is not None and units < low) or (high is not None and units > high):
        return None
    exact = unit * units
    for operator, other in compared:
        if isinstance(other, (int, float, Decimal)) and not _COMPARE[operator](exact, Decimal(str(other))):
            return None
    found = typed_number(units, unit, column_type)
    return None if found in facts.excluded else found


def number_span(
    words: str, column_type: ColumnType, facts: ColumnFacts, wanted: int, today: date = DEFAULT_DATE
) -> tuple[int, int, Decimal]:
    """Return the range that distinct numbers are drawn from.

    Args:
        words: the normalized column name.
        column_type: the column's type.
        facts: the column's value domain.
        wanted: how many numbers; the range may have fewer.
        today: the reference date of the rows.

    Returns:
        The first and the last number, counted in units, and the unit.
    """
    kind = believable(words, column_type, today)
    unit = unit_of(column_type, facts, kind.digits)
    low, high = limits(column_type, facts, unit)
    first, last = _within(kind, unit, low, high, facts, unique=True)
    last = max(last, first + wanted)
    if high is not None and last > high:
        last = high
        first = min(first, last - wanted) if low is None else max(low, min(first, last - wanted))
    return first, last, unit


def _within(
    kind: Believable, unit: Decimal, low: int | None, high: int | None, facts: ColumnFacts, unique: bool
) -> tuple[int, int]:
    """The plausible part of the accepted range; if there is none, the accepted range next to it."""
    first = above(kind.first, unit, strict=False)
    last = max(first, below(kind.last, unit, strict=False))
    stated = facts.minimum is not None and facts.maximum is not None
    if (
        stated
        and low is not None
        and high is not None
        and (kind.graded or (kind is OTHER and high - low <= _WIDE))
    ):
        return low, high
    if unique and not kind.graded:
        last = max(last, first + _UNIQUE_SPAN)
    span = max(last - first, 1)
    nearest = first if low is None else max(first, low), last if high is None else min(last, high)
    if nearest[0] <= nearest[1]:
        return nearest
    if low is not None and (high is None or low > last):
        return low, low + span if high is None else min(high, low + span)
    if high is None:
        return first, first + span
    floor = high - span if low is None else max(low, high - span)
    return (max(floor, 0) if high >= 0 else floor), high
