"""The day that the rows take for today, as an option or a marker spells it."""

from __future__ import annotations

import re
from datetime import date

from pytest_supaseed.spec import DEFAULT_DATE

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# A life before it and some years after it have to be dates as well.
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def date_of(text: str) -> date | None:
    """Return the date that a text spells, None if it is none that will do.

    Args:
        text: as the user wrote it.

    Example:
        >>> date_of("2025-12-31")
        datetime.date(2025, 12, 31)
    """
    try:
        # Later Pythons would read other forms as well.
        found = date.fromisoformat(text) if _WRITTEN.fullmatch(text) else None
    except ValueError:
        return None
    return found if found is not None and _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def date_problem() -> str:
    """Say what to write instead of a date that :func:`date_of` does not take."""
    return (
        f"write a date of the years {_FIRST_YEAR} to {_LAST_YEAR} as year-month-day, such as {DEFAULT_DATE}"
    )
