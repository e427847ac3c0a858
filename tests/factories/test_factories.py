"""Factories of factory_boy and polyfactory as the source of a table's values."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import uuid
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar, TypedDict

import factory
import factory.fuzzy
import faker.generator
import pytest
from factory.alchemy import SQLAlchemyModelFactory
from polyfactory.decorators import post_generated
from polyfactory.factories import DataclassFactory, TypedDictFactory
from polyfactory.factories.pydantic_factory import ModelFactory
from polyfactory.factories.sqlalchemy_factory import SQLAlchemyFactory
from pydantic import BaseModel, Field, HttpUrl, SecretStr
from sqlalchemy import ForeignKey as Reference
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from builders import (
    FAKER,
    Rows,
    asked,
    column,
    made,
    make_rows,
    planned,
    reference,
    table,
    unique,
    values_of,
)
from pytest_supaseed.errors import GenerateError, PlanError
from pytest_supaseed.factories import row_factory
from pytest_supaseed.planning.plan import TableState


class Base(DeclarativeBase): ...


class Company(Base):
    __tablename__ = "companies"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Role(Enum):
    ADMIN = "admin"
    GUEST = "guest"


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(Reference("companies.id"))
    mail: Mapped[str] = mapped_column("email")
    full_name: Mapped[str]
    role: Mapped[Role]
    company: Mapped[Company] = relationship()


COMPANIES = table("companies", column("name"))
USERS = table(
    "users",
    reference("company_id", "companies"),
    column("email"),
    column("full_name"),
    column("role", "role", labels=("admin", "guest")),
    column("nickname", nullable=True),
    unique("email"),
)


class CompanyFactory(SQLAlchemyModelFactory):
    class Meta:
        model = Company

    id = factory.Sequence(lambda n: n + 1000)
    name = factory.Sequence(lambda n: f"Company {n}")


class UserFactory(SQLAlchemyModelFactory):
    class Meta:
        model = User

    class Params:
        domain = "example.com"

    id = factory.Sequence(lambda n: n + 1000)
    company = factory.SubFactory(CompanyFactory)
    company_id = factory.SelfAttribute("company.id")
    full_name = factory.Faker("name")
    mail = factory.LazyAttributeSequence(lambda o, n: f"{o.full_name.split()[0].lower()}{n}@{o.domain}")
    role = factory.fuzzy.FuzzyChoice(list(Role))


def of_users(kind: Any = UserFactory, count: int = 6, **columns: Any) -> Rows:
    """What is made for users of three companies."""
    spec = asked(companies=3, users={"count": count, **columns})
    return made(planned(COMPANIES, USERS, spec=spec, generators={"users.*": kind}))


def test_keys_and_references_are_ours_and_the_rest_is_the_factorys() -> None:
    rows = of_users()["users"]
    assert values_of(rows, "id") == [1, 2, 3, 4, 5, 6]
    assert sorted(values_of(rows, "company_id")) == [1, 1, 2, 2, 3, 3]
    for number, row in enumerate(rows):
        assert row["email"] == f"{row['full_name'].split()[0].lower()}{number}@example.com"
    assert set(values_of(rows, "role")) == {"admin", "guest"}
    # The factory does not declare it, so we make it.
    assert any(values_of(rows, "nickname"))


def test_what_the_marker_gives_is_told_to_the_factory() -> None:
    rows = of_users(full_name="Zoe Miller", role=[Role.GUEST])["users"]
    assert values_of(rows, "email") == [f"zoe{number}@example.com" for number in range(6)]
    assert set(values_of(rows, "role")) == {"guest"}


def test_the_most_specific_pattern_wins() -> None:
    generators = {
        "*.full_name": "by column",
        "users.*": UserFactory,
        "users.role": "admin",
        "*.nickname": "nick",
        "public.users.*": {"email": lambda faker, row: f"{row['id']}@example.org"},
    }
    spec = asked(companies=1, users=2)
    rows = made(planned(COMPANIES, USERS, spec=spec, generators=generators))["users"]
    assert values_of(rows, "email") == ["1@example.org", "2@example.org"]
    assert set(values_of(rows, "role")) == {"admin"}
    assert set(values_of(rows, "nickname")) == {"nick"}
    assert "by column" not in values_of(rows, "full_name")


def test_a_longer_table_begins_with_the_same_rows() -> None:
    own = ("full_name", "email", "role")
    assert values_of(of_users(count=9)["users"], *own)[:4] == values_of(of_users(count=4)["users"], *own)


def test_other_tables_change_nothing() -> None:
    notes = table("notes", column("body"), column("kind"))
    generators = {
        "users.*": UserFactory,
        "companies.*": CompanyFactory,
        "notes.body": lambda faker: faker.name(),
    }
    spec = asked(companies=3, users=6, notes=5)
    rows = made(planned(COMPANIES, USERS, notes, spec=spec, generators=generators))
    assert values_of(rows["users"], "email") == values_of(of_users()["users"], "email")
    assert values_of(rows["companies"], "name") == ["Company 0", "Company 1", "Company 2"]


def test_the_libraries_are_left_as_they_were() -> None:
    UserFactory.build()
    CompanyFactory.build()
    states = [random.getstate(), faker.generator.random.getstate(), factory.random.randgen.getstate()]
    counters = [kind._meta._counter.seq for kind in (UserFactory, CompanyFactory)]
    of_users()
    assert [random.getstate(), faker.generator.random.getstate(), factory.random.randgen.getstate()] == states
    assert [kind._meta._counter.seq for kind in (UserFactory, CompanyFactory)] == counters


def test_a_factory_that_has_been_used_makes_the_same_rows() -> None:
    before = of_users()
    UserFactory.build_batch(5)
    random.seed(3)
    assert of_users() == before


def test_another_seed_makes_other_rows() -> None:
    spec = asked(companies=3, users=6, seed=1)
    other = made(planned(COMPANIES, USERS, spec=spec, generators={"users.*": UserFactory}))
    assert values_of(other["users"], "full_name") != values_of(of_users()["users"], "full_name")


class Forbidden:
    """A session that nobody may touch."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the factory used its session: {name}")


