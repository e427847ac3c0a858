"""seeded_engine and seeded_url: for code that opens connections of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone

import pytest
from sqlalchemy import URL, Engine, create_engine, func, select, update

from outdoor.jobs import delete_old_drafts, public_setups
from outdoor.models import Category, Setup

LONG_AGO = datetime(2000, 1, 1, tzinfo=timezone.utc)
SOME_DAY = datetime(2020, 1, 1, tzinfo=timezone.utc)


@pytest.fixture
def impatient_engine(seeded_url: URL) -> Iterator[Engine]:
    """Fail where the application waits for a lock, rather than wait with it."""
    engine = create_engine(seeded_url, connect_args={"options": "-c lock_timeout=2s"})
    yield engine
    engine.dispose()


def _setups(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(Setup)) or 0


@pytest.mark.seed(
    users=4, setups={"count": 20, "is_public": [True, False], "updated_at": LONG_AGO, "created_at": LONG_AGO}
)
@pytest.mark.parametrize("batch", [1, 3, 10, 100])
def test_old_drafts_are_deleted_in_batches(seeded_engine: Engine, batch: int) -> None:
    # Choices are dealt out evenly: half of 20.
    assert delete_old_drafts(seeded_engine, SOME_DAY, batch) == 10
    assert _setups(seeded_engine) == 10
    assert delete_old_drafts(seeded_engine, SOME_DAY, batch) == 0


@pytest.mark.seed(users=4, setups=12)
def test_new_drafts_are_kept(seeded_engine: Engine) -> None:
    assert delete_old_drafts(seeded_engine, SOME_DAY) == 0
    assert _setups(seeded_engine) == 12


@pytest.mark.seed(users=1, setups={"count": 5, "updated_at": LONG_AGO, "created_at": LONG_AGO})
def test_a_draft_that_somebody_works_on_is_kept(impatient_engine: Engine) -> None:
    # Two connections at a time, which a transaction that is rolled back could not have.
    with impatient_engine.begin() as somebody:
        somebody.execute(update(Setup).where(Setup.id == 3).values(title="Not finished"))

        assert delete_old_drafts(impatient_engine, SOME_DAY) == 4

    with impatient_engine.connect() as connection:
        assert connection.execute(select(Setup.id, Setup.title)).all() == [(3, "Not finished")]


@pytest.mark.seed(users=3, setups={"count": 8, "category": ["overlanding", "van-life"], "is_public": True})
def test_public_setups_of_each_category(seeded_url: URL) -> None:
    assert public_setups(seeded_url) == {
        Category.OVERLANDING: 4,
        Category.VAN_LIFE: 4,
        Category.CAR_CAMPING: 0,
        Category.BACKPACKING: 0,
    }


@pytest.mark.seed(users=3, setups=8)
def test_drafts_are_not_counted(seeded_url: URL) -> None:
    assert set(public_setups(seeded_url).values()) == {0}
