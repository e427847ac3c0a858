"""How many rows: a count, none, some more than are there, so many for each parent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from outdoor.models import HOME_MADE
from outdoor.queries import Totals, leaderboard, popular_setups, setup_totals
from pytest_supaseed import Rows, SeededDatabase


@pytest.mark.seed(brands=4)
def test_a_count_is_a_total(seeded_db: SeededDatabase) -> None:
    # The brand that comes with the tables is one of the four.
    names = [brand["name"] for brand in seeded_db.rows("brands")]
    assert len(names) == 4
    assert names[0] == HOME_MADE


@pytest.mark.seed(brands=Rows(add=4))
def test_more_than_are_there(seeded_db: SeededDatabase) -> None:
    assert seeded_db.counts()["brands"] == 5


@pytest.mark.seed(gear=6)
def test_parents_that_come_with_the_tables(seeded_db: SeededDatabase) -> None:
    # No brand is named, and none is made: all gear is of the one that is there.
    assert seeded_db.spread("gear", "brands") == {1: 6}


@pytest.mark.seed(users=4, setups=0)
def test_none(seeded_session: Session, seeded_db: SeededDatabase) -> None:
    assert seeded_db.counts()["setups"] == 0
    assert leaderboard(seeded_session) == []
    assert setup_totals(seeded_session, 1) == Totals(0, 0, Decimal(0), 0)


@pytest.mark.seed(users=5, setups={"per": {"users": 2}, "is_public": True})
def test_so_many_for_each_parent(seeded_session: Session) -> None:
    assert [standing.public_setups for standing in leaderboard(seeded_session)] == [2, 2, 2, 2, 2]


@pytest.mark.seed(
    users=4,
    setups=Rows(per={"users": 3}, columns={"is_public": True}),
    gear=6,
    setup_gear=Rows(per={"setups": 5}),
    favourites=Rows(per={"setups": 2}),
)
def test_so_many_for_each_of_so_many(seeded_db: SeededDatabase) -> None:
    assert seeded_db.counts()["setups"] == 12
    assert seeded_db.spread("setup_gear", "setups") == dict.fromkeys(range(1, 13), 5)
    with Session(seeded_db.engine) as session:
        assert popular_setups(session) == [(1, 2), (2, 2), (3, 2)]


@pytest.mark.seed(users=6, setups={"count": 5, "is_public": True}, favourites=30)
def test_all_pairs(seeded_session: Session) -> None:
    # No pair comes twice in the table, so that everybody likes every setup.
    assert popular_setups(seeded_session, limit=5) == [(1, 6), (2, 6), (3, 6), (4, 6), (5, 6)]


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(40, id="even", marks=pytest.mark.seed(setups=Rows(40, spread="even"))),
        pytest.param(40, id="random", marks=pytest.mark.seed(setups=Rows(40, spread="random"))),
        pytest.param(40, id="skewed", marks=pytest.mark.seed(setups=Rows(40, spread="skewed"))),
    ],
)
@pytest.mark.seed(users=7)
def test_every_spread_adds_up(seeded_db: SeededDatabase, number: int) -> None:
    shares = seeded_db.spread("setups", "users")
    assert len(shares) == 7
    assert sum(shares.values()) == number