def test_nothing_is_created() -> None:
    class Saved(UserFactory):
        class Meta:
            sqlalchemy_session = Forbidden()
            sqlalchemy_session_persistence = "commit"

        @classmethod
        def _setup_next_sequence(cls) -> int:
            raise AssertionError("the factory asks its database where to begin")

        @classmethod
        def _create(cls, *args: Any, **kwargs: Any) -> Any:
            raise AssertionError("the factory creates")

    assert len(of_users(Saved)["users"]) == 6


def test_iterators_begin_anew_for_each_table() -> None:
    class Planet(factory.DictFactory):
        name = factory.Iterator(["Mars", "Venus", "Pluto"])

    for _ in range(2):
        rows = made(planned(COMPANIES, spec=asked(companies=4), generators={"companies.*": Planet}))
        assert values_of(rows["companies"], "name") == ["Mars", "Venus", "Pluto", "Mars"]
    assert Planet.build() == {"name": "Mars"}


def test_traits_renamed_and_excluded_names_are_understood() -> None:
    class Renamed(factory.DictFactory):
        class Meta:
            exclude = ("first",)
            rename: ClassVar = {"called": "name"}

        class Params:
            loud = factory.Trait(called="LOUD")

        first = factory.Iterator(["a", "b"])
        called = factory.LazyAttribute(lambda o: f"{o.first}!")

    rows = made(planned(COMPANIES, spec=asked(companies=2), generators={"companies.*": Renamed}))
    assert values_of(rows["companies"], "name") == ["a!", "b!"]


def test_what_is_set_after_the_generation_is_taken() -> None:
    class Account:
        def __init__(self, name: str) -> None:
            self.name = name
            self.password = ""

        def set_password(self, text: str) -> None:
            self.password = f"hash of {text}"

    class AccountFactory(factory.Factory):
        class Meta:
            model = Account

        name = factory.Faker("user_name")
        password = factory.PostGenerationMethodCall("set_password", "secret")

    accounts = table("accounts", column("name"), column("password"))
    rows = made(planned(accounts, spec=asked(accounts=2), generators={"accounts.*": AccountFactory}))
    assert values_of(rows["accounts"], "password") == ["hash of secret"] * 2


def test_columns_of_django_models_are_those_of_their_fields() -> None:
    class Field:
        def __init__(self, name: str, attname: str, column: str) -> None:
            self.name, self.attname, self.column = name, attname, column

    class Options:
        concrete_fields = (Field("name", "name", "company_name"), Field("owner", "owner_id", "owner_id"))

    class Model:
        _meta = Options()

        def __init__(self, name: str) -> None:
            self.name = name

    class DjangoLike(factory.Factory):
        class Meta:
            model = Model

        name = "Acme"

    companies = table("companies", column("company_name"))
    rows = made(planned(companies, spec=asked(companies=1), generators={"companies.*": DjangoLike}))
    assert values_of(rows["companies"], "company_name") == ["Acme"]


