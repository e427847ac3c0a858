"""Policies of a Supabase project: tests act as somebody, and see what they may see."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlalchemy import Connection, exc, text
from sqlalchemy.orm import Session

from pytest_supaseed import SeededDatabase, acting_as, acting_as_anon, acting_as_service_role

# Three users, with a personal account each, and eight setups of theirs.
pytestmark = pytest.mark.seed({"auth.users": 3, "accounts": 3, "setups": {"count": 8, "is_public": False}})

SETUPS = text("SELECT count(*) FROM setups")
PACK = text(
    "INSERT INTO setups (account_id, title, category) VALUES (:account, 'Weekend in the woods', 'backpacking')"
)


def _users(connection: Connection | Session) -> Sequence[UUID]:
    return connection.scalars(text("SELECT id FROM auth.users ORDER BY email")).all()


def _account(connection: Connection | Session, user: UUID) -> UUID:
    query = text("SELECT id FROM accounts WHERE primary_owner_user_id = :user AND is_personal_account")
    return connection.execute(query, {"user": user}).scalar_one()


def test_a_user_sees_only_their_own_setups(seeded_connection: Connection) -> None:
    first, *_ = _users(seeded_connection)
    with acting_as(seeded_connection, first):
        owners = seeded_connection.scalars(text("SELECT DISTINCT account_id FROM setups")).all()
        assert owners == [_account(seeded_connection, first)]

    assert seeded_connection.scalar(SETUPS) == 8


def test_a_user_packs_for_themselves_only(seeded_connection: Connection) -> None:
    first, second, _ = _users(seeded_connection)
    other = _account(seeded_connection, second)
    with acting_as(seeded_connection, first):
        seeded_connection.execute(PACK, {"account": _account(seeded_connection, first)})
        with pytest.raises(exc.ProgrammingError, match="violates row-level security policy"):
            seeded_connection.execute(PACK, {"account": other})


def test_who_has_not_signed_in_sees_what_is_public(seeded_connection: Connection) -> None:
    seeded_connection.execute(text("UPDATE setups SET is_public = id IN (SELECT id FROM setups LIMIT 2)"))
    with acting_as_anon(seeded_connection):
        assert seeded_connection.scalar(SETUPS) == 2


def test_only_a_second_factor_lets_somebody_delete(seeded_session: Session) -> None:
    first, *_ = _users(seeded_session)
    with acting_as(seeded_session, first):
        assert seeded_session.execute(text("DELETE FROM setups")).rowcount == 0
    with acting_as(seeded_session, first, aal="aal2"):
        assert seeded_session.execute(text("DELETE FROM setups")).rowcount > 0


def test_the_secret_key_may_do_everything(seeded_connection: Connection) -> None:
    with acting_as_service_role(seeded_connection):
        assert seeded_connection.execute(text("DELETE FROM setups")).rowcount == 8


@pytest.mark.seed({"accounts": 4})
def test_members_see_the_setups_of_their_team(seeded_connection: Connection) -> None:
    # The fourth account is a team, which has its owner by a trigger.
    team, owner = seeded_connection.execute(
        text("SELECT id, primary_owner_user_id FROM accounts WHERE NOT is_personal_account")
    ).one()
    member, stranger = (user for user in _users(seeded_connection) if user != owner)
    join = text(
        "INSERT INTO accounts_memberships (user_id, account_id, account_role) VALUES (:user, :team, 'member')"
    )
    seeded_connection.execute(join, {"user": member, "team": team})
    of_the_team = text("SELECT count(*) FROM setups WHERE account_id = :team")
    for user, seen in ((owner, 2), (member, 2), (stranger, 0)):
        with acting_as(seeded_connection, user):
            assert seeded_connection.scalar(of_the_team, {"team": team}) == seen


def test_an_application_with_connections_of_its_own(seeded_db: SeededDatabase) -> None:
    first = seeded_db.rows("auth.users")[0]["id"]
    with acting_as(seeded_db, first) as connection:
        connection.execute(PACK, {"account": _account(connection, first)})
        connection.commit()
    assert seeded_db.counts()["setups"] == 9


def test_pictures_go_into_the_folder_of_an_account(seeded_connection: Connection) -> None:
    first, second, _ = _users(seeded_connection)
    upload = text("INSERT INTO storage.objects (bucket_id, name) VALUES ('setup_pictures', :name)")
    others = _account(seeded_connection, second)
    with acting_as(seeded_connection, first):
        seeded_connection.execute(upload, {"name": f"{_account(seeded_connection, first)}/tent.jpg"})
        with pytest.raises(exc.ProgrammingError, match="violates row-level security policy"):
            seeded_connection.execute(upload, {"name": f"{others}/tent.jpg"})
