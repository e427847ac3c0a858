"""Users of a Supabase project: as if they had signed up, with all that the sign-up trigger makes of it."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text

from pytest_supaseed import Rows


def _number(connection: Connection, query: str) -> int:
    return connection.scalar(text(f"SELECT count(*) FROM {query}")) or 0  # noqa: S608 the tests' own words


@pytest.mark.seed({"auth.users": 5})
def test_whoever_signs_up_has_a_personal_account(seeded_connection: Connection) -> None:
    assert _number(seeded_connection, "accounts WHERE is_personal_account") == 5
    assert (
        _number(seeded_connection, "accounts a JOIN auth.users u ON u.email = a.email AND a.slug IS NULL")
        == 5
    )
    # It has the name that its user signed up with.
    assert (
        _number(
            seeded_connection,
            "accounts a JOIN auth.users u USING (email) WHERE a.name <> u.raw_user_meta_data ->> 'name'",
        )
        == 0
    )


# Counts are totals: three of the five accounts are made by the sign-ups, two of the six memberships by the teams.
@pytest.mark.seed(
    {"auth.users": 3, "accounts": 5, "accounts_memberships": Rows(6, columns={"account_role": "member"})}
)
def test_teams_have_owners_and_members(seeded_connection: Connection) -> None:
    assert (
        _number(
            seeded_connection, "accounts WHERE NOT is_personal_account AND slug LIKE kit.slugify(name) || '%'"
        )
        == 2
    )
    owners = """
        accounts a JOIN accounts_memberships m ON (user_id, account_id) = (primary_owner_user_id, id)
        WHERE account_role = 'owner'
    """
    assert _number(seeded_connection, owners) == 2
    assert _number(seeded_connection, "accounts_memberships") == 6


@pytest.mark.seed({"auth.users": 4, "auth.identities": 4})
def test_users_can_sign_in(seeded_connection: Connection) -> None:
    query = """
        auth.users u JOIN auth.identities i ON i.user_id = u.id AND i.email = u.email
        WHERE confirmed_at IS NOT NULL AND encrypted_password LIKE '$2a$%' AND provider = 'email'
    """
    assert _number(seeded_connection, query) == 4


def test_what_the_seed_file_has_put_there(seeded_connection: Connection) -> None:
    assert seeded_connection.scalar(text("SELECT most_setups FROM plans WHERE name = 'free'")) == 3
