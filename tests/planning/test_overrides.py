"""What users give, made plain."""

from __future__ import annotations

import enum
import ipaddress
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel, HttpUrl, SecretBytes, SecretStr

from builders import column
from pytest_supaseed.model.schema import Column, ColumnType
from pytest_supaseed.planning.overrides import plain


class Status(enum.Enum):
    NEW = "new"
    OLD = "old"


class Level(enum.IntEnum):
    LOW = 1


class Loud(str):
    def __str__(self) -> str:
        return "LOUD"


@dataclass
class Point:
    x: int
    status: Status


class Page(BaseModel):
    url: HttpUrl
    key: SecretStr
    points: list[Point]


TEXT, JSON = column("a"), column("a", "jsonb")
PAGE = Page(url="https://example.com/a", key="k", points=[Point(1, Status.NEW)])  # type: ignore[arg-type]
DOCUMENT = {"url": "https://example.com/a", "key": "k", "points": [{"x": 1, "status": "new"}]}
ARRAY = Column("a", ColumnType("text[]", "text", "S", array=True))
NUMBER = uuid.UUID(int=5)


@pytest.mark.parametrize(
    ("of", "value", "expected"),
    [
        (TEXT, "a", "a"),
        (TEXT, None, None),
        (TEXT, True, True),
        (TEXT, Status.NEW, "new"),
        (column("a", "status", labels=("NEW", "OLD")), Status.NEW, "NEW"),
        (column("a", "status", labels=("new", "old")), Status.NEW, "new"),
        (column("a", "int4"), Level.LOW, 1),
        (TEXT, Loud("quiet"), "quiet"),
        (TEXT, SecretStr("s"), "s"),
        (column("a", "bytea"), SecretBytes(b"s"), b"s"),
        (TEXT, HttpUrl("https://example.com/"), "https://example.com/"),
        (column("a", "uuid"), NUMBER, NUMBER),
        (column("a", "inet"), ipaddress.ip_address("10.0.0.1"), ipaddress.ip_address("10.0.0.1")),
        (JSON, PAGE, DOCUMENT),
        (TEXT, PAGE, DOCUMENT),
        (JSON, [Status.NEW, {Status.OLD: NUMBER}, (1, None)], ["new", {"old": str(NUMBER)}, [1, None]]),
        (JSON, {"b", "a"}, ["a", "b"]),
        (JSON, {1: Level.LOW}, {1: 1}),
        (ARRAY, [Status.NEW, "x", None], ["new", "x", None]),
        (ARRAY, frozenset(("b", "a")), ["a", "b"]),
    ],
)
def test_values_are_plain(of: Column, value: Any, expected: Any) -> None:
    found = plain(of, value)
    assert found == expected
    assert type(found) is type(expected)


def test_a_member_is_stored_by_its_name_where_a_check_lists_the_names() -> None:
    assert plain(TEXT, Status.NEW, ("NEW", "OLD")) == "NEW"
    assert plain(TEXT, Status.NEW, ("new", "old")) == "new"
