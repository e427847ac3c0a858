"""Random models load every row that is made for them, and add another one beside these."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    ARRAY,
    URL,
    CheckConstraint,
    Enum,
    ForeignKey,
    Integer,
    Interval,
    PickleType,
    Sequence,
    String,
    Text,
    Uuid,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.mutable import MutableDict, MutableList
from sqlalchemy.orm import DeclarativeBase, mapped_column, validates

import mapped


class Mood(enum.Enum):
    CALM = "c"
    BUSY = "b"


# By the name of a column, what makes its type; names that tell something and names that do not.
TYPES: dict[str, Callable[[], Any]] = {
    "mood": lambda: Enum(Mood, native_enum=False),
    "status": lambda: Enum(
        Mood, native_enum=False, values_callable=lambda kinds: [kind.value for kind in kinds]
    ),
    "state": lambda: Enum("on", "off", native_enum=False, create_constraint=True, name="state"),
    "native": lambda: Enum(Mood, name="mood"),
    "moods": lambda: ARRAY(Enum(Mood, native_enum=False)),
    "level": lambda: mapped.ByValue(mapped.Level),
    "data": mapped.JsonText,
    "settings": lambda: mapped.OfModel(mapped.Settings),
    "address": mapped.OfAddress,
    "created_at": mapped.Aware,
    "email": mapped.Reversed,
    "tags": mapped.Words,
    "price": mapped.Cents,
    "is_active": mapped.YesOrNo,
    "host": mapped.Network,
    "size": lambda: mapped.Choice((("s", "small"), ("l", "large"))),
    "items": lambda: MutableList.as_mutable(JSONB()),
    "attributes": lambda: MutableDict.as_mutable(mapped.JsonText()),
    "blob": PickleType,
    "duration": lambda: Interval(native=False),
    "token": lambda: Uuid(native_uuid=False),
    "guid": mapped.Guid,
    "summary": lambda: String(6).with_variant(Text, "postgresql"),
    "title": lambda: String(40),
    "number": Integer,
}
UNIQUE = ("token", "guid", "email", "title")


@st.composite
def models(draw: st.DrawFn) -> tuple[Any, dict[str, int]]:
    """A base class with some models, and the rows of each table."""

    class Base(DeclarativeBase):
        pass

    def columns() -> dict[str, Any]:
        names = draw(st.lists(st.sampled_from(sorted(TYPES)), max_size=5, unique=True))
        return {
            name: mapped_column(
                TYPES[name](),
                nullable=draw(st.booleans()),
                unique=name in UNIQUE and draw(st.booleans()),
            )
            for name in names
        }

    def model(name: str, bases: tuple[type, ...], **more: Any) -> Any:
        return type(name, bases, {"__module__": __name__, **more})

    def check(self: Any, key: str, value: Any) -> Any:
        if value is not None and not value.islower():
            raise ValueError(f"{value!r} is not in lower case")
        return value

    rows = draw(st.integers(2, 6))
    counts = {"plain": rows}
    key = mapped_column(Integer, Sequence("plain_numbers"), primary_key=True)
    plain = {"__tablename__": "plain", "id": key, **columns()}
    if draw(st.booleans()):
        plain |= {
            "word": mapped_column(String, CheckConstraint("word <> ''")),
            "check": validates("word")(check),
        }
    model("Plain", (Base,), **plain)
    style = draw(st.sampled_from(("none", "single", "joined")))
    if style != "none":
        own = draw(st.booleans())
        arguments: dict[str, Any] = {"polymorphic_on": "kind"}
        arguments |= {"polymorphic_identity": "root"} if own else {"polymorphic_abstract": True}
        root = model(
            "Root",
            (Base,),
            __tablename__="root",
            id=mapped_column(Integer, primary_key=True),
            kind=mapped_column(String(10)),
            plain_id=mapped_column(ForeignKey("plain.id"), nullable=draw(st.booleans())),
            __mapper_args__=arguments,
            **columns(),
        )
        total = draw(st.integers(0, 3)) if own else 0
        for name in draw(st.lists(st.sampled_from(("left", "right")), min_size=1, unique=True)):
            more: dict[str, Any] = {"__mapper_args__": {"polymorphic_identity": name}}
            count = draw(st.integers(1, 3))
            if style == "joined":
                more |= {"__tablename__": name, "id": mapped_column(ForeignKey("root.id"), primary_key=True)}
                counts[name] = count
            total += count
            model(name.title(), (root,), **more)
        counts["root"] = total
    return Base, counts


def copied(row: Any) -> Any:
    """A new object with the values of another one, and other ones where they have to be distinct."""
    mapper = type(row).__mapper__
    keys = {column.key for table in mapper.tables for column in table.primary_key.columns}
    found = {}
    for attribute in mapper.column_attrs:
        column = attribute.columns[0]
        if attribute.key in keys or (column.unique and column.nullable):
            continue
        value = getattr(row, attribute.key)
        found[attribute.key] = f"{value[:20]}+" if column.unique and isinstance(value, str) else value
        if column.unique and not isinstance(value, str):
            found[attribute.key] = type(value)(int=value.int ^ 1)
    return type(row)(**found)


@given(models())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_models_load_their_rows(
    create_database: Callable[[], URL], made: tuple[Any, dict[str, int]]
) -> None:
    base, counts = made
    with mapped.seeded(create_database(), base, counts) as session:
        first: dict[int, Any] = {}
        for mapper in sorted(base.registry.mappers, key=lambda each: each.class_.__name__):
            rows = session.scalars(select(mapper.class_)).all()
            if mapper.inherits is None:
                assert len(rows) == counts[mapper.local_table.name]
            first |= {id(row): row for row in rows[:1]}
        for row in first.values():
            session.add(copied(row))
            session.flush()
        session.rollback()
