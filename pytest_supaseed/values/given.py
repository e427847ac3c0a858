"""What users and functions give as texts, as values that can be compared."""

from __future__ import annotations

import re
from typing import Any

from pytest_supaseed.constraints.literals import NUMBERS, TIMES, NoConstantError, typed
from pytest_supaseed.schema import Column

_READ = (*NUMBERS, *TIMES, "uuid")


def comparable(column: Column, value: Any) -> Any:
    """Return a value as the column's type has it, where that is told by its text.

    Args:
        column: the column.
        value: anything.

    Returns:
        A text as a number, date, time or timestamp; one without a zone is in UTC, as the session's are. Else the
        value as it is.

    Example:
        >>> from pytest_supaseed.schema import ColumnType
        >>> comparable(Column("n", ColumnType("integer", "int4")), "12")
        12
    """
    kind = column.type.name
    if not isinstance(value, str) or column.type.array or kind not in _READ:
        return value
    text = value.strip()
    if kind == "timestamptz":
        text = re.sub("[zZ]$", "+00", text)
    for zone in ("", "+00") if kind == "timestamptz" else ("",):
        try:
            return typed(text + zone, kind)
        except NoConstantError:
            continue
    return value
