"""Who is signed in for triggers that ask for the current user, in schemas that are no project of Supabase."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL

from tests.repair.test_insert import seeded
from tests.servers import run, schema_of

SCHEMA = (Path(__file__).parents[1] / "schemas" / "signed_in.sql").read_text(encoding="utf-8")
# Without the rows of the load.
EMPTY = SCHEMA.partition("INSERT INTO auth.users")[0]


@pytest.mark.parametrize(
    ("asked", "query", "expected"),
    [
        (
            {"auth.users": 20, "teams": 6, "members": 9, "posts": 30},
            "SELECT count(*) FROM posts p JOIN members m ON m.team_id = p.team_id AND m.user_id = p.author",
            30,
        ),
        # Teams without members get no posts.
        (
            {"auth.users": 3, "teams": 6, "members": 2, "posts": 12},
            "SELECT count(DISTINCT p.id) FROM posts p JOIN members m ON m.team_id = p.team_id AND m.user_id = p.author",
            12,
        ),
        ({"auth.users": 4, "invites": 8}, "SELECT count(DISTINCT invited_by) FROM invites", 4),
        ({"auth.users": 20, "shops": 9, "offers": 18}, "SELECT count(DISTINCT shop_id) FROM offers", 9),
        ({"staff_accounts": 3, "tickets": 6}, "SELECT count(opened_by) FROM tickets", 6),
    ],
)
def test_a_user_is_signed_in(asked: dict[str, int], query: str, expected: int, empty_database: URL) -> None:
    with schema_of(empty_database, EMPTY) as connection:
        seeded(connection, asked)
        assert run(connection, query) == [(expected,)]
        # No longer.
        assert run(connection, "SELECT auth.uid()") == [(None,)]


def test_a_setting_that_the_database_has_is_left_alone(empty_database: URL) -> None:
    with schema_of(empty_database, EMPTY) as connection:
        run(connection, "SELECT set_config('desk.staff_account_id', '2', false)")
        seeded(connection, {"staff_accounts": 3, "tickets": 6})
        assert run(connection, "SELECT DISTINCT opened_by FROM tickets") == [(2,)]
