"""What annotations of models tell of values."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import ipaddress
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple, NewType, Optional, TypedDict

import annotated_types
import pydantic
import pytest
from sqlalchemy.orm import Mapped

from pytest_supaseed.model.schema import DeclaredColumn
from pytest_supaseed.sources.annotations import annotation_of, limits_of, type_of_annotation


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


@dataclasses.dataclass
class Point:
    x: int
    y: float = 0.0


class Size(TypedDict):
    width: int


class Pair(NamedTuple):
    first: str
    second: int


class Inner(pydantic.BaseModel):
    number: int = pydantic.Field(ge=3)
    note: str | None = None
    unknown: object = None


class Listed(pydantic.RootModel[list[int]]):
    pass


UserId = NewType("UserId", int)


@pytest.mark.parametrize(
    ("annotation", "spelt"),
    [
        (str, "text"),
        (Optional[int], "bigint"),  # noqa: UP045 both forms are written
        (float | None, "double precision"),
        (Mapped[Decimal], "numeric"),
        (Mapped[dt.datetime | None], "timestamp with time zone"),
        (UserId, "bigint"),
        (uuid.UUID, "uuid"),
        (list[int], "bigint[]"),
        (Sequence[str], "text[]"),
        (set[Colour], "bigint[]"),
        (list, "jsonb"),
        (dict[str, Any], "jsonb"),
        (Mapping[str, int], "jsonb"),
        (ipaddress.IPv4Address, "text"),
        (Literal["a", "b"], "text"),
        (Colour, "bigint"),
        (tuple[int, str], "record"),
        (int | str, "bigint"),
        (pydantic.SecretStr, "text"),
    ],
)
def test_the_type_by_which_values_are_made(annotation: Any, spelt: str) -> None:
    found = type_of_annotation(annotation)
    assert found is not None
    assert found.type.text == spelt


@pytest.mark.parametrize("annotation", [None, object, Any, type, "text", complex])
def test_what_tells_nothing(annotation: Any) -> None:
    assert type_of_annotation(annotation) is None


@pytest.mark.parametrize(
    ("annotation", "made", "built"),
    [
        (Point, (1, 2.5), Point(1, 2.5)),
        (Size, (3,), {"width": 3}),
        (Pair, ("a", 1), Pair("a", 1)),
        (Inner, (4, None), Inner(number=4)),
        (Listed, ([1, 2],), Listed([1, 2])),
        (set[int], [1, 2], {1, 2}),
        (tuple[int, ...], [1, 2], (1, 2)),
        (list[Point], [(1, 2.0)], [(1, 2.0)]),
        (ipaddress.IPv4Address, "192.0.2.1", ipaddress.IPv4Address("192.0.2.1")),
        (pydantic.HttpUrl, "https://example.com/", pydantic.HttpUrl("https://example.com/")),
    ],
)
def test_objects_are_built_of_what_is_made(annotation: Any, made: Any, built: Any) -> None:
    found = type_of_annotation(annotation)
    assert found is not None
    assert found.build(made) == built
    # An object that a user supplies stays as it is.
    assert found.build(built) == built


def test_members_are_listed_without_none() -> None:
    found = type_of_annotation(Literal["a", None])
    assert found is not None
    assert found.declared.allowed == ("a",)


def test_fields_that_tell_nothing_are_left_out_where_they_may_be() -> None:
    found = type_of_annotation(Inner)
    assert found is not None
    assert [attribute.name for attribute in found.type.attributes] == ["number", "note"]
    assert found.type.attributes[0].declared == DeclaredColumn(minimum=3)

    class Needed(pydantic.BaseModel):
        unknown: object

    assert type_of_annotation(Needed) is None


@pytest.mark.parametrize(
    ("metadata", "limits"),
    [
        (annotated_types.Ge(1), DeclaredColumn(minimum=1)),
        (annotated_types.Interval(gt=1, le=5), DeclaredColumn(minimum=1, minimum_exclusive=True, maximum=5)),
        (annotated_types.Len(2, 3), DeclaredColumn(minimum_length=2, maximum_length=3)),
        (annotated_types.MultipleOf(0.5), DeclaredColumn(multiple_of=Decimal("0.5"))),
        (pydantic.Field(pattern="^a"), DeclaredColumn(patterns=("^a",))),
        (pydantic.StringConstraints(to_upper=True), DeclaredColumn(uppercase=True)),
        # Of another dialect.
        (pydantic.StringConstraints(pattern=r"\p{Lu}"), DeclaredColumn()),
        ("a comment", DeclaredColumn()),
    ],
)
def test_limits(metadata: Any, limits: DeclaredColumn) -> None:
    assert limits_of([metadata]) == limits


def test_limits_of_an_annotation_are_those_of_its_values() -> None:
    found = type_of_annotation(Mapped[Annotated[int, annotated_types.Lt(9)] | None])
    assert found is not None
    assert found.declared == DeclaredColumn(maximum=9, maximum_exclusive=True)


class Base:
    number: Mapped[int]
    unknown: Mapped[NotImported]  # type: ignore[name-defined] # noqa: F821 as for a type checker only


class Derived(Base):
    colour: Mapped[Colour]


def test_annotations_of_attributes_are_found_in_bases() -> None:
    assert annotation_of(Derived, "number") == Mapped[int]
    assert annotation_of(Derived, "colour") == Mapped[Colour]
    assert annotation_of(Derived, "unknown") is None
    assert annotation_of(Derived, "missing") is None
