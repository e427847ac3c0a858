"""supaseed_generators, overridden in the conftest: values for columns wherever rows of them are made."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outdoor.models import Gear, Setup, User
from pytest_supaseed import SeededDatabase


@pytest.mark.seed(users=12)
def test_a_value_from_its_row(seeded_session: Session) -> None:
    for user in seeded_session.scalars(select(User)):
        assert user.email == f"{user.username}@outdoor.example"


@pytest.mark.seed(users=2, setups={"count": 10, "is_public": [True, False]})
def test_drafts_have_no_date(seeded_session: Session) -> None:
    setups = seeded_session.scalars(select(Setup)).all()

    assert [setup.published_at is not None for setup in setups] == [setup.is_public for setup in setups]
    assert all(setup.published_at == setup.updated_at for setup in setups if setup.is_public)


@pytest.mark.seed(brands=5, gear=50)
def test_weights(seeded_session: Session) -> None:
    assert all(20 <= weight <= 5_000 for weight in seeded_session.scalars(select(Gear.weight_grams)))


@pytest.mark.seed(gear=10)
def test_choices_of_any_table(seeded_db: SeededDatabase) -> None:
    urls = [thing["product_url"] for thing in seeded_db.rows("gear")]
    assert (urls.count("https://shop.example/gear"), urls.count(None)) == (5, 5)


@pytest.mark.seed(users={"count": 3, "email": lambda faker, row: f"{row['username']}@elsewhere.example"})
def test_a_marker_wins(seeded_session: Session) -> None:
    assert all(email.endswith("@elsewhere.example") for email in seeded_session.scalars(select(User.email)))
