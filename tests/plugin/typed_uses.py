"""Uses of the decorators that type checkers accept, and those that they refuse: the lines that end with "wrong"."""

from typing import Any

import pytest
from sqlalchemy import MetaData, Table
from sqlalchemy.orm import DeclarativeBase

from pytest_supaseed import Rows, SeededDatabase, from_supaseed, seed, seed_options, seeded_database


class Base(DeclarativeBase): ...


class User(Base):
    __tablename__ = "users"


tags = Table("tags", MetaData())
counts = {"users": 5}
models = {User: 5}

pytestmark = [seed({"auth.users": 5}, setups=8), seed_options(max_records=50_000)]


@seed(users=5, setups=Rows(8, spread="random", columns={"is_public": True}))
@seed({User: 5})
@seed({User: 5, "setups": Rows(per={User: 2})})
@seed({tags: 5, "a": {"count": 3}})
@seed(counts)
@seed(models, setups={"count": 8, "category": ["overlanding"]})
@seed(from_supaseed("supa-seed.config.json"))
@seed_options(seed=7, locale="de_DE", date="2024-06-30")
def test_function(seeded_db: SeededDatabase) -> int:
    return seeded_db.counts()["users"] + len(seeded_db.rows(User)) + len(seeded_db.spread("setups", User))


reveal: int = test_function(SeededDatabase.__new__(SeededDatabase))


@seed(users=5)
async def test_async() -> None: ...


@seed(users=5)
class TestClass:
    @seed({User: 5})
    def test_method(self) -> None: ...


TestClass().test_method()
camp = seeded_database({User: 5}, setups=8, scope="session")


@pytest.mark.parametrize(
    "number", [pytest.param(1, marks=seed(users=1)), pytest.param(2, marks=[seed(users=2)])]
)
def test_parametrized(number: int) -> None: ...


def wrong() -> Any:
    seed(users="5")  # wrong
    seed(users=2.5)  # wrong
    seed({"users": "5"})  # wrong
    seed(5)  # wrong
    seed({"users": 5}, {"setups": 8})  # wrong
    seed(wrong)  # wrong
    seed_options(5)  # wrong
    seed_options(maxrecords=5)  # wrong
    seed_options(max_records="5")  # wrong
    seed_options(seed=2.5)  # wrong
    seed_options(locale=5)  # wrong
    Rows("5")  # wrong
