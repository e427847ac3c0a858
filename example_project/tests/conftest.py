"""What the tests share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from faker import Faker

from pytest_supaseed import Rows, seeded_database

# One database for all tests of the session that name it. They read; a test that writes wants its own.
camp = seeded_database(
    users=6,
    setups={"count": 15, "is_public": True},
    brands=4,
    gear=10,
    setup_gear=45,
    favourites=Rows(30, spread="skewed"),
    scope="session",
)


def _email(faker: Faker, row: Mapping[str, Any]) -> str:
    return f"{row['username']}@outdoor.example"


def _published_at(faker: Faker, row: Mapping[str, Any]) -> datetime | None:
    # Where a marker does not mention is_public, PostgreSQL's default is to come, and the row has None.
    return row["updated_at"] if row["is_public"] else None


def _weight(faker: Faker) -> int:
    return faker.random_int(20, 5_000)


@pytest.fixture(scope="session")
def supaseed_generators() -> Mapping[str, Any]:
    """Give what the plugin cannot know; the columns in a marker win over these."""
    return {
        "users.email": _email,
        # A CHECK that ties two columns together: what is public has a date, a draft has none.
        "setups.published_at": _published_at,
        "gear.weight_grams": _weight,
        # In any table, and no function: a value, or a list to choose from.
        "*.product_url": ["https://shop.example/gear", None],
    }
