"""Model classes as the names of their tables."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, select
from sqlalchemy.orm import DeclarativeBase, Mapped, declarative_base, mapped_column, registry
from sqlmodel import Field, SQLModel

from pytest_supaseed.sources.model_classes import other_metadata, table_of

# ruff: noqa: RUF012 (SQLAlchemy's declarations)


class Base(DeclarativeBase): ...


class Keyed(Base):
    __abstract__ = True
    id: Mapped[int] = mapped_column(primary_key=True)


class User(Keyed):
    __tablename__ = "users"
    full_name: Mapped[str] = mapped_column("name")


class Setup(Keyed):
    __tablename__ = "setups"
    __table_args__ = {"schema": "shop"}


class Employee(Keyed):
    __tablename__ = "employees"
    kind: Mapped[str]
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "employee"}


class Manager(Employee):
    __mapper_args__ = {"polymorphic_identity": "manager"}


class Animal(Keyed):
    __tablename__ = "animals"


class Dog(Animal): ...


class Engineer(Employee):
    __tablename__ = "engineers"
    id: Mapped[int] = mapped_column(ForeignKey("employees.id"), primary_key=True)
    __mapper_args__ = {"polymorphic_identity": "engineer"}


class UserView(Base):
    __table__ = select(User.__table__).subquery()
    __mapper_args__ = {"primary_key": [__table__.c.id]}


class Hero(SQLModel, table=True):
    id: int = Field(primary_key=True)


class HeroBase(SQLModel):
    id: int


class Imperative: ...


imperative = registry()
imperative.map_imperatively(
    Imperative, Table("imperative", imperative.metadata, Column("id", Integer, primary_key=True))
)


def django(name: str, **options: Any) -> type:
    """A class with the attributes of a Django model by which it is known."""
    given = {"db_table": name, "abstract": False, "swapped": None, "concrete_fields": [], **options}
    return type("Post", (), {"_meta": SimpleNamespace(**given)})


FIELDS = [SimpleNamespace(column="author_id", attname="author_id", name="author")]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (User, "users"),
        (Setup, "shop.setups"),
        (Employee, "employees"),
        (Engineer, "engineers"),
        (Hero, "hero"),
        (Imperative, "imperative"),
        (User.__table__, "users"),
        (Table("tags", MetaData(schema="shop")), "shop.tags"),
        (django("blog_post"), "blog_post"),
        (django('shop"."post'), "shop.post"),
    ],
)
def test_a_model_stands_for_its_table(value: object, name: str) -> None:
    found = table_of(value)
    assert found is not None
    assert (found.name, found.problem) == (name, "")


def test_attributes_that_are_no_columns_stand_for_theirs() -> None:
    of_user, of_post = table_of(User), table_of(django("post", concrete_fields=FIELDS))
    assert of_user is not None and of_user.columns == {"full_name": "name"}  # noqa: PT018
    assert of_post is not None and of_post.columns == {"author": "author_id"}  # noqa: PT018


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (Base, "Base is a declarative base, and has no table: name a class that is mapped to one"),
        (
            declarative_base(),
            "Base is abstract, and has no table: name a class that is mapped to one",
        ),
        (Keyed, "Keyed is abstract, and has no table: name a class that is mapped to one"),
        (
            Manager,
            "Manager shares its table with Employee: write seed({Employee: {'count': 8, 'kind': 'manager'}})",
        ),
        (
            Dog,
            "Dog shares its table with Animal: name Animal, whose rows are all rows of the table",
        ),
        (UserView, "UserView is mapped to a query, and has no table: name the tables of the query"),
        (
            HeroBase,
            "HeroBase is a SQLModel without a table: declare it with table=True, or name one that is",
        ),
        (User(), "an object of User is no table: name the class, User"),
        (
            django("post", abstract=True),
            "Post is abstract, and has no table: name a model that is derived from it",
        ),
        (
            django("post", swapped="app.User"),
            "Post is swapped for app.User, and has no table: name that model",
        ),
        (
            int,
            "int is a class without a table: name a model of SQLAlchemy, SQLModel or Django, or write the name of the "
            "table",
        ),
    ],
)
def test_a_class_without_a_table_of_its_own_is_refused(value: object, problem: str) -> None:
    found = table_of(value)
    assert found is not None
    assert (found.name, found.problem) == ("", problem)


@pytest.mark.parametrize("value", ["users", 5, None, ("a",), b"a", object()])
def test_what_is_no_class_and_no_table_is_left_to_others(value: object) -> None:
    assert table_of(value) is None


def test_a_model_of_another_metadata_is_told() -> None:
    of_user, of_post = table_of(User), table_of(django("post"))
    assert of_user is not None
    assert of_post is not None
    assert other_metadata(of_user, [MetaData(), Base.metadata], "models:Base") == ""
    # Django's have none.
    assert other_metadata(of_post, [MetaData()], "models:Base") == ""
    assert other_metadata(of_user, [MetaData()], "models:Base") == (
        "User is a model of another MetaData than that of models:Base, which makes the schema: name a model of that "
        "one, or the table by its name; or list both in supaseed_schema"
    )
