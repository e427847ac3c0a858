"""The text of an interval, as PostgreSQL prints it, -> how long it is."""

from __future__ import annotations

import re
from datetime import timedelta

from pytest_supaseed.constraints.literals import NoConstantError

_PARTS = re.compile(
    r"(?:(?P<years>[+-]?\d+) years? ?)?(?:(?P<months>[+-]?\d+) mons? ?)?(?:(?P<days>[+-]?\d+) days? ?)?"
    r"(?:(?P<sign>[+-])?(?P<hours>\d+):(?P<minutes>\d\d):(?P<seconds>\d\d(?:\.\d{1,6})?))?"
)
# As PostgreSQL compares intervals: https://www.postgresql.org/docs/current/functions-datetime.html
DAYS_OF_A_MONTH = 30
MONTHS_OF_A_YEAR = 12


def duration(text: str) -> timedelta:
    """Return how long an interval is.

    Args:
        text: in the style ``postgres``, which is the server's default.

    Returns:
        Its length, with 30 days for a month, as PostgreSQL compares intervals.

    Raises:
        NoConstantError: it is in another style, or longer than Python's.

    Example:
        >>> duration("1 mon 2 days 03:00:00")
        datetime.timedelta(days=32, seconds=10800)
    """
    found = _PARTS.fullmatch(text)
    if found is None or not text:
        raise NoConstantError(text)
    years, months, days, hours, minutes = (
        int(found[part] or 0) for part in ("years", "months", "days", "hours", "minutes")
    )
    try:
        time = timedelta(hours=hours, minutes=minutes, seconds=float(found["seconds"] or 0))
        length = timedelta(days=days + DAYS_OF_A_MONTH * (months + MONTHS_OF_A_YEAR * years))
        return length - time if found["sign"] == "-" else length + time
    except OverflowError as error:
        raise NoConstantError(text) from error
