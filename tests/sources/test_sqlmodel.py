"""Rows of SQLModel's classes, which pydantic accepts as it does new ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Optional

import pydantic
import pytest
from sqlalchemy import URL, MetaData, String, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel

from mapped import seeded
from pytest_supaseed.model.schema import Column, ColumnType, Schema, Table, TableName
from pytest_supaseed.sources.models import declarations
from pytest_supaseed.sources.source import resolve


class Base(SQLModel):
    """The classes of this module have tables of their own."""

    metadata = MetaData()


class Rank(Enum):
    NEW = "new"
    OLD = "old"


class HeroBase(Base):
    name: str = Field(min_length=3, max_length=12, schema_extra={"pattern": "^[A-Z][a-z]+$"})
    code: str = Field(regex=r"^[A-Z]{3}-\d{2}$")
    age: int | None = Field(default=None, ge=18, lt=100)
    contact: pydantic.EmailStr = Field(unique=True)
    home: Annotated[str, pydantic.AfterValidator(lambda value: str(pydantic.HttpUrl(value)))]
    plan: Literal["free", "paid"] = Field(sa_type=String)
    rank: Rank
    shares: Decimal = Field(gt=0, le=1, max_digits=4, decimal_places=3)
    tens: int = Field(multiple_of=10)
    word: Annotated[str, pydantic.StringConstraints(to_lower=True, max_length=8)]

    @pydantic.field_validator("word")
    @classmethod
    def check_word(cls, value: str) -> str:
        if "e" in value:
            raise ValueError("an e")
        return value


class Hero(HeroBase, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)  # noqa: UP045 SQLModel's way


@pytest.fixture(scope="module")
def heroes(create_database: Callable[[], URL]) -> Iterator[list[Any]]:
    with seeded(create_database(), Base, {"hero": 25}) as session:
        yield list(session.scalars(select(Hero)))


def test_pydantic_accepts_every_row(heroes: list[Any]) -> None:
    for hero in heroes:
        HeroBase.model_validate(hero.model_dump())
        assert hero.rank in Rank


def test_values_are_as_the_fields_say(heroes: list[Any]) -> None:
    assert len(heroes) == 25
    assert {hero.plan for hero in heroes} == {"free", "paid"}
    assert all(hero.age is None or 18 <= hero.age < 100 for hero in heroes)
    assert all(hero.tens % 10 == 0 for hero in heroes)
    assert len({hero.contact for hero in heroes}) == 25
    assert all("@" in hero.contact for hero in heroes)
    assert all(hero.code[3] == "-" for hero in heroes)


def test_limits_that_the_database_has_are_not_declared_again() -> None:
    class Plain(Base, table=True):
        id: Optional[int] = Field(default=None, primary_key=True)  # noqa: UP045
        name: str = Field(max_length=20)
        other: str | None = None

    varchar = ColumnType("character varying(20)", "varchar", "S", length=20)
    text = ColumnType("character varying", "varchar", "S")
    integer = ColumnType("integer", "int4", "N")
    columns = (Column("id", integer), Column("name", varchar), Column("other", text))
    schema = Schema((Table(TableName("public", "plain"), columns),))
    found = declarations(resolve(Base, Path()), schema)
    assert not [column for table, column in found.columns if table == "plain"]
    Base.metadata.remove(Plain.__table__)  # type: ignore[attr-defined]


def test_another_object_is_added(create_database: Callable[[], URL]) -> None:
    with seeded(create_database(), Base, {"hero": 3}) as session:
        assert isinstance(session, Session)
        new = Hero(
            name="Ann",
            code="ABC-12",
            contact="new@example.com",
            home="https://example.com/",
            plan="free",
            rank=Rank.NEW,
            shares=Decimal("0.5"),
            tens=10,
            word="ox",
        )
        session.add(new)
        session.flush()
        assert new.id == 4
