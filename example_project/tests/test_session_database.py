"""seeded_database(...): databases as fixtures of your own. ``camp`` of the conftest is made once for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outdoor.models import Setup
from outdoor.queries import leaderboard, popular_setups, search_setups, setup_totals
from pytest_supaseed import SeededDatabase, seeded_database

# Made for each test that names it: a test may write to it.
tent = seeded_database(users=1, setups=2)


@pytest.fixture
def session(camp: SeededDatabase) -> Iterator[Session]:
    """Read what is in the camp."""
    with Session(camp.engine) as session:
        yield session


def test_everybody_is_on_the_leaderboard(session: Session) -> None:
    # 15 setups of 6 users.
    assert [standing.public_setups for standing in leaderboard(session)] == [3, 3, 3, 2, 2, 2]


def test_the_most_popular_come_first(camp: SeededDatabase, session: Session) -> None:
    likes = camp.spread("favourites", "setups")
    expected = sorted(
        ((key, number) for key, number in likes.items() if number), key=lambda pair: (-pair[1], pair[0])
    )

    assert sum(likes.values()) == 30
    assert popular_setups(session, limit=15) == expected
    assert popular_setups(session) == expected[:3]


def test_the_search_finds_what_is_there(session: Session) -> None:
    for setup in session.scalars(select(Setup)):
        assert setup in search_setups(session, setup.title.upper(), setup.category)


def test_no_setup_is_empty(camp: SeededDatabase, session: Session) -> None:
    # 45 things in 15 setups.
    assert set(camp.spread("setup_gear", "setups").values()) == {3}
    assert all(setup_totals(session, setup["id"]).pieces >= 3 for setup in camp.rows("setups"))


@pytest.mark.parametrize("run", [1, 2])
def test_a_database_for_each_test(tent: SeededDatabase, run: int) -> None:
    assert tent.counts()["setups"] == 2
    with Session(tent.engine) as session:
        session.execute(delete(Setup).where(Setup.id == 2))
        session.commit()
    assert tent.counts()["setups"] == 1
