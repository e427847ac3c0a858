"""seeded_session: an ORM session. Application code commits in it, and the next test finds everything as it was."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outdoor.models import Favourite, Setup, SetupGear, User
from outdoor.queries import SetupError, leaderboard, publish_setup, transfer_setup

TODAY = datetime(2030, 5, 1, tzinfo=timezone.utc)

pytestmark = pytest.mark.seed(users=3, setups=6, gear=4, setup_gear=12)


@pytest.mark.parametrize("run", [1, 2])
def test_publish(seeded_session: Session, run: int) -> None:
    # Both runs find drafts only, although the application commits.
    assert leaderboard(seeded_session) == []
    setup = seeded_session.scalars(select(Setup).order_by(Setup.id)).first()
    assert setup is not None

    publish_setup(seeded_session, setup.id, TODAY)

    # Nothing is left to commit: a rollback changes nothing.
    seeded_session.rollback()
    assert setup.is_public
    assert setup.published_at == TODAY
    assert [(each.username, each.public_setups) for each in leaderboard(seeded_session)] == [
        (setup.owner.username, 1)
    ]


@pytest.mark.seed(setups={"count": 6, "is_public": True})
def test_what_is_public_keeps_its_date(seeded_session: Session) -> None:
    setup = seeded_session.scalars(select(Setup)).first()
    assert setup is not None
    before = setup.published_at

    publish_setup(seeded_session, setup.id, TODAY)

    assert setup.published_at == before != TODAY


@pytest.mark.seed(setup_gear=0)
def test_an_empty_setup_stays_a_draft(seeded_session: Session) -> None:
    setup = seeded_session.scalars(select(Setup)).first()
    assert setup is not None

    with pytest.raises(SetupError, match="is empty"):
        publish_setup(seeded_session, setup.id, TODAY)

    assert not setup.is_public


@pytest.mark.seed(favourites=18)
def test_transfer(seeded_session: Session) -> None:
    # 18 favourites of 3 users and 6 setups: everybody likes everything.
    setup = seeded_session.scalars(select(Setup)).first()
    assert setup is not None
    owner = setup.owner
    other = seeded_session.scalars(select(User).where(User.id != owner.id)).first()
    assert other is not None

    transfer_setup(seeded_session, setup.id, other.email.upper())

    seeded_session.expire_all()
    assert setup.owner_id == other.id
    assert len(owner.setups) == 1
    assert len(other.setups) == 3
    assert seeded_session.get(Favourite, (other.id, setup.id)) is None
    assert seeded_session.scalar(select(func.count()).select_from(Favourite)) == 17


@pytest.mark.seed(users={"count": 3, "is_active": False})
def test_nothing_is_given_to_who_has_left(seeded_session: Session) -> None:
    setup = seeded_session.scalars(select(Setup)).first()
    assert setup is not None
    owner_id = setup.owner_id
    other = seeded_session.scalars(select(User).where(User.id != owner_id)).first()
    assert other is not None

    with pytest.raises(SetupError, match="no active user"):
        transfer_setup(seeded_session, setup.id, other.email)

    seeded_session.expire_all()
    assert setup.owner_id == owner_id


def test_an_unknown_setup(seeded_session: Session) -> None:
    with pytest.raises(SetupError, match="there is no setup 7"):
        transfer_setup(seeded_session, 7, "somebody@outdoor.example")


def test_new_rows_go_on_where_the_seed_ended(seeded_session: Session) -> None:
    owner = seeded_session.scalars(select(User)).first()
    setup = Setup(owner=owner, title="Late arrival", category="van-life")
    seeded_session.add(setup)
    seeded_session.commit()

    assert setup.id == 7
    assert not setup.is_public
    assert seeded_session.scalars(select(SetupGear).where(SetupGear.setup_id == 7)).all() == []
