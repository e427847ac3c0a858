"""seed_options(...): the generator's seed, its locale, and the most rows that a test may ask for."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from outdoor.queries import leaderboard, search_setups
from pytest_supaseed import SeededDatabase, seeded_database

# The options of a fixture of your own are arguments.
seven = seeded_database(users=10, setups=20, seed=7)
seven_again = seeded_database(users=10, setups=20, seed=7)
eight = seeded_database(users=10, setups=20, seed=8)


def test_the_seed_decides(seven: SeededDatabase, seven_again: SeededDatabase, eight: SeededDatabase) -> None:
    for table in ("users", "setups"):
        assert seven.rows(table) == seven_again.rows(table)
        assert seven.rows(table) != eight.rows(table)


@pytest.mark.seed(users=4, setups={"count": 11, "is_public": True})
@pytest.mark.parametrize(
    "seed",
    [pytest.param(seed, marks=pytest.mark.seed_options(seed=seed)) for seed in (0, 1, 7)],
)
def test_the_numbers_hold_for_every_seed(seeded_db: SeededDatabase, seed: int) -> None:
    assert seeded_db.spec.seed == seed
    with Session(seeded_db.engine) as session:
        assert [standing.public_setups for standing in leaderboard(session)] == [3, 3, 3, 2]


@pytest.mark.seed(users=30, setups={"count": 1_500, "is_public": True})
@pytest.mark.seed_options(max_records=2_000)
def test_more_rows_than_usual(seeded_session: Session) -> None:
    # Without the option a test may ask for 1,000 rows: nobody gets a million by a slip of the keyboard.
    assert len(search_setups(seeded_session)) == 1_500
    assert [standing.public_setups for standing in leaderboard(seeded_session)] == [50] * 10


@pytest.mark.seed_options(seed=3, locale="de_DE")
@pytest.mark.seed(brands=3, gear=5)
class TestOptionsOfAClass:
    def test_all_of_its_tests_have_them(self, seeded_db: SeededDatabase) -> None:
        assert (seeded_db.spec.seed, seeded_db.spec.locale) == (3, "de_DE")

    @pytest.mark.seed_options(seed=4)
    def test_the_nearest_wins_option_by_option(self, seeded_db: SeededDatabase) -> None:
        assert (seeded_db.spec.seed, seeded_db.spec.locale) == (4, "de_DE")
