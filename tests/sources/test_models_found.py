"""The models of a source."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Enum, Integer, MetaData, String, Table, case
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.model import schema as reflected
from pytest_supaseed.model.declared import Declarations, merged
from pytest_supaseed.model.schema import ColumnType, DeclaredColumn, TableName
from pytest_supaseed.model.type_families import BOOLEAN, INTEGER, TEXT
from pytest_supaseed.sources.models import declarations, metadata_of
from pytest_supaseed.sources.source import resolve


class Base(DeclarativeBase):
    pass


OTHERS = MetaData()
Table("others", OTHERS, Column("id", Integer, primary_key=True))


def create(connection: Connection) -> None:
    Base.metadata.create_all(connection)


def create_all(connection: Connection, which: Any) -> None:
    _create(connection, which)


def _create(connection: Connection, which: Any) -> None:
    OTHERS.create_all(connection)


def late(connection: Connection) -> None:
    from late_models import Late

    Late.metadata.create_all(connection)


class Creator:
    def __init__(self) -> None:
        self.base = Base

    def __call__(self, connection: Connection) -> None:
        self.base.metadata.create_all(connection)

    def method(self, connection: Connection) -> None:
        self.base.metadata.create_all(connection)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (Base, [Base.metadata]),
        (OTHERS, [OTHERS]),
        (create, [Base.metadata]),
        (functools.partial(create_all, which=1), [OTHERS]),
        (lambda connection: create(connection), [Base.metadata]),
        (Creator(), [Base.metadata]),
        (Creator().method, [Base.metadata]),
        ([Base, OTHERS, Base], [Base.metadata, OTHERS]),
        (print, []),
    ],
)
def test_collections_of_tables_are_found(value: Any, found: list[MetaData]) -> None:
    assert list(metadata_of(resolve(value, Path()))) == found


def test_what_a_callable_imports_is_found_after_it_has_been_called(root: Path) -> None:
    (root / "late_models.py").write_text(
        "from sqlalchemy.orm import DeclarativeBase\nclass Late(DeclarativeBase): ...", encoding="utf-8"
    )
    assert metadata_of(resolve(late, root)) == ()
    __import__("late_models")
    assert list(metadata_of(resolve(late, root))) == [sys.modules["late_models"].Late.metadata]


ENVS = {
    "a name": "from found_models import Base\ntarget_metadata = Base.metadata",
    "a module": "import found_models as models\ntarget_metadata = models.Base.metadata",
    "a list": "import found_models\ntarget_metadata = [found_models.Base.metadata]",
    "a variable": "from found_models import Base as B\nmeta = B.metadata\ntarget_metadata: object = meta",
    "an argument": "from found_models import Base\ncontext.configure(target_metadata=Base.metadata)",
}


@pytest.mark.parametrize("text", ENVS.values(), ids=ENVS.keys())
def test_the_metadata_of_alembics_env_is_found(root: Path, text: str) -> None:
    (root / "found_models.py").write_text(
        "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...", encoding="utf-8"
    )
    (root / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n", encoding="utf-8")
    (root / "migrations").mkdir()
    (root / "migrations" / "env.py").write_text(text, encoding="utf-8")
    found = metadata_of(resolve("alembic.ini", root))
    assert list(found) == [sys.modules["found_models"].Base.metadata]


@pytest.mark.parametrize(
    "text", ["target_metadata = None", "from missing import Base", "target_metadata = (", "x = y"]
)
def test_an_env_without_models_tells_nothing(root: Path, text: str) -> None:
    (root / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n", encoding="utf-8")
    (root / "migrations").mkdir()
    assert metadata_of(resolve("alembic.ini", root)) == ()
    (root / "migrations" / "env.py").write_text(text, encoding="utf-8")
    assert metadata_of(resolve("alembic.ini", root)) == ()


def of_tables(**columns: ColumnType) -> reflected.Schema:
    found = tuple(reflected.Column(name, column_type) for name, column_type in columns.items())
    return reflected.Schema((reflected.Table(TableName("public", "prices"), found),))


def test_an_expression_that_tells_the_class_is_a_condition_of_rows() -> None:
    class Models(DeclarativeBase):
        pass

    class Price(Models):
        __tablename__ = "prices"

        id: Mapped[int] = mapped_column(primary_key=True)
        legacy: Mapped[bool] = mapped_column()
        kind: Mapped[str] = mapped_column(String)

        __mapper_args__ = {  # noqa: RUF012
            "polymorphic_on": case((legacy.column, "it's 1% " + kind.column), else_=kind.column),
            "polymorphic_identity": "plain",
        }

    class Legacy(Price):
        __mapper_args__ = {"polymorphic_identity": "it's 1% old"}  # noqa: RUF012

    schema = of_tables(id=INTEGER, legacy=BOOLEAN, kind=TEXT)
    [check] = declarations(resolve(Models, Path()), schema).checks["prices"]
    assert check.declared
    assert check.columns == ("legacy", "kind")
    assert (
        check.name
        == "test_an_expression_that_tells_the_class_is_a_condition_of_rows.<locals>.Price's polymorphic_on"
    )
    assert check.expression == (
        "((CASE WHEN legacy THEN 'it''s 1% ' || kind ELSE kind END)::text = ANY "
        "(ARRAY['it''s 1% old', 'plain']::text[]))"
    )
    assert Legacy.__table__ is Price.__table__


def test_types_of_tables_without_a_class_are_read() -> None:
    metadata = MetaData()
    Table("prices", metadata, Column("kind", Enum("a", "b", native_enum=False)), Column("gone", Integer))
    found = declarations(resolve(metadata, Path()), of_tables(kind=TEXT))
    assert found.columns == {("prices", "kind"): DeclaredColumn("prices.kind", allowed=("a", "b"))}


def test_what_several_sources_declare_is_put_together() -> None:
    one = Declarations({("a", "x"): DeclaredColumn(minimum=1)}, names={"A": "a"})
    other = Declarations({("b", "x"): DeclaredColumn(minimum=2)}, uniques={"b": (("x",),)})
    found = merged(one, other)
    assert set(found.columns) == {("a", "x"), ("b", "x")}
    assert (found.names, found.uniques) == ({"A": "a"}, {"b": (("x",),)})
    assert merged(Declarations(), one) is one
    assert not merged()


def test_an_error_of_the_applications_code_is_described() -> None:
    class Broken(String):
        @property
        def length(self) -> int:  # type: ignore[override]
            raise RuntimeError("no length today")

        @length.setter
        def length(self, value: object) -> None: ...

    metadata = MetaData()
    Table("prices", metadata, Column("kind", Broken()))
    with pytest.raises(
        SchemaError, match="what its models declare could not be read: RuntimeError: no length today"
    ):
        declarations(resolve(metadata, Path()), of_tables(kind=TEXT))
