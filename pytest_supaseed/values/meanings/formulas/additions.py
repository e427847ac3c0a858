"""Names of numbers that are added up or subtracted within a row: meters, stocks, kinds of hours, charges by measure.

Like :mod:`~pytest_supaseed.values.meanings.formulas.divisions`, this module knows names only;
:mod:`~pytest_supaseed.values.meanings.formulas.derived` makes the formulas of them.
"""

from __future__ import annotations

import re
from functools import lru_cache

# A charge for what has been measured, by its last word; what stands before it tells of what it is.
CHARGE = re.compile(r"^_((\w+)_)?(fare|fee|charges?|cost|spend|pay|wages)_$")
# What is measured in a unit, where the charge is not called after the unit.
_MEASURED_IN = {
    "kwh": "energy electricity power usage consumption",
    "km": "distance mileage transport travel usage",
    "mile": "distance mileage transport travel usage",
    "night": "room accommodation lodging stay",
    "hour": "labor labour session consulting service coaching rental time parking",
    "minute": "call talk usage time",
    "day": "rental hire parking storage",
    "click": "ad ads media campaign",
    "liter": "fuel water",
    "litre": "fuel water",
    "gallon": "fuel water",
    "gb": "data storage usage",
    "kg": "freight weight shipping",
    "person": "catering meal group",
}


def is_charged_by(before: str, unit: str, factors: str) -> bool:
    """Whether a charge is a number of units times the price for one.

    Args:
        before: the words before the last one of its name; empty for none.
        unit: of the price: ``km`` of ``rate_per_km``.
        factors: the normalized names of the number and the price, joined.

    Example:
        >>> is_charged_by("fuel", "liter", "_fuel_liters_price_per_liter_")
        True
        >>> is_charged_by("booking", "night", "_nights_rate_per_night_"), is_charged_by("", "km", "")
        (False, True)
    """
    words = [*filter(None, before.split("_"))]
    related = _MEASURED_IN.get(unit, "").split()
    return all(word in related or f"_{word}" in factors or word in ("total", "base") for word in words)


# A meter is read twice.
LATER_READING = re.compile(
    r"^_(end|ending|final|current|closing|new|present)_(odometer|meter|reading|mileage|counter|meter_reading)_(\w+_)?$"
    r"|^_(odometer|meter|reading|mileage|counter|meter_reading)_(end|after|current|final|in|return)_(\w+_)?$"
)
EARLIER_READING = re.compile(
    r"^_(start|starting|initial|previous|prior|opening|old|last)_(odometer|meter|reading|mileage|counter|meter_reading)_(\w+_)?$"
    r"|^_(odometer|meter|reading|mileage|counter|meter_reading)_(start|before|previous|initial|out)_(\w+_)?$"
)
# The same of a row that tells what was used between them.
LATER_VALUE = re.compile(r"^_(end|ending|final|current|closing|new|present)_(value|index|read)_$")
EARLIER_VALUE = re.compile(r"^_(start|starting|initial|previous|prior|opening|old|last)_(value|index|read)_$")
BETWEEN_READINGS = re.compile(
    r"^_(distance|distance_driven|km_driven|miles_driven|trip_distance|consumption|units_(used|consumed)|usage|consumed"
    r"|(kwh|units)_used)_((km|miles|mi|kwh|units|m_3)_)?$"
)
# What is there at first, what comes, what goes, and what is there in the end.
_STORED = r"stock|balance|quantity|inventory|cash|count"
OPENING = re.compile(rf"^_(opening|beginning|starting|initial)_({_STORED})_$")
CLOSING = re.compile(rf"^_(closing|ending|final)_({_STORED})_$")
COMING = re.compile(
    r"^_((quantity|units|total)_)?(received|purchased|restocked|produced|added|deposits|credits|inflow|incoming"
    r"|money_in|cash_in)_$"
)
GOING = re.compile(
    r"^_((quantity|units|total)_)?(sold|issued|shipped|wasted|damaged|removed|consumed|withdrawals|debits|outflow"
    r"|outgoing|money_out|cash_out)_$"
)
VARIANCE = re.compile(r"^_(\w+_)?(variance|discrepancy|deviation|difference)_$")
ACTUAL = re.compile(r"^_(counted|actual|physical)_(\w+_)?$|^_\w+_(counted|actual)_$")
EXPECTED = re.compile(
    r"^_(expected|system|budget|budgeted|planned|estimated|recorded|forecast)_(\w+_)?$|^_\w+_(expected|planned|budgeted)_$"
)
# Kinds into which everything of one name falls.
_KINDS = (
    "regular normal standard overtime holiday weekend",
    "male female nonbinary",
    "men women",
    "boys girls",
    "adult child infant senior",
    "billable nonbillable",
    "domestic international",
    "economy business first",
)
_SUMS = (
    (
        re.compile(r"^_((matches|games)_played|played|total_(matches|games)|(matches|games)_total)_$"),
        re.compile(r"^_(wins|losses|draws|ties)_$"),
    ),
    (
        re.compile(
            r"^_(guests|guest_count|total_guests|number_of_guests|num_guests|occupants|party_size|passengers|passenger_count"
            r"|travelers|total_passengers)_$"
        ),
        re.compile(r"^_(adults|children|infants|kids)_$"),
    ),
)
SUM_OF_KINDS = r"^_total_\w+_$|^_\w+_total_$|" + "|".join(whole.pattern for whole, _ in _SUMS)


@lru_cache(maxsize=4096)
def kinds_of(words: str) -> tuple[re.Pattern[str], ...]:
    """Return the names of the parts that a total may be the sum of, by its normalized name.

    Example:
        >>> [bool(names.search("_overtime_hours_")) for names in kinds_of("_total_hours_")][:1]
        [True]
    """
    of = [parts for whole, parts in _SUMS if whole.search(words)]
    found = re.fullmatch(r"_total_(\w+)_|_(\w+)_total_", words)
    if found:
        noun = found[1] or found[2]
        of += [re.compile(rf"^_({kinds.replace(' ', '|')})_{noun}_$") for kinds in _KINDS]
    return tuple(of)
