"""Markers of module, class and function are merged table by table; the nearest wins."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from outdoor.queries import leaderboard, popular_setups
from pytest_supaseed import Rows, SeededDatabase

pytestmark = pytest.mark.seed(users=5)


def test_of_the_module(seeded_db: SeededDatabase) -> None:
    assert seeded_db.counts()["users"] == 5
    assert seeded_db.counts()["setups"] == 0


@pytest.mark.seed(setups={"count": 8, "is_public": True})
class TestLeaderboard:
    def test_of_module_and_class(self, seeded_session: Session) -> None:
        assert [standing.public_setups for standing in leaderboard(seeded_session)] == [2, 2, 2, 1, 1]

    @pytest.mark.seed(users=3)
    def test_fewer_users(self, seeded_session: Session) -> None:
        assert [standing.public_setups for standing in leaderboard(seeded_session)] == [3, 3, 2]

    @pytest.mark.seed(setups=8)
    def test_drafts_do_not_count(self, seeded_session: Session) -> None:
        # The nearest marker says all of its table: is_public is no longer given.
        assert leaderboard(seeded_session) == []

    @pytest.mark.seed(users={"count": 5, "is_active": [True, True, True, True, False]})
    def test_who_has_left_does_not_count(self, seeded_session: Session) -> None:
        assert len(leaderboard(seeded_session)) == 4

    @pytest.mark.seed(favourites=Rows(per={"users": 2}))
    def test_one_more_table(self, seeded_db: SeededDatabase, seeded_session: Session) -> None:
        assert seeded_db.counts()["favourites"] == 10
        assert sum(likes for _, likes in popular_setups(seeded_session, limit=8)) == 10
