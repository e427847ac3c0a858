"""Code of models that judges several columns of a row: rows that it accepts."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import enum
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pydantic
import pytest
from sqlalchemy import URL, Enum, ForeignKey, Interval, MetaData, Numeric, String, UniqueConstraint, select
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, Session, composite, mapped_column
from sqlmodel import Field, SQLModel

from mapped import seeded
from pytest_supaseed.errors import GenerateError
from pytest_supaseed.model.schema import Column, ColumnType, Table, TableName, Validator
from pytest_supaseed.sources.models import mappers_of
from pytest_supaseed.sources.row_validators import Judge, JudgedColumn, by_column, row_validators

TABLES = MetaData()
GIVEN = b"4711 815"


@dataclasses.dataclass
class Span:
    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("it ends before it starts")


@dataclasses.dataclass
class Period:
    first: dt.date
    last: dt.date | None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError("it ends before it starts")


class Place:
    def __init__(self, lat: float, lon: float) -> None:
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise ValueError("off the map")
        self.lat, self.lon = lat, lon

    def __composite_values__(self) -> tuple[float, float]:
        return self.lat, self.lon


@dataclasses.dataclass(frozen=True)
class Price:
    amount: decimal.Decimal
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in ("EUR", "USD") or self.amount <= 0:
            raise ValueError(f"no price: {self}")


class Phone:
    def __init__(self, region: str, number: str) -> None:
        if not re.fullmatch(r"\+\d{1,3}", region) or not re.fullmatch(r"\d{6,9}", number):
            raise ValueError("no phone")
        self.region, self.number = region, number

    def __composite_values__(self) -> tuple[str, str]:
        return self.region, self.number


class Unit(enum.Enum):
    KILOGRAM = "kg"
    GRAM = "g"


@dataclasses.dataclass
class Weight:
    value: int
    unit: Unit

    def __post_init__(self) -> None:
        if not isinstance(self.unit, Unit) or (self.unit is Unit.GRAM and self.value < 1000):
            raise ValueError("too few grams")


class Ratio:
    def __init__(self, above: int, below: int) -> None:
        self.above, self.below = above, below

    def __composite_values__(self) -> tuple[int, int]:
        return self.above, self.below


def ratio(above: int, below: int) -> Ratio:
    if not below or above > below:
        raise ZeroDivisionError
    return Ratio(above, below)


@dataclasses.dataclass
class Plain:
    left: int
    right: int


class Base(DeclarativeBase):
    metadata = TABLES


class Box(Base):
    """Composites, whose objects are built when a row is loaded."""

    __tablename__ = "box"
    __table_args__ = (UniqueConstraint("region", "number"), UniqueConstraint("amount"))

    id: Mapped[int] = mapped_column(primary_key=True)
    span: Mapped[Span] = composite(mapped_column("span_start"), mapped_column("span_end"))
    last: Mapped[dt.date | None]
    first: Mapped[dt.date]
    period: Mapped[Period] = composite("first", "last")
    lat: Mapped[float]
    lon: Mapped[float]
    place: Mapped[Place] = composite(Place, "lat", "lon")
    _amount: Mapped[decimal.Decimal] = mapped_column("amount", Numeric(8, 2))
    _currency: Mapped[str] = mapped_column("currency", String(3))
    price: Mapped[Price] = composite("_amount", "_currency")
    phone: Mapped[Phone] = composite(Phone, mapped_column("region", String), mapped_column("number", String))
    weight: Mapped[Weight] = composite(
        mapped_column("weight_value"), mapped_column("weight_unit", Enum(Unit, native_enum=False))
    )
    above: Mapped[int]
    below: Mapped[int]
    ratio: Mapped[Ratio] = composite(ratio, "above", "below")
    left: Mapped[int]
    right: Mapped[int]
    plain: Mapped[Plain] = composite("left", "right")
    took: Mapped[dt.timedelta] = mapped_column(Interval)


class Shape(Base):
    __tablename__ = "shape"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "shape"}  # noqa: RUF012


class Square(Shape):
    low: Mapped[int | None]
    high: Mapped[int | None]
    span: Mapped[Span | None] = composite(
        lambda low, high: None if low is None or high is None else Span(low, high), "low", "high"
    )

    __mapper_args__ = {"polymorphic_identity": "square"}  # noqa: RUF012


class AsDataclass(MappedAsDataclass, DeclarativeBase):
    metadata = TABLES


class Node(AsDataclass):
    __tablename__ = "node"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    size: Mapped[int]
    depth: Mapped[int | None] = mapped_column(default=None)
    above_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"), default=None)

    def __post_init__(self) -> None:
        if self.depth is None and self.size > 50:
            raise ValueError("a large one has a depth")
        # An object of the model has it, what stands for one has not.
        self._sa_instance_state.manager.registry  # noqa: B018


class Model(SQLModel):
    metadata = TABLES


class Booking(Model, table=True):
    id: int | None = Field(default=None, primary_key=True)
    ends: dt.date
    starts: dt.date
    guests: int
    rooms: int
    kind: str
    reason: str | None = None

    @pydantic.model_validator(mode="after")
    def check_dates(self) -> Booking:
        if self.ends <= self.starts:
            raise ValueError("it ends before it starts")
        return self

    @pydantic.model_validator(mode="before")
    @classmethod
    def check_guests(cls, data: Any) -> Any:
        if isinstance(data, dict) and data["guests"] > data["rooms"] * 2:
            raise ValueError("too many guests")
        return data

    @pydantic.model_validator(mode="wrap")
    @classmethod
    def check_kind(cls, data: Any, handler: Any, info: pydantic.ValidationInfo) -> Any:
        assert info.context is None
        found = handler(data)
        if found.kind not in ("usual", "other") or (found.kind == "other") == (found.reason is None):
            raise ValueError("another kind has a reason, the usual one has none")
        return found


NEW: tuple[Callable[[], Any], ...] = (
    lambda: Box(
        span=Span(1, 2),
        period=Period(dt.date(2020, 1, 1), None),
        place=Place(1, 2),
        price=Price(decimal.Decimal("1.01"), "EUR"),
        phone=Phone("+49", "123456"),
        weight=Weight(1, Unit.KILOGRAM),
        ratio=Ratio(1, 2),
        plain=Plain(1, 2),
        took=dt.timedelta(days=1),
    ),
    lambda: Square(low=1, high=2),
    lambda: Node(size=3),
    lambda: Booking(
        starts=dt.date(2020, 1, 1), ends=dt.date(2020, 1, 2), guests=1, rooms=1, kind="usual", reason=None
    ),
)


@pytest.fixture(scope="module")
def loaded(create_database: Callable[[], URL]) -> Iterator[Session]:
    counts = {"box": 20, "shape": 8, "node": 12, "booking": 20}
    with seeded(create_database(), TABLES, counts) as session:
        yield session


def test_every_row_is_loaded_and_accepted(loaded: Session) -> None:
    for box in loaded.scalars(select(Box)):
        Span(box.span.start, box.span.end)
        assert isinstance(box.took, dt.timedelta)
    squares = loaded.scalars(select(Square)).all()
    assert squares
    for square in squares:
        assert square.span is None or square.span.end > square.span.start
    nodes = loaded.scalars(select(Node)).all()
    assert all(node.depth is not None or node.size <= 50 for node in nodes)
    bookings = loaded.scalars(select(Booking)).all()
    for booking in bookings:
        Booking.model_validate(booking.model_dump())
    assert {booking.reason is None for booking in bookings} == {True, False}


@pytest.mark.parametrize("new", NEW)
def test_one_more_is_added(loaded: Session, new: Callable[[], Any]) -> None:
    with loaded.begin_nested() as savepoint:
        loaded.add(new())
        loaded.flush()
        savepoint.rollback()


def table(**columns: str) -> Table:
    found = {name: ColumnType(name=kind, text=kind) for name, kind in columns.items()}
    return Table(TableName("", "box"), tuple(Column(name, kind, False) for name, kind in found.items()))


BOX = table(span_start="int4", span_end="int4")


def validator(column: str) -> Validator:
    [mapper] = [each for each in mappers_of(TABLES) if each.class_ is Box]
    whole = table(**{each.name: "text" for each in Box.__table__.columns if "span" not in each.name})
    known = Table(whole.name, (*whole.columns, *BOX.columns))
    [found] = row_validators([mapper], lambda table: known)[Box.__table__.columns[column]]
    return found


def test_columns_are_judged_together() -> None:
    found = validator("span_end")
    assert found.name == "Span of Box.span (composite of span_start, span_end)"
    assert (found.uses, found.of_null) == (("span_start",), True)
    assert found.accept(8, {"span_start": 7}) == 8
    with pytest.raises(ValueError, match="it ends before it starts"):
        found.accept(7, {"span_start": 7})
    with pytest.raises(TypeError):
        found.accept(None, {"span_start": 7})


def test_a_composite_of_what_is_no_column_is_sqlalchemys_to_refuse() -> None:
    class Wrong(DeclarativeBase):
        pass

    class Heap(Wrong):
        __tablename__ = "heap"

        id: Mapped[int] = mapped_column(primary_key=True)
        span: Mapped[Span] = composite(Span, "start", "end")

    try:
        assert row_validators(mappers_of(Wrong.metadata), lambda table: BOX) == {}
    finally:
        # Other tests configure the mappers of all registries.
        Wrong.registry.dispose()


def test_a_column_is_judged_with_samples_before_the_others_are_made() -> None:
    found = validator("span_start")
    assert found.accept(7, {}) == 7
    with pytest.raises(ValueError, match="no span_end goes with it"):
        found.accept(None, {})


class Odd:
    def __init__(self, left: int, right: int) -> None:
        if zlib.crc32(b"%d %d" % (left, right)) != zlib.crc32(GIVEN):
            raise ValueError("others are given")


class OddBase(DeclarativeBase):
    pass


class Pair(OddBase):
    __tablename__ = "pair"

    id: Mapped[int] = mapped_column(primary_key=True)
    odd: Mapped[Odd] = composite(Odd, "left_part", "right_part")
    left_part: Mapped[int]
    right_part: Mapped[int]


def test_what_is_not_told_is_refused_with_what_to_write(create_database: Callable[[], URL]) -> None:
    with pytest.raises(GenerateError) as told, seeded(create_database(), OddBase, {"pair": 2}):
        pass
    assert re.fullmatch(
        r"pair.((?:left|right)_part) \(integer\): no value could be made: Pair.\1 takes none of the values tried: for "
        r"the last one, -?\d+, Odd of Pair.odd \(composite of left_part, right_part\) raised ValueError: others are "
        r"given: give some that fit, as in pair=Rows\(2, columns={'\1': \[...\]}\)",
        str(told.value),
    )
    given = {"pair": {"count": 2, "left_part": 4711, "right_part": 815}}
    with seeded(create_database(), OddBase, given) as session:
        assert len(session.scalars(select(Pair)).all()) == 2


def test_what_is_made_early_is_judged_though_one_time_has_to_be_later_than_another() -> None:
    def accept(values: Mapping[str, Any]) -> None:
        if not (values["starts"] < values["ends"] and 1 <= values["guests"] <= 6):
            raise ValueError("1 to 6 guests")

    day, number = ColumnType("date", "date", "D"), ColumnType("integer", "int4", "N")
    columns = tuple(
        JudgedColumn(name, name, kind, nullable=False, load=lambda value: value)
        for name, kind in (("starts", day), ("ends", day), ("guests", number))
    )
    validators = dict(by_column(Judge("Stay", columns, accept)))
    assert validators["guests"].accept(6, {}) == 6
    with pytest.raises(ValueError, match="no starts, no ends goes with it"):
        validators["guests"].accept(7, {})
    late = dt.date(9999, 12, 31)
    with pytest.raises(ValueError, match="no ends goes with it"):
        validators["starts"].accept(late, {"guests": 1})
    assert validators["ends"].accept(late, {"guests": 1, "starts": dt.date(2020, 1, 1)}) == late
