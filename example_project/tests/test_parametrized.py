"""pytest.param(..., marks=pytest.mark.seed(...)): other rows for each case of a test."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from outdoor.models import Category
from outdoor.queries import leaderboard, search_setups


@pytest.mark.seed(users=5)
@pytest.mark.parametrize(
    "expected",
    [
        pytest.param([], id="none", marks=pytest.mark.seed(setups=0)),
        pytest.param([1, 1, 1], id="fewer", marks=pytest.mark.seed(setups={"count": 3, "is_public": True})),
        pytest.param(
            [2, 2, 2, 1, 1], id="more", marks=pytest.mark.seed(setups={"count": 8, "is_public": True})
        ),
        pytest.param(
            [4], id="one user", marks=pytest.mark.seed(users=1, setups={"count": 4, "is_public": True})
        ),
    ],
)
def test_leaderboard(seeded_session: Session, expected: list[int]) -> None:
    assert [standing.public_setups for standing in leaderboard(seeded_session)] == expected


TITLES = ["A week in the DESERT", "100% waterproof", "1000 lakes"]


# All cases that have no marker of their own share one seeded database.
@pytest.mark.seed(
    users=3,
    setups={
        "count": 12,
        "title": TITLES,
        "description": [None, "Much sun"],
        "category": ["van-life", "backpacking"],
        "is_public": True,
    },
)
@pytest.mark.parametrize(
    ("text", "category", "found"),
    [
        pytest.param("", None, 12, id="everything"),
        pytest.param("desert", None, 4, id="title"),
        pytest.param("SUN", None, 6, id="description"),
        pytest.param("100%", None, 4, id="no wildcard"),
        pytest.param("snow", None, 0, id="no such text"),
        pytest.param("", Category.VAN_LIFE, 6, id="category"),
        pytest.param("", Category.OVERLANDING, 0, id="empty category"),
        pytest.param(
            "desert",
            None,
            0,
            id="drafts",
            marks=pytest.mark.seed(setups={"count": 12, "title": TITLES}),
        ),
    ],
)
def test_search(seeded_session: Session, text: str, category: Category | None, found: int) -> None:
    assert len(search_setups(seeded_session, text, category)) == found
