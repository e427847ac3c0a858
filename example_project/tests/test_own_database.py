"""seeded_db: a database of the test's own, which tells what is in it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timezone
from decimal import Decimal

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outdoor.models import HOME_MADE, Setup
from outdoor.queries import Standing, Totals, leaderboard, publish_setup, setup_totals
from pytest_supaseed import SeededDatabase, SeedError


@pytest.mark.seed(users=5, setups=8)
def test_counts(seeded_db: SeededDatabase) -> None:
    assert seeded_db.counts() == {
        "brands": 1,  # the one that is always there
        "favourites": 0,
        "gear": 0,
        "setup_gear": 0,
        "setups": 8,
        "users": 5,
    }


@pytest.mark.seed({"public.users": 5, "public.setups": 8})
def test_tables_with_their_schema(seeded_db: SeededDatabase) -> None:
    # A mapping takes names that are no keywords; counts() spells them as the marker does.
    assert seeded_db.counts()["public.setups"] == 8


@pytest.mark.seed(users=5, setups={"count": 8, "is_public": True})
def test_spread(seeded_db: SeededDatabase) -> None:
    # 8 setups of 5 users: one for everybody, and one more for three of them.
    setups_of = seeded_db.spread("setups", "users")
    assert sorted(setups_of.values(), reverse=True) == [2, 2, 2, 1, 1]

    names = {user["id"]: user["username"] for user in seeded_db.rows("users")}
    ranked = sorted(setups_of.items(), key=lambda pair: (-pair[1], pair[0]))
    expected = [Standing(names[user_id], number) for user_id, number in ranked]
    with Session(seeded_db.engine) as session:
        assert leaderboard(session) == expected
        assert leaderboard(session, limit=2) == expected[:2]


@pytest.mark.seed(
    users=3,
    setups=6,
    gear={"count": 8, "price": [Decimal("19.90"), Decimal("250.00"), None]},
    setup_gear={"count": 20, "quantity": [1, 2, 5]},
)
def test_rows(seeded_db: SeededDatabase) -> None:
    gear = {thing["id"]: thing for thing in seeded_db.rows("gear")}
    in_setups = [
        (row["setup_id"], row["quantity"], gear[row["gear_id"]]) for row in seeded_db.rows("setup_gear")
    ]
    assert len(in_setups) == 20

    with Session(seeded_db.engine) as session:
        for setup in seeded_db.rows("setups"):
            things = [(number, thing) for setup_id, number, thing in in_setups if setup_id == setup["id"]]
            assert setup_totals(session, setup["id"]) == Totals(
                pieces=sum(number for number, _ in things),
                weight_grams=sum(number * thing["weight_grams"] for number, thing in things),
                price=sum((number * (thing["price"] or 0) for number, thing in things), Decimal(0)),
                without_price=sum(number for number, thing in things if thing["price"] is None),
            )


@pytest.mark.seed(users=2, setups=2, gear=3, setup_gear=4)
def test_verify(seeded_db: SeededDatabase) -> None:
    with Session(seeded_db.engine) as session:
        publish_setup(session, 1, datetime(2030, 5, 1, tzinfo=timezone.utc))
    # It was committed and is there, and no table has more or fewer rows than at first.
    assert Counter(setup["is_public"] for setup in seeded_db.rows("setups")) == {True: 1, False: 1}
    seeded_db.verify()

    with Session(seeded_db.engine) as session:
        session.execute(delete(Setup).where(Setup.id == 1))
        session.commit()
    with pytest.raises(SeedError, match="setups"):
        seeded_db.verify()


@pytest.mark.seed(users=2, setups=4)
def test_connection_and_session_are_on_it(seeded_db: SeededDatabase, seeded_session: Session) -> None:
    # A test that asks for both kinds sees one database.
    setup = seeded_session.scalars(select(Setup).where(Setup.id == 1)).one()
    setup.title = "Seen from outside"
    seeded_session.commit()

    assert seeded_db.rows("setups")[0]["title"] == "Seen from outside"


def test_without_a_marker(seeded_db: SeededDatabase) -> None:
    assert {table: number for table, number in seeded_db.counts().items() if number} == {"brands": 1}
    assert [brand["name"] for brand in seeded_db.rows("brands")] == [HOME_MADE]
