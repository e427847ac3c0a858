"""Models of an application that know more of their columns than the database does, and rows for models."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import enum
import ipaddress
import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal, TypedDict

import annotated_types
import pydantic
from sqlalchemy import (
    ARRAY,
    CHAR,
    URL,
    CheckConstraint,
    Date,
    DateTime,
    Enum,
    Float,
    ForeignKey,
    Integer,
    Interval,
    LargeBinary,
    Numeric,
    PickleType,
    Sequence,
    String,
    Text,
    TypeDecorator,
    Uuid,
    create_engine,
    func,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.declarative import AbstractConcreteBase
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.ext.mutable import MutableDict, MutableList, MutableSet
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    column_property,
    composite,
    mapped_column,
    relationship,
    validates,
)
from sqlalchemy.pool import NullPool

from builders import asked
from pytest_supaseed import pipeline
from pytest_supaseed.planning.plan import Defaults
from pytest_supaseed.sources.models import declarations
from pytest_supaseed.sources.source import load, resolve


class Base(DeclarativeBase):
    """What all of them inherit from."""


Stars = Annotated[int, annotated_types.Interval(ge=3, lt=6)]
Code = Annotated[str, pydantic.StringConstraints(to_upper=True, min_length=4, max_length=6)]


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 10
    HIGH = 20


# ---- types of the application


class JsonText(TypeDecorator[Any]):
    """Documents in a column of texts."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else json.dumps(value)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else json.loads(value)


class Settings(pydantic.BaseModel):
    theme: Literal["dark", "light"]
    size: int = pydantic.Field(ge=1, le=9)
    tags: list[str] = []
    site: pydantic.HttpUrl | None = None


@dataclasses.dataclass(frozen=True)
class Address:
    street: str
    postcode: str
    since: dt.date


class OfModel(TypeDecorator[Any]):
    """Objects of pydantic's, in a document."""

    impl = postgresql.JSONB
    cache_ok = True

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value.model_dump(mode="json")

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else self.model.model_validate(value)


