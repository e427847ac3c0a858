"""How SQLAlchemy's types store values, and what the application has of them."""

from __future__ import annotations

import datetime as dt
import enum
import json
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pydantic
import pytest
from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    Enum,
    Integer,
    Interval,
    LargeBinary,
    Numeric,
    PickleType,
    String,
    Text,
    TypeDecorator,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

import mapped
from pytest_supaseed.fingerprint import CacheScope
from pytest_supaseed.model.schema import Column, ColumnType, DeclaredColumn
from pytest_supaseed.model.type_families import (
    BIGINT,
    BOOLEAN,
    BYTEA,
    INTEGER,
    INTERVAL,
    TEXT,
    TIMESTAMP,
    TIMESTAMPTZ,
    UUID,
)
from pytest_supaseed.model.type_families import (
    JSONB as DOCUMENT,
)
from pytest_supaseed.sources.column_types import (
    Attributed,
    declared_by_type,
    loaded_by,
    plain_binding,
    stored_by,
)


def declared(
    kind: Any, stored: ColumnType = TEXT, annotation: Any = None, default: Callable[[], Any] = lambda: None
) -> DeclaredColumn:
    found, _ = declared_by_type(Attributed("User.it", annotation, kind, default, Column("it", stored)))
    return found


class PassedOn(TypeDecorator[uuid.UUID]):
    """UUIDs, as the database has them."""

    impl = Uuid
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return value


@pytest.mark.parametrize(
    ("kind", "stored", "found"),
    [
        (String(20), TEXT, DeclaredColumn(maximum_length=20)),
        (String(20), ColumnType("varchar(20)", "varchar", "S", length=20), DeclaredColumn()),
        (String(9), ColumnType("varchar(20)", "varchar", "S", length=20), DeclaredColumn(maximum_length=9)),
        (String(7).with_variant(Text, "postgresql"), TEXT, DeclaredColumn(maximum_length=7)),
        (Enum("a", "b", native_enum=False), TEXT, DeclaredColumn(allowed=("a", "b"))),
        (Enum("a", "b"), ColumnType("kind", "kind", "E", labels=("b", "a")), DeclaredColumn()),
        (Boolean(), INTEGER, DeclaredColumn(allowed=(0, 1))),
        (Boolean(), BOOLEAN, DeclaredColumn()),
        (Uuid(), UUID, DeclaredColumn()),
        (Integer(), INTEGER, DeclaredColumn()),
        (Numeric(5, 2), ColumnType("numeric(5,2)", "numeric", "N"), DeclaredColumn()),
        (JSON(), DOCUMENT, DeclaredColumn()),
        (PassedOn(), UUID, DeclaredColumn()),
    ],
)
def test_types_without_a_form_of_their_own(kind: Any, stored: ColumnType, found: DeclaredColumn) -> None:
    assert declared(kind, stored) == found


@pytest.mark.parametrize(
    ("kind", "stored", "made"),
    [
        (mapped.JsonText(), TEXT, "jsonb"),
        (mapped.Guid(), ColumnType("character(32)", "bpchar", "S", length=32), "uuid"),
        (mapped.OfModel(mapped.Settings), DOCUMENT, "mapped.Settings"),
        (mapped.OfAddress(), TEXT, "mapped.Address"),
        (mapped.Aware(), TIMESTAMP, "timestamp with time zone"),
        (mapped.Reversed(), BYTEA, "text"),
        (mapped.Words(), TEXT, "text[]"),
        (mapped.Cents(), INTEGER, "numeric"),
        (mapped.YesOrNo(), ColumnType("character(1)", "bpchar", "S", length=1), "boolean"),
        (mapped.Network(), TEXT, "text"),
        (PickleType(), BYTEA, "jsonb"),
        (Interval(native=False), TIMESTAMP, "interval"),
        (Uuid(native_uuid=False), ColumnType("character(32)", "bpchar", "S", length=32), "uuid"),
    ],
)
def test_what_the_application_has_is_found_out(kind: Any, stored: ColumnType, made: str) -> None:
    found = declared(kind, stored)
    assert found.binding is not None
    assert found.binding.type is not None
    assert found.binding.type.text == made


def test_members_are_listed_as_they_are_stored() -> None:
    assert declared(mapped.ByValue(mapped.Level), INTEGER).allowed == (10, 20)
    assert declared(mapped.Choice((("s", "small"), ("l", "large")))).allowed == ("s", "l")


def test_an_annotation_tells_more_than_trying() -> None:
    found = declared(mapped.JsonText(), annotation=list[int])
    assert found.binding is not None
    assert found.binding.type is not None
    assert found.binding.type.text == "bigint[]"
    assert found.binding.bind([1]) == "[1]"


def test_a_default_tells_more_than_trying() -> None:
    found = declared(mapped.JsonText(), default=lambda: ["a"])
    assert found.json_type == "array"