def test_values_that_clash_are_built_again() -> None:
    class Few(factory.DictFactory):
        name = factory.fuzzy.FuzzyChoice(list("abcdefgh"))

    named = table("companies", column("name"), unique("name"))
    rows = made(planned(named, spec=asked(companies=5), generators={"companies.*": Few}))
    assert len(set(values_of(rows["companies"], "name"))) == 5


def test_values_that_run_out_are_told() -> None:
    class One(factory.DictFactory):
        name = "Acme"

    named = table("companies", column("name"), unique("name"))
    with pytest.raises(GenerateError) as found:
        made(planned(named, spec=asked(companies=2), generators={"companies.*": One}))
    assert "supaseed_generators['companies.*'], One, built no more values that differ, and name_key" in str(
        found.value
    )


def broken() -> str:
    raise RuntimeError("no such planet")


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (
            None,
            "companies.name is NOT NULL, but supaseed_generators['companies.*'], Bad, built None for name",
        ),
        (
            factory.LazyFunction(broken),
            "companies: supaseed_generators['companies.*'], Bad, raised RuntimeError: no such planet",
        ),
    ],
)
def test_what_is_wrong_with_a_factory_is_told(declared: Any, message: str) -> None:
    bad = type("Bad", (factory.DictFactory,), {"name": declared})
    with pytest.raises(GenerateError) as found:
        made(planned(COMPANIES, spec=asked(companies=2), generators={"companies.*": bad}))
    assert message in str(found.value)


class Stranger(factory.DictFactory):
    colour = "red"


class Abstract(factory.Factory):
    name = "x"


@pytest.mark.parametrize(
    ("generators", "message"),
    [
        ({"users": UserFactory}, "'users', which is a table: write 'users.*' for a factory"),
        ({"user.*": UserFactory}, "or 'table.*' for a factory (did you mean 'users.*'"),
        (
            {"users.email": UserFactory},
            "is UserFactory, a factory, which has values for all columns of a table",
        ),
        ({"*.email": UserFactory}, "write 'table.*'"),
        (
            {"users.*": lambda faker: 1},
            "write a factory of factory_boy or polyfactory, or a mapping of column",
        ),
        ({"users.*": {"emial": "x"}}, "has 'emial', and users has no such column (did you mean 'email'?)"),
        ({"users.*": {"email": []}}, "users.email=[]: there is nothing to choose from"),
        ({"users.*": Stranger}, "is Stranger, which has none of the columns of users"),
        ({"users.*": Abstract}, "is Abstract, which has no model to build"),
        ({"users.email": lambda: 1}, "the function is called with (faker) or (faker, row)"),
        ({"*.role": "owner"}, "the column takes only 'admin', 'guest' (supaseed_generators['*.role'])"),
    ],
)
def test_generators_that_cannot_be_used_are_refused(generators: dict[str, Any], message: str) -> None:
    with pytest.raises(PlanError) as found:
        planned(COMPANIES, USERS, spec=asked(companies=1, users=2), generators=generators)
    assert message in str(found.value)


def test_a_generated_column_that_is_named_is_refused() -> None:
    one = table("things", column("double", "int4", generated=True, default="(id * 2)"))
    with pytest.raises(PlanError, match=r"things.double is a generated column"):
        planned(one, spec=asked(things=1), generators={"things.double": 2})
    planned(one, spec=asked(things=1), generators={"*.double": 2})


class Address(BaseModel):
    city: str
    secret: SecretStr


class Person(BaseModel):
    id: uuid.UUID
    company_id: int
    full_name: str = Field(alias="fullName")
    homepage: HttpUrl
    token: SecretStr
    role: Role
    balance: Decimal
    address: Address
    roles: list[Role]
    nickname: str | None = None


class PersonFactory(ModelFactory[Person]):
    role = Role.ADMIN
    __allow_none_optionals__ = False

    @post_generated
    @classmethod
    def nickname(cls, company_id: int) -> str:
        return f"of {company_id}"


PEOPLE = table(
    "people",
    column("id", "uuid"),
    reference("company_id", "companies"),
    column("full_name"),
    column("homepage"),
    column("token"),
    column("role", "role", labels=("ADMIN", "GUEST")),
    column("balance", "numeric"),
    column("address", "jsonb"),
    column("nickname", nullable=True),
)