class OfAddress(TypeDecorator[Address]):
    """A dataclass, which only the code of the type names."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else "|".join((value.street, value.postcode, value.since.isoformat()))

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        if value is None:
            return None
        street, postcode, since = value.split("|")
        return Address(street, postcode, dt.date.fromisoformat(since))


class Aware(TypeDecorator[dt.datetime]):
    """Moments with a time zone, in a column without one."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a time zone is required")
        return value.astimezone(dt.timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value.replace(tzinfo=dt.timezone.utc)


class Guid(TypeDecorator[uuid.UUID]):
    """UUIDs as 32 characters, as in SQLAlchemy's recipe."""

    impl = CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(CHAR(32))

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        if value is None:
            return None
        return f"{(value if isinstance(value, uuid.UUID) else uuid.UUID(value)).int:032x}"

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else uuid.UUID(value)


class ByValue(TypeDecorator[Any]):
    """Members of an enum by their values, whose class is an argument of the type."""

    impl = Integer
    cache_ok = True

    def __init__(self, members: type[enum.Enum]) -> None:
        super().__init__()
        self._members = members

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value.value

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else self._members(value)


class Reversed(TypeDecorator[Any]):
    """Texts that only the application reads."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else b"\x00" + value.encode()[::-1]

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        if value is None:
            return None
        if bytes(value)[:1] != b"\x00":
            raise ValueError("not encrypted")
        return bytes(value)[:0:-1].decode()


class Words(TypeDecorator[Any]):
    """Lists of words, separated by commas; it reads no NULL."""

    impl = String(200)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return ",".join(value)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return value.split(",")


class Cents(TypeDecorator[Any]):
    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else int(value * 100)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else decimal.Decimal(value) / 100


class YesOrNo(TypeDecorator[Any]):
    impl = CHAR(1)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else "Y" if value else "N"

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else {"Y": True, "N": False}[value]


class Network(TypeDecorator[Any]):
    """What it takes is stated by an annotation of its method."""

    impl = String(50)
    cache_ok = True

    def process_bind_param(self, value: ipaddress.IPv4Address | None, dialect: Any) -> Any:
        return None if value is None else value.packed.hex()

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else ipaddress.IPv4Address(bytes.fromhex(value))


class Choice(TypeDecorator[Any]):
    """One of a list of pairs, which is an argument of the type."""

    impl = String(20)
    cache_ok = True

    def __init__(self, choices: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self.choices = choices

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else dict(self.choices) and value

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else (value, dict(self.choices)[value])


class Shape(TypedDict):
    width: int
    height: int


@dataclasses.dataclass
class Point:
    x: int
    y: int


# ---- models


class Owner(Base):
    __tablename__ = "owner"
    __table_args__ = ({"schema": "people"},)

    id: Mapped[uuid.UUID] = mapped_column(Guid, primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    secret: Mapped[str] = mapped_column(Reversed, unique=True)
    born: Mapped[dt.date | None]
    died: Mapped[dt.date | None]
    address: Mapped[Any] = mapped_column(OfAddress)
    plan: Mapped[Stars]
    code: Mapped[Code]

    @validates("email")
    def check_email(self, key: str, value: str) -> str:
        if "@" not in value:
            raise ValueError(f"{value!r} has no @")
        return value.lower()

    @validates("name", "slug")
    def check_words(self, key: str, value: str) -> str:
        assert re.fullmatch(r"[A-Za-z][a-z-]+[0-9]*", value), f"{key} is {value!r}"
        return value

    @validates("died")
    def check_died(self, key: str, value: dt.date | None) -> dt.date | None:
        if value is not None and self.born is not None and value < self.born:
            raise ValueError("before the birth")
        return value


class Thing(Base):
    __tablename__ = "thing"

    id: Mapped[int] = mapped_column(Sequence("thing_numbers", start=100, increment=5), primary_key=True)
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.owner.id"))
    owner: Mapped[Owner] = relationship()
    colour: Mapped[Colour] = mapped_column(Enum(Colour, native_enum=False))
    shade: Mapped[Colour] = mapped_column(
        Enum(
            Colour,
            native_enum=False,
            length=30,
            values_callable=lambda members: [each.value for each in members],
        )
    )
    native: Mapped[Colour]
    kind: Mapped[Literal["tent", "stove"]]
    colours: Mapped[list[Colour]] = mapped_column(ARRAY(Enum(Colour, native_enum=False)))
    level: Mapped[Level] = mapped_column(ByValue(Level))
    choice: Mapped[Any] = mapped_column(Choice((("s", "small"), ("l", "large"))))
    settings: Mapped[Settings] = mapped_column(OfModel(Settings))
    options: Mapped[Any] = mapped_column(OfModel(Settings))
    extra: Mapped[Any] = mapped_column(JsonText)
    found_at: Mapped[Any] = mapped_column(Aware)
    price: Mapped[Any] = mapped_column(Cents)
    active: Mapped[Any] = mapped_column(YesOrNo)
    tags: Mapped[Any] = mapped_column(Words, nullable=True)
    network: Mapped[Any] = mapped_column(Network)
    numbers: Mapped[list[int]] = mapped_column(postgresql.JSONB)
    shape: Mapped[Shape] = mapped_column(postgresql.JSON)
    parts: Mapped[Any] = mapped_column(MutableList.as_mutable(postgresql.JSONB), default=list)
    attributes: Mapped[Any] = mapped_column(MutableDict.as_mutable(JsonText))
    pickled: Mapped[Any] = mapped_column(PickleType)
    labels: Mapped[Any] = mapped_column(MutableSet.as_mutable(PickleType))
    took: Mapped[dt.timedelta] = mapped_column(Interval(native=False))
    token: Mapped[uuid.UUID] = mapped_column(Uuid(native_uuid=False), unique=True)
    text_token: Mapped[str] = mapped_column(Uuid(as_uuid=False, native_uuid=False))
    summary: Mapped[str] = mapped_column(String(12).with_variant(Text, "postgresql"))
    guids: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Guid))
    weight: Mapped[float] = mapped_column(Float)
    cost: Mapped[decimal.Decimal] = mapped_column(Numeric(8, 2))
    day: Mapped[dt.date] = mapped_column(Date)
    x: Mapped[int] = mapped_column()
    y: Mapped[int] = mapped_column()
    point: Mapped[Point] = composite("x", "y")
    version: Mapped[int] = mapped_column()
    area: Mapped[int] = column_property(func.abs(x * y))

    __mapper_args__ = {"version_id_col": version.column}  # noqa: RUF012 SQLAlchemy's name

    @hybrid_property
    def far(self) -> bool:
        return self.x > 100


class Employee(Base):
    """Joined tables on three levels, one of which is shared by two classes; the root has no rows of its own."""

    __tablename__ = "employee"

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]
    boss_id: Mapped[int | None] = mapped_column(ForeignKey("manager.number", use_alter=True))

    __mapper_args__ = {"polymorphic_on": "type", "polymorphic_abstract": True}  # noqa: RUF012


class Manager(Employee):
    __tablename__ = "manager"

    number: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True)
    budget: Mapped[int]

    __mapper_args__ = {  # noqa: RUF012
        "polymorphic_identity": "manager",
        "inherit_condition": number.column == Employee.id,
    }


class Director(Manager):
    __tablename__ = "director"

    number: Mapped[int] = mapped_column(ForeignKey("manager.number"), primary_key=True)
    title: Mapped[str]

    __mapper_args__ = {"polymorphic_identity": "director"}  # noqa: RUF012


class Assistant(Manager):
    """In the table of managers."""

    __mapper_args__ = {"polymorphic_identity": "assistant"}  # noqa: RUF012


class Engineer(Employee):
    __tablename__ = "engineer"

    number: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True)
    language: Mapped[str]

    __mapper_args__ = {  # noqa: RUF012
        "polymorphic_identity": "engineer",
        "inherit_condition": number.column == Employee.id,
    }


class Kind(enum.Enum):
    ANIMAL = 1
    DOG = 2
    CAT = 3
    KITTEN = 4


class Animal(Base):
    """One table, whose discriminator is an enum."""

    __tablename__ = "animal"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
    name: Mapped[str]

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": Kind.ANIMAL}  # noqa: RUF012


class Dog(Animal):
    bark: Mapped[str | None]

    __mapper_args__ = {"polymorphic_identity": Kind.DOG}  # noqa: RUF012


class Cat(Animal):
    """Another class in the table, with a reference, and with a class below it."""

    lives: Mapped[int | None] = mapped_column(CheckConstraint("lives BETWEEN 1 AND 9"))
    friend_id: Mapped[int | None] = mapped_column(ForeignKey("animal.id"))
    spoilt: Mapped[bool] = mapped_column(default=False)

    __mapper_args__ = {"polymorphic_identity": Kind.CAT}  # noqa: RUF012


class Kitten(Cat):
    toy: Mapped[str | None]

    __mapper_args__ = {"polymorphic_identity": Kind.KITTEN}  # noqa: RUF012


class Document(Base):
    """Concrete tables, each with a discriminator of its own."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]

    __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "document"}  # noqa: RUF012


