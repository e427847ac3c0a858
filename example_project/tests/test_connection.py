"""seeded_connection: a SQLAlchemy connection. What the test does on it is undone, commits included."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, delete, exc, func, insert, select, update

from outdoor.models import Brand, Favourite, Gear, Setup, SetupGear, User

# A marker for all tests of the module; those of a class or a function are merged into it.
pytestmark = pytest.mark.seed(users=5, setups=8)


def _number(connection: Connection, table: type[User | Setup | Favourite | Brand | Gear]) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def test_exactly_so_many_rows(seeded_connection: Connection) -> None:
    assert _number(seeded_connection, User) == 5
    assert _number(seeded_connection, Setup) == 8
    # What is not named gets nothing.
    assert _number(seeded_connection, Favourite) == 0


@pytest.mark.parametrize("run", [1, 2])
def test_every_test_finds_all_rows(seeded_connection: Connection, run: int) -> None:
    # Whichever of the two comes second finds what the first has deleted and committed.
    assert _number(seeded_connection, Setup) == 8

    seeded_connection.execute(delete(Setup))
    seeded_connection.commit()

    assert _number(seeded_connection, Setup) == 0


def test_a_rollback_goes_back_to_the_last_commit(seeded_connection: Connection) -> None:
    seeded_connection.execute(insert(Brand).values(name="Kept"))
    seeded_connection.commit()
    seeded_connection.execute(insert(Brand).values(name="Dropped"))
    seeded_connection.rollback()

    names = seeded_connection.scalars(select(Brand.name)).all()

    assert "Kept" in names
    assert "Dropped" not in names


def test_an_address_is_given_once(seeded_connection: Connection) -> None:
    taken = seeded_connection.scalars(select(User.email)).first()

    with pytest.raises(exc.IntegrityError, match="uq_users_email"):
        seeded_connection.execute(insert(User).values(email=taken, username="somebody_else"))


def test_public_setups_have_a_date(seeded_connection: Connection) -> None:
    with pytest.raises(exc.IntegrityError, match="ck_setups_public_is_published"):
        seeded_connection.execute(update(Setup).values(is_public=True))


@pytest.mark.seed(brands=2, gear=4, setup_gear=16)
def test_what_goes_with_a_setup(seeded_connection: Connection) -> None:
    seeded_connection.execute(delete(Setup))

    assert seeded_connection.scalars(select(SetupGear.gear_id)).all() == []
    assert _number(seeded_connection, Gear) == 4


@pytest.mark.seed(brands=2, gear=4, setup_gear=16)
def test_gear_in_use_cannot_be_deleted(seeded_connection: Connection) -> None:
    with pytest.raises(exc.IntegrityError, match="fk_setup_gear_gear_id"):
        seeded_connection.execute(delete(Gear))
