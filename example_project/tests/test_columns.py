"""The values of columns: one for every row, choices, or a function."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from faker import Faker
from sqlalchemy.orm import Session

from outdoor.models import Category
from outdoor.queries import Totals, search_setups, setup_totals
from pytest_supaseed import Rows, SeededDatabase

FIRST_DAY = datetime(2024, 1, 1, tzinfo=timezone.utc)


def nickname(faker: Faker) -> str:
    """A function may take Faker alone, whose random generator belongs to the column."""
    return f"hiker_{faker.random_int(1, 50)}"


def greeting(faker: Faker, row: Mapping[str, Any]) -> str:
    """A function may take the row as well, with all columns but those of functions that take it, too."""
    return f"{row['username']}, member {row['id']}"


def a_day(faker: Faker) -> datetime:
    """Return one of four days: several setups are of the same."""
    return FIRST_DAY + timedelta(days=faker.random_int(0, 3))


@pytest.mark.seed(users=5, setups={"count": 8, "category": ["overlanding", "van-life"]})
def test_choices(seeded_db: SeededDatabase) -> None:
    # They are dealt out evenly.
    assert Counter(setup["category"] for setup in seeded_db.rows("setups")) == {
        "overlanding": 4,
        "van-life": 4,
    }


@pytest.mark.seed(users=5, setups={"count": 8, "category": list(Category)})
def test_members_of_an_enum(seeded_db: SeededDatabase) -> None:
    assert Counter(setup["category"] for setup in seeded_db.rows("setups")) == dict.fromkeys(
        ("overlanding", "van-life", "car-camping", "backpacking"), 2
    )


@pytest.mark.seed(
    users=5, setups=Rows(8, spread="skewed", columns={"category": Category.VAN_LIFE, "is_public": True})
)
def test_rows_with_spread_and_columns(seeded_db: SeededDatabase) -> None:
    # Few users have most of the setups; all together it is 8.
    shares = sorted(seeded_db.spread("setups", "users").values(), reverse=True)
    assert sum(shares) == 8
    assert shares[0] >= 3
    with Session(seeded_db.engine) as session:
        assert len(search_setups(session, category=Category.VAN_LIFE)) == 8


@pytest.mark.seed(users={"count": 20, "username": nickname, "bio": greeting})
def test_functions(seeded_db: SeededDatabase) -> None:
    users = seeded_db.rows("users")

    # A function is asked again where a unique column has its value already.
    assert len({user["username"] for user in users}) == 20
    for user in users:
        assert user["username"].startswith("hiker_")
        assert user["bio"] == f"{user['username']}, member {user['id']}"


@pytest.mark.seed(users=2, setups=Rows(20, columns={"is_public": True, "published_at": a_day}))
def test_the_newest_come_first(seeded_session: Session) -> None:
    found = [(setup.published_at, -setup.id) for setup in search_setups(seeded_session)]

    assert len(found) == 20
    assert found == sorted(found, reverse=True)


@pytest.mark.seed(
    users=1,
    setups=1,
    gear={"count": 4, "weight_grams": 500, "price": [Decimal("10.50"), None]},
    setup_gear={"count": 4, "quantity": 3},
)
def test_values_to_reckon_with(seeded_session: Session) -> None:
    # Four things, three of each; the price of two is known.
    assert setup_totals(seeded_session, 1) == Totals(
        pieces=12, weight_grams=6_000, price=Decimal("63.00"), without_price=6
    )
