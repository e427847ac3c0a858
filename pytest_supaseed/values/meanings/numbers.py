"""Plausible ranges of numbers by column name: what a number measures or counts.

:func:`believable` returns the range for a name, from which :mod:`~pytest_supaseed.values.types.numeric` draws what the
column's type and value domain accept.
``words`` is a column name as normalized by :func:`~pytest_supaseed.model.identifiers.spelt`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache

from pytest_supaseed.model.identifiers import singular, spelt
from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.model.type_families import is_float, is_integer, is_numeric, is_smallint
from pytest_supaseed.values.meanings.endings import shorter
from pytest_supaseed.values.meanings.meaning import Declaration
from pytest_supaseed.values.meanings.measures import measured, of_unit
from pytest_supaseed.values.types.numeric import ANY_NUMBER, PlausibleNumbers


@dataclass(frozen=True)
class Measure(Declaration):
    """What a number measures or counts: the counterpart of a text's ``Meaning``.

    Attributes:
        name: what it is called.
        names: searched in the normalized name of a column, or in the first sentence of its comment.
        range: which numbers are plausible.
    """

    name: str
    names: re.Pattern[str]
    range: PlausibleNumbers


def _between(
    first: str, last: str, digits: int = 0, graded: bool = False, few: tuple[int, ...] = ()
) -> PlausibleNumbers:
    return PlausibleNumbers(Decimal(first), Decimal(last), digits, graded, few)


def _measure(name: str, names: str, plausible: PlausibleNumbers, essential: str = "") -> Measure:
    return Measure(name, re.compile(names), plausible, essential=essential)


# The first whose names a column has counts.
MEASURES = (
    _measure("latitude", r"_(lat|latitude)_", _between("-60", "70", 6), essential="latitude|lat"),
    _measure(
        "longitude", r"_(lng|lon|long|longitude)_", _between("-170", "170", 6), essential="longitude|lng|lon"
    ),
    _measure(
        "HTTP status",
        r"_(status|response|http)_code_",
        _between("100", "599", few=(200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 500)),
    ),
    _measure("amount in minor units", r"_cents_|_minor_", _between("500", "50000")),
    _measure(
        "percentage",
        r"_(percent|percentage|progress|humidity|completion|battery|battery_level|cpu|memory|memory_usage)_",
        _between("0", "100", 1, True),
    ),
    _measure("tax or interest rate", r"_(tax|interest|vat)_rate_", _between("0", "25", 2, True)),
    _measure("heart rate", r"_heart_rate_|_pulse_|_bpm_", _between("60", "160")),
    _measure("body temperature", r"_body_temperature_", _between("36.2", "39.5", 1)),
    _measure("exchange rate", r"_exchange_rate_|_(fx|conversion)_rate_", _between("0.5", "2", 6)),
    _measure("pay or price for a time", r"_(hourly|daily)_rate_|_rate_per_", _between("15", "120", 2)),
    _measure("limit of a rate", r"_rate_limit_|_limit_per_", _between("10", "1000")),
    _measure(
        "ratio", r"_(probability|confidence|ratio|fraction|opacity|alpha)_", _between("0", "1", 3, True)
    ),
    _measure("discount", r"_discount_", _between("0", "0.3", 2, True), essential="discount"),
    _measure("grade point average", r"_gpa_", _between("1", "4", 2, True)),
    _measure("rating", r"_(rating|stars|score|grade|mark|satisfaction|mood)_", _between("1", "5", 1, True)),
    _measure("salary", r"_(salary|income|wage|wages|compensation)_", _between("30000", "150000", 2)),
    _measure("budget", r"_(budget|revenue|turnover|capital|box_office)_", _between("10000", "5000000", 2)),
    _measure("balance", r"_(balance|credit|sales)_(?!s)", _between("100", "20000", 2), essential="balance"),
    _measure(
        "fee",
        r"_(fee|fees|tax|taxes|shipping|freight|tip|deposit|surcharge|vat|commission)_",
        _between("1", "50", 2),
        essential="tax|vat",
    ),
    _measure(
        "amount",
        r"_(price|cost|amount|total|subtotal|msrp|value|rent|payment|paid|due|sum|charge|spent|net|gross|debit)_",
        _between("5", "500", 2),
        essential="price|amount|total|subtotal|net|gross|cost",
    ),
    _measure(
        "flag", r"^_(is|has|can|was)_|_(flag|discontinued|active|enabled|deleted)_$", _between("0", "1")
    ),
    _measure("stock", r"_(stock|inventory|available|reorder)_|_on_hand_|_in_stock_", _between("0", "200")),
    _measure("quantity", r"_(quantity|units)_", _between("1", "10"), essential="quantity"),
    _measure("population", r"_population_", _between("5000", "900000")),
    _measure("employees", r"_(employees|headcount|staff_count)_", _between("5", "800")),
    _measure(
        "reactions",
        r"_(views|likes|followers|downloads|hits|clicks|impressions|points|xp|upvotes|plays|visits)_",
        _between("0", "5000"),
    ),
    _measure("downvotes", r"_downvotes_", _between("0", "300")),
    _measure("guests", r"_(guests|adults)_", _between("1", "6")),
    _measure("capacity", r"_(capacity|seats|attendees|participants)_", _between("2", "200")),
    _measure("attempts", r"_(attempts|retries|retry|failed)_", _between("0", "5")),
    _measure("pages", r"_(pages|page_count)_", _between("90", "700")),
    _measure("count", r"_(count|number_of|nb|counter|uses)_", _between("0", "50")),
    _measure("age", r"_age_", _between("18", "90")),
    _measure("year of birth", r"_(birth|born)_year_|_year_of_birth_", _between("1950", "2005")),
    _measure("year of expiry", r"_(exp|expiry|expiration)_year_", _between("2026", "2032")),
    _measure("year of foundation", r"_(founded|established)_", _between("1980", "2023")),
    _measure("year", r"_year_", _between("1990", "2025"), essential="year"),
    _measure("month", r"_month_", _between("1", "12"), essential="month"),
    _measure("weekday", r"_(weekday|dow)_|_day_of_week_", _between("0", "6")),
    _measure("day of a month", r"_day_", _between("1", "28")),
    _measure("hour", r"_hour_", _between("0", "23")),
    _measure("rate", r"_rate_", _between("0", "100", 2, True), essential="rate"),
    _measure("size of a file", r"_(bytes|filesize)_|_file_size_|_size_bytes_", _between("1000", "5000000")),
    _measure("height of a person", r"_height_cm_", _between("150", "200", 1)),
    _measure("weight of a person", r"_weight_kg_", _between("48", "110", 1)),
    _measure("weight", r"_(weight|mass|kg|lbs|grams)_", _between("0.1", "50", 2)),
    _measure(
        "length", r"_(height|width|length|depth|thickness|diameter|size|cm|mm)_", _between("1", "200", 1)
    ),
    _measure("elevation", r"_(elevation|altitude|ascent|descent)_", _between("10", "3000", 0)),
    _measure("distance", r"_(distance|km|miles|radius)_", _between("1", "300", 1)),
    _measure("mileage", r"_(mileage|odometer)_", _between("500", "150000")),
    _measure("temperature", r"_(temperature|temp|celsius)_", _between("-10", "40", 1)),
    _measure("milliseconds", r"_milliseconds_", _between("120000", "420000")),
    _measure("latency", r"_ms_|_latency_", _between("5", "900")),
    _measure(
        "time for a meal or text", r"_(reading|prep|cook|cooking|preparation)_time_", _between("3", "60")
    ),
    _measure(
        "duration", r"_(duration|minutes|mins|seconds|secs|timeout|runtime|interval)_", _between("5", "240")
    ),
    _measure("estimate", r"_(estimate|credits)_", _between("1", "13")),
    _measure("hours or days", r"_(hours|nights|days|weeks|months|years|servings)_", _between("1", "30")),
    _measure(
        "edition",
        r"_(edition|volume|issue|chapter|season|episode|disc_number|round|lap)_",
        _between("1", "12"),
    ),
    _measure("number of a track", r"_track_number_|_track_no_", _between("1", "16")),
    _measure("calories", r"_calories_|_kcal_", _between("80", "900")),
    _measure("goals", r"_(goals|wins|losses|draws|assists)_", _between("0", "20")),
    _measure("shirt number", r"_(jersey|shirt)_", _between("1", "99")),
    _measure("doors", r"_doors_", _between("3", "5")),
    _measure("decimals", r"_(decimals|decimal_places|scale)_", _between("2", "2")),
    _measure("area", r"_(area|square_meters|sqm|sqft)_", _between("20", "400", 1)),
    _measure(
        "priority", r"_(priority|severity|level|difficulty|tier|importance)_", _between("1", "5", 0, True)
    ),
    _measure(
        "place in an order",
        r"_(position|sort|order|rank|sequence|index|idx|ordinal|step|line|row|ordering|display_order)_",
        _between("1", "100"),
    ),
    _measure("port", r"_port_", _between("1024", "49151")),
    _measure("version", r"_(version|revision)_", _between("1", "9")),
    _measure("postcode", r"_(zip|postal|postcode)_", _between("10000", "99999")),
    # Numbers that are reserved for fiction.
    _measure("phone number", r"_(phone|mobile|fax)_", _between("2025550100", "2025550199")),
    _measure("rooms", r"_(floor|rooms|bedrooms|bathrooms|beds|baths)_", _between("1", "6")),
    _measure("depth of a tree", r"_(tree_depth|nesting|generation)_", _between("0", "4")),
)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MOMENT = re.compile(r"_(at|time|timestamp|epoch|activity)_$")


def believable(
    words: str, column_type: ColumnType, today: date, about: Collection[str] = ()
) -> PlausibleNumbers:
    """Return the plausible range for a column's name and type; the last year in Unix time for an integer ``*_at``.

    Args:
        words: the normalized name.
        column_type: the type.
        today: the reference date of the rows.
        about: the entities and areas that the column and its table are about.
    """
    whole = is_integer(column_type)
    if (
        whole
        and not is_smallint(column_type)
        and (
            words.endswith("_at_")
            or (_MOMENT.search(words) and _by_words(words) is None and measured(words, about) is None)
        )
    ):
        end = datetime(today.year, today.month, today.day, tzinfo=timezone.utc) - _EPOCH
        return PlausibleNumbers(
            Decimal((end - timedelta(days=365)).total_seconds()), Decimal(end.total_seconds())
        )
    if column_type.scale and "_phone_" in words:
        # No telephone has digits after the point: "ph" is a measure of acids.
        words = words.replace("_phone_", "_acidity_value_")
    exact = measured(words, about)
    found = exact or _by_words(words) or of_unit(words)
    for other in () if found is not None else shorter(words):
        exact = measured(other, about)
        found = found or exact or _by_words(other)
    if found is None:
        return _unknown(words, column_type)
    if exact is not None and not whole:
        return _as_share(exact, column_type)
    if whole and found.graded and found.last <= 1:
        # An integer cannot be a ratio below one: it is a percentage.
        return replace(found, last=found.last * 100)
    if exact is not None:
        return exact
    if "_discount_" in words and not (is_float(column_type) or is_numeric(column_type)):
        return PlausibleNumbers(Decimal(0), Decimal(30), 0, graded=True)
    if "_discount_" in words and (column_type.precision or 0) - (column_type.scale or 0) > 3:
        return PlausibleNumbers(Decimal(1), Decimal(50), 2)
    return found


def _unknown(words: str, column_type: ColumnType) -> PlausibleNumbers:
    """The range of a number whose name tells nothing but whether several things are counted."""
    *_, last = words.strip("_").split("_")
    if is_integer(column_type):
        if last in _CODED:
            return _KINDS
        return _SEVERAL if last.isalpha() and singular(last) != last else _SMALL
    digits = column_type.scale or 0
    is_share = is_numeric(column_type) and digits > _OF_SHARES and (column_type.precision or 0) - digits == 1
    if is_share:
        return replace(_ONE, digits=digits)
    has_room = column_type.precision is None or column_type.precision - digits > _ROOM_OF_MEASURES
    return ANY_NUMBER if has_room else replace(_SMALL, digits=digits)


# Things counted, what is measured by numbers of few digits, and shares of one.
_SEVERAL, _SMALL, _ONE = _between("0", "20"), _between("1", "100"), _between("0", "1")
# Kinds and states that the application numbers.
_CODED, _KINDS = (
    frozenset(
        (
            "action",
            "category",
            "class",
            "gender",
            "group",
            "kind",
            "method",
            "mode",
            "phase",
            "reason",
            "role",
            "sex",
            "state",
            "status",
            "type",
        )
    ),
    _between("1", "5"),
)
# Digits before the point of what is measured rather than an amount.
_ROOM_OF_MEASURES = 3


def _as_share(plausible: PlausibleNumbers, column_type: ColumnType) -> PlausibleNumbers:
    """The range as shares of one where a numeric has no room for percentages, as ``numeric(5,4)``."""
    digits = column_type.scale or 0
    if not is_numeric(column_type) or column_type.precision is None or column_type.precision - digits > 1:
        return plausible
    if plausible.last < _ROOM or digits < _OF_SHARES:
        return plausible
    few = tuple(number / 100 for number in map(Decimal, plausible.few))
    return replace(plausible, first=plausible.first / 100, last=plausible.last / 100, digits=digits, few=few)


# The greatest number of one digit before the point, and the digits after it that shares of one have at least.
_ROOM, _OF_SHARES = 10, 2


def _by_words(words: str) -> PlausibleNumbers | None:
    found = measure_of(words)
    return None if found is None else found.range


def _is_known(words: str, about: Collection[str]) -> bool:
    return measured(words, about) is not None or (measure_of(words) or of_unit(words)) is not None


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


def telling(words: str, comment: str, about: Collection[str] = ()) -> str:
    """Return the words that a number's range is looked up by: the name's, else the comment's if these have a range.

    Args:
        words: the normalized column name.
        comment: the column's comment; may be empty.
        about: the entities and areas that the column and its table are about.
    """
    if comment and not _is_known(words, about) and not _MOMENT.search(words):
        told = spelt(comment.partition(".")[0])
        return told if _is_known(told, about) else words
    return words
