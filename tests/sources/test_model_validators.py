"""Validators of models, asked about one value."""

from __future__ import annotations

import re
from typing import Annotated, Any

import pydantic
import pytest
from sqlalchemy import JSON
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates

from pytest_supaseed.fingerprint import CacheScope
from pytest_supaseed.sources.model_validators import hints_of, mutable_types, of_field, of_mapper, of_mutable

FORM = re.compile(r"^[A-Z]{2}\d$")
KINDS = ("small", "large")


class Base(DeclarativeBase):
    pass


class Thing(Base):
    __tablename__ = "thing"

    id: Mapped[int] = mapped_column(primary_key=True)
    low: Mapped[int] = mapped_column("lowest")
    high: Mapped[int]
    code: Mapped[str]
    tags: Mapped[Any] = mapped_column(MutableList.as_mutable(JSON))

    limit = 100

    @property
    def double(self) -> int:
        return self.low * 2

    def most(self) -> int:
        return self.limit

    @validates("high")
    def check_high(self, key: str, value: int) -> int:
        assert isinstance(self, Thing)
        if self.id is None and (value < self.double or value > self.most()):
            raise ValueError(key)
        return value

    @validates("code", include_removes=True)
    def check_code(self, key: str, value: str, is_remove: bool) -> None:
        if not FORM.match(value) or is_remove:
            raise ValueError(key)


COLUMNS = {"id": "id", "low": "lowest", "high": "high", "code": "code"}


def test_validators_see_the_row_and_the_class() -> None:
    [found] = of_mapper(Thing.__mapper__, "high", COLUMNS)
    assert found.name == "Thing.check_high (@validates)"
    assert found.uses == ("id",)
    assert found.accept(30, {"lowest": 10}) == 30
    for wrong in (15, 101):
        with pytest.raises(ValueError, match="high"):
            found.accept(wrong, {"lowest": 10})
    assert found.fingerprint.scope is CacheScope.RUN


def test_a_validator_that_returns_nothing_leaves_the_value() -> None:
    [found] = of_mapper(Thing.__mapper__, "code", COLUMNS)
    assert found.accept("AB1", {}) == "AB1"
    assert found.patterns == (r"^[A-Z]{2}\d$",)
    assert of_mapper(Thing.__mapper__, "low", COLUMNS) == ()


def test_literals_and_patterns_are_hints() -> None:
    def helper(value: str) -> bool:
        return value in KINDS

    def check(value: str) -> bool:
        """No hint: this text."""
        return helper(value) or value.startswith("x-") or bool(re.match(r"\d+", value))

    values, patterns = hints_of(check)
    assert values == ("x-", "large", "small")
    assert patterns == (r"\d+",)


def test_mutable_types_are_found_by_their_columns() -> None:
    found = [kind for column_type, kind in mutable_types(Thing.__mapper__) if column_type is Thing.tags.type]
    assert found == [MutableList]
    validator = of_mutable(MutableList, "tags", "Thing.tags")
    assert validator is not None
    assert validator.accept(["a"], {}) == ["a"]
    with pytest.raises(ValueError, match="does not accept"):
        validator.accept({"a": 1}, {})


class Model(pydantic.BaseModel):
    plain: int
    limited: Annotated[int, pydantic.Field(ge=3)]
    email: pydantic.EmailStr
    even: Annotated[int, pydantic.AfterValidator(lambda value: 1 // (1 - value % 2) and value)]
    lower: str
    seen: str

    @pydantic.field_validator("lower", mode="before")
    @classmethod
    def to_lower(cls, value: str) -> str:
        return value.lower()

    @pydantic.field_validator("seen")
    @classmethod
    def check_seen(cls, value: str, info: pydantic.ValidationInfo) -> str:
        if value == info.field_name:
            raise ValueError("the name")
        return value


def test_fields_whose_limits_are_read_need_no_validator() -> None:
    assert of_field(Model, "plain") is None
    assert of_field(Model, "limited") is None


def test_pydantic_is_asked_about_the_rest() -> None:
    email = of_field(Model, "email")
    assert email is not None
    assert email.accept("ann@example.com", {}) == "ann@example.com"
    with pytest.raises(pydantic.ValidationError):
        email.accept("ann", {})
    assert email.fingerprint.scope is CacheScope.CONTENT
    lower = of_field(Model, "lower")
    assert lower is not None
    assert lower.accept("ABC", {}) == "abc"
    assert lower.fingerprint.scope is CacheScope.RUN
    seen = of_field(Model, "seen")
    assert seen is not None
    with pytest.raises(pydantic.ValidationError, match="the name"):
        seen.accept("seen", {})
    even = of_field(Model, "even")
    assert even is not None
    assert even.accept(2, {}) == 2
    with pytest.raises(ZeroDivisionError):
        even.accept(3, {})