def people() -> list[dict[str, Any]]:
    spec = asked(companies=2, people=5)
    return made(planned(COMPANIES, PEOPLE, spec=spec, generators={"people.*": PersonFactory}))["people"]


def test_a_pydantic_models_values_are_plain() -> None:
    for row in people():
        assert isinstance(row["homepage"], str)
        assert row["homepage"].startswith("http")
        assert type(row["token"]) is str
        assert "*" not in row["token"]
        assert row["role"] == "ADMIN"
        assert row["address"].keys() == {"city", "secret"}
        assert {type(value) for value in row["address"].values()} == {str}
        assert row["nickname"] == f"of {row['company_id']}"
    assert sorted(values_of(people(), "company_id")) in ([1, 1, 1, 2, 2], [1, 1, 2, 2, 2])


def test_polyfactory_is_deterministic_and_left_as_it_was() -> None:
    before = people()
    state = ModelFactory.__random__.getstate()
    PersonFactory.build()
    PersonFactory.seed_random(4)
    seeded = PersonFactory.__random__.getstate()
    assert people() == before
    assert PersonFactory.__random__.getstate() == seeded
    assert state != seeded


@dataclass
class Plain:
    name: str


class Typed(TypedDict):
    name: str


class PlainFactory(DataclassFactory[Plain]): ...


class TypedFactory(TypedDictFactory[Typed]): ...


class ModelOfCompany(SQLAlchemyFactory[Company]): ...


class ModelOfUser(SQLAlchemyFactory[User]):
    __set_relationships__ = True


@pytest.mark.parametrize("kind", [PlainFactory, TypedFactory, ModelOfCompany])
def test_every_kind_of_polyfactory_is_understood(kind: Any) -> None:
    rows = made(planned(COMPANIES, spec=asked(companies=3), generators={"companies.*": kind}))["companies"]
    assert values_of(rows, "id") == [1, 2, 3]
    assert len(set(values_of(rows, "name"))) == 3


def test_relationships_are_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Company, "__init__", lambda self, **values: pytest.fail("a parent was built"))
    rows = of_users(ModelOfUser)["users"]
    assert sorted(values_of(rows, "company_id")) == [1, 1, 2, 2, 3, 3]
    assert set(values_of(rows, "role")) <= {"admin", "guest"}


def test_a_large_table_is_built_in_blocks() -> None:
    plan = planned(
        COMPANIES, spec=asked(companies=6_000, limit=10_000), generators={"companies.*": CompanyFactory}
    )
    [table_plan] = plan.tables
    generated = make_rows(table_plan, TableState(), 6_000, 0, FAKER)
    names = [row[1] for block in generated.blocks() for row in block.rows()]
    assert names == [f"Company {number}" for number in range(6_000)]


def test_a_factory_counts_after_the_rows_that_are_there() -> None:
    plan = planned(COMPANIES, spec=asked(companies=3), generators={"companies.*": CompanyFactory})
    generated = make_rows(plan.tables[0], TableState(present=2), 1, 0, FAKER)
    [row] = [row for block in generated.blocks() for row in block.rows()]
    assert row[1] == "Company 2"


def test_another_process_makes_the_same_rows() -> None:
    program = "import test_factories as t; print(t.of_users(), t.people(), t.of_users(t.ModelOfUser))"
    other_seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    output = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=Path(__file__).parent,
        check=True,
        capture_output=True,
        text=True,
        env={
            "PYTHONHASHSEED": other_seed,
            "PATH": "",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        },
    ).stdout
    assert output == f"{of_users()} {people()} {of_users(ModelOfUser)}\n"


class Thing:
    def __init__(self, number: int) -> None:
        self.number = number


class Other(Thing): ...


def test_the_sequence_of_a_factory_goes_on_after_the_rows_that_it_made() -> None:
    class Numbered(factory.Factory):
        number = factory.Sequence(int)

        class Meta:
            model = Thing

    class Sharing(Numbered): ...

    class Elsewhere(factory.Factory):
        number = factory.Sequence(int)

        class Meta:
            model = Other

        @classmethod
        def _setup_next_sequence(cls) -> int:
            return 100

    for kind, rows, expected in ((Sharing, 5, 5), (Numbered, 3, 6), (Numbered, 9, 9), (Elsewhere, 5, 100)):
        found = row_factory(kind)
        assert found is not None
        found.go_on_after(rows)
        assert kind().number == expected
