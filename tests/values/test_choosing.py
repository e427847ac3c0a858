"""Texts that users give, as values that can be compared."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from builders import column
from pytest_supaseed.model.schema import Column, ColumnType
from pytest_supaseed.values.choosing import comparable

UTC = timezone.utc


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("timestamptz", "2024-05-01 12:30", datetime(2024, 5, 1, 12, 30, tzinfo=UTC)),
        ("timestamptz", "2024-05-01", datetime(2024, 5, 1, tzinfo=UTC)),
        ("timestamptz", "2024-05-01T12:30:00Z", datetime(2024, 5, 1, 12, 30, tzinfo=UTC)),
        ("timestamptz", "2024-05-01 12:30+02", datetime(2024, 5, 1, 10, 30, tzinfo=UTC)),
        ("timestamp", "2024-05-01 12:30", datetime(2024, 5, 1, 12, 30)),
        ("date", "2024-05-01", date(2024, 5, 1)),
        ("time", "12:30", time(12, 30)),
        ("int4", " 12 ", 12),
        ("numeric", "1.50", Decimal("1.50")),
        ("uuid", str(uuid.UUID(int=7)), uuid.UUID(int=7)),
        # Texts that cannot be parsed stay, and so does what is no text.
        ("text", "12", "12"),
        ("int4", "twelve", "twelve"),
        ("timestamptz", "tomorrow", "tomorrow"),
        ("timestamptz", None, None),
        ("interval", timedelta(1), timedelta(1)),
    ],
)
def test_texts_are_what_their_column_reads(kind: str, value: Any, expected: Any) -> None:
    found = comparable(column("a", kind), value)
    assert found == expected
    assert type(found) is type(expected)


def test_an_array_is_left_alone() -> None:
    assert comparable(Column("a", ColumnType("integer[]", "int4", array=True)), "{1}") == "{1}"