class Letter(Document):
    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    pages: Mapped[int] = mapped_column(CheckConstraint("pages > 0"))

    __mapper_args__ = {"polymorphic_identity": "letter", "concrete": True}  # noqa: RUF012


class Vehicle(AbstractConcreteBase, Base):
    """A base class that is mapped when mappers are configured, to all concrete tables together."""

    strict_attrs = True
    id: Mapped[int] = mapped_column(primary_key=True)


class Car(Vehicle):
    __tablename__ = "car"

    id: Mapped[int] = mapped_column(primary_key=True)
    fuel: Mapped[Colour] = mapped_column(Enum(Colour, native_enum=False))

    __mapper_args__ = {"polymorphic_identity": "car", "concrete": True}  # noqa: RUF012


class Bike(Vehicle):
    __tablename__ = "bike"

    id: Mapped[int] = mapped_column(primary_key=True)

    __mapper_args__ = {"polymorphic_identity": "bike", "concrete": True}  # noqa: RUF012


COUNTS = {
    "car": 3,
    "bike": 2,
    "people.owner": 6,
    "thing": 12,
    "employee": 9,
    "manager": 5,
    "director": 2,
    "engineer": 4,
    "animal": 7,
    "document": 3,
    "letter": 2,
}


def _owner(number: int) -> Owner:
    return Owner(
        email=f"new{number}@example.com",
        name="New",
        slug=f"new-{number}",
        secret=f"secret {number}",
        address=Address("Road 1", "12345", dt.date(2020, 1, 1)),
        plan=4,
        code="ABCD",
    )


def _thing(owner: Owner) -> Thing:
    return Thing(
        owner=owner,
        colour=Colour.RED,
        shade=Colour.BLUE,
        native=Colour.RED,
        kind="tent",
        colours=[Colour.BLUE],
        level=Level.LOW,
        choice="s",
        settings=Settings(theme="dark", size=3),
        options=Settings(theme="light", size=4),
        extra={"a": 1},
        found_at=dt.datetime(2024, 5, 17, tzinfo=dt.timezone.utc),
        price=decimal.Decimal("1.25"),
        active=True,
        tags=["a", "b"],
        network=ipaddress.IPv4Address("192.0.2.1"),
        numbers=[1, 2],
        shape={"width": 1, "height": 2},
        parts=[1],
        attributes={"b": 2},
        pickled={"c": 3},
        labels={"d"},
        took=dt.timedelta(minutes=5),
        token=uuid.uuid4(),
        text_token=str(uuid.uuid4()),
        summary="short",
        guids=[uuid.uuid4()],
        weight=1.5,
        cost=decimal.Decimal("2.50"),
        day=dt.date(2024, 5, 17),
        point=Point(1, 2),
    )


# One more object of each class.
NEW: tuple[Callable[[], Base], ...] = (
    lambda: _owner(1),
    lambda: _thing(_owner(2)),
    lambda: Manager(name="m", budget=1),
    lambda: Director(name="d", budget=2, title="t"),
    lambda: Assistant(name="a", budget=3),
    lambda: Engineer(name="e", language="l"),
    lambda: Animal(name="n"),
    lambda: Dog(name="o", bark="wau"),
    lambda: Document(),
    lambda: Letter(pages=3, type="letter"),
    lambda: Car(fuel=Colour.RED),
    lambda: Bike(),
)


@contextmanager
def seeded(url: URL, source: object, counts: Mapping[str, Any], seed: int = 0) -> Iterator[Session]:
    """A session on a database with rows."""
    resolved = resolve(source, Path())
    load(resolved, url)
    engine = create_engine(url.set(drivername="postgresql+psycopg2"), poolclass=NullPool)
    with engine.begin() as connection:
        snapshot = pipeline.read(connection)
        defaults = Defaults(declared=declarations(resolved, snapshot.schema))
        plan = pipeline.plan(connection, snapshot, asked(counts, seed=seed, limit=10_000), defaults=defaults)
        pipeline.seed(connection, snapshot.schema, plan, defaults=defaults)
    with Session(engine) as session:
        yield session
    engine.dispose()