class Stored(enum.Enum):
    A = "a"


class Custom(TypeDecorator[Any]):
    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return value.hidden

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        raise ValueError("unreadable")


class Named(TypeDecorator[Any]):
    """An enum that its code names."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return value.value

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return Stored(value)


class Adapted(TypeDecorator[Any]):
    """One of several models, by pydantic's TypeAdapter."""

    impl = JSONB
    cache_ok = True
    adapter: Any = pydantic.TypeAdapter(mapped.Settings | None)

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return self.adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return self.adapter.validate_python(value)


def test_what_code_mentions_is_tried() -> None:
    assert declared(Named()).allowed == ("a",)
    found = declared(Adapted(), DOCUMENT)
    assert found.binding is not None
    assert found.binding.type is not None
    assert found.binding.type.text == "mapped.Settings"


def test_what_tells_nothing_has_a_binding_without_a_type() -> None:
    found = declared(Custom())
    assert found.required
    assert found.binding is not None
    assert found.binding.type is None
    assert found.binding.name == "test_column_types.Custom"


def test_a_type_that_reads_no_null_is_required() -> None:
    assert declared(mapped.Words()).required
    assert not declared(mapped.JsonText()).required


def test_a_type_that_converts_nothing_is_what_it_decorates() -> None:
    class Short(TypeDecorator[str]):
        impl = String(5)
        cache_ok = True

    assert declared(Short()) == DeclaredColumn(maximum_length=5)
    assert plain_binding(Short()) is None
    assert plain_binding(mapped.Guid()) is not None
    # SQLAlchemy's own one, which converts for databases without intervals.
    assert declared(Interval(), INTERVAL) == DeclaredColumn()
    assert plain_binding(Interval()) is None


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        (mapped.JsonText(), {"a": 1}, '{"a": 1}'),
        (PickleType(pickler=json), {"a": 1}, None),
        (Uuid(native_uuid=False), uuid.UUID(int=5), "00000000000000000000000000000005"),
        (Uuid(as_uuid=False, native_uuid=False), str(uuid.UUID(int=5)), "00000000000000000000000000000005"),
        (JSONB(), "text", '"text"'),
        (Interval(native=False), dt.timedelta(days=1), dt.datetime(1970, 1, 2)),
        (ARRAY(mapped.Cents), [Decimal("1.5"), None], [150, None]),
        (LargeBinary(), b"a", b"a"),
        (Enum(mapped.Colour, native_enum=False), mapped.Colour.RED, "RED"),
    ],
)
def test_values_are_stored_and_loaded(kind: Any, value: Any, stored: Any) -> None:
    if stored is None:
        kind, stored = PickleType(), stored_by(PickleType(), value)
        assert isinstance(stored, bytes)
    assert stored_by(kind, value) == stored
    assert loaded_by(kind, stored) == value


def test_a_member_in_a_plain_column_is_its_value() -> None:
    class Kind(str, enum.Enum):
        DOG = "dog"

    assert type(stored_by(String(), Kind.DOG)) is str


def test_documents_have_the_form_of_their_annotation() -> None:
    found = declared(JSONB(), DOCUMENT, annotation=mapped.Shape)
    assert found.binding is not None
    assert found.binding.bind((1, 2)) == {"width": 1, "height": 2}
    assert found.binding.fingerprint.scope is CacheScope.RUN
    assert declared(JSONB(), DOCUMENT, annotation=list) == DeclaredColumn(json_type="array")
    assert declared(JSONB(), DOCUMENT, annotation=dict) == DeclaredColumn()
    assert declared(JSONB(), DOCUMENT, default=list) == DeclaredColumn(json_type="array")


def test_elements_of_arrays_are_declared() -> None:
    texts = ColumnType("text[]", "text", "S", array=True, element=TEXT)
    found = declared(ARRAY(Enum("a", "b", native_enum=False)), texts)
    assert found == DeclaredColumn(element=DeclaredColumn(allowed=("a", "b")))
    numbers = ColumnType("integer[]", "int4", "N", array=True, element=INTEGER)
    found = declared(ARRAY(mapped.Cents), numbers)
    assert found.binding is not None
    assert found.binding.bind([Decimal(2)]) == [200]
    assert declared(ARRAY(Integer), numbers) == DeclaredColumn()


def test_sqlalchemys_own_types_are_known_in_all_sessions() -> None:
    found = declared(PickleType(), BYTEA)
    assert found.binding is not None
    assert found.binding.fingerprint.scope is CacheScope.CONTENT
    again = declared(mapped.Aware(), TIMESTAMP)
    assert again.binding is not None
    assert again.binding.fingerprint.scope is CacheScope.RUN
    assert BIGINT != TIMESTAMPTZ
