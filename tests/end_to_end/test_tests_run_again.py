"""Tests that a plugin of pytest runs again, ends early or splits: each attempt finds its rows, and counts compared."""

from __future__ import annotations

import pytest

MODULE = """
    import time
    import pytest
    from sqlalchemy import create_engine, text

    pytestmark = pytest.mark.seed(users=5, setups=8)
    ROWS, CHANGE = text("SELECT count(*) FROM setups"), text("DELETE FROM setups")
    ADD = text("INSERT INTO setups (user_id, title, category) VALUES (1, 'x', 'van-life') RETURNING id")
    attempts = {}

    def spoil(connection, name):
        assert connection.scalar(ROWS) == 8
        # The next number is that of the first attempt.
        assert connection.scalar(ADD) == 9
        connection.execute(CHANGE)
        connection.commit()
        attempts[name] = attempts.get(name, 0) + 1

    def fails_twice(name):
        assert attempts[name] == 3

    @pytest.mark.flaky(reruns=2)
    def test_rolled_back(seeded_session):
        spoil(seeded_session, "rolled back")
        fails_twice("rolled back")

    @pytest.mark.flaky(reruns=2)
    def test_own(seeded_engine, seeded_db):
        assert seeded_db.counts()["setups"] == 8
        with seeded_engine.connect() as connection:
            spoil(connection, "own")
        fails_twice("own")

    @pytest.mark.flaky(reruns=2)
    def test_address(seeded_address):
        engine = create_engine(seeded_address)
        with engine.connect() as connection:
            spoil(connection, "address")
        engine.dispose()
        fails_twice("address")

    @pytest.fixture
    def spoilt(seeded_connection):
        spoil(seeded_connection, "fixture")
        fails_twice("fixture")
        return seeded_connection

    @pytest.mark.flaky(reruns=2)
    def test_fixture(spoilt):
        assert spoilt.scalar(ROWS) == 0

    @pytest.mark.timeout(0.1, func_only=True)
    @pytest.mark.parametrize("fixture", ["seeded_connection", "seeded_engine"])
    def test_ended(request, fixture):
        found = request.getfixturevalue(fixture)
        connection = found.connect() if fixture == "seeded_engine" else found
        connection.execute(CHANGE)
        connection.execute(text("SELECT pg_sleep(0.2)"))

    def test_after_them(seeded_connection):
        assert seeded_connection.scalar(ROWS) == 8

    def test_own_after_them(seeded_db):
        assert seeded_db.counts()["setups"] == 8
"""
SUBTESTS = """
    def test_parts(seeded_connection, subtests):
        for number in range(3):
            with subtests.test(number=number):
                assert seeded_connection.scalar(ROWS) == 8 - number
                seeded_connection.execute(text("DELETE FROM setups WHERE id = :id"), {"id": number + 1})
                seeded_connection.commit()
"""


def test_each_attempt_finds_its_rows(project: pytest.Pytester) -> None:
    pytest.importorskip("pytest_rerunfailures")
    pytest.importorskip("pytest_timeout")
    parts = hasattr(pytest, "Subtests")  # of pytest 9
    project.makepyfile(MODULE + (SUBTESTS if parts else ""))
    result = project.runpytest_subprocess("-p", "rerunfailures", "-o", "timeout_method=signal")
    outcomes = result.parseoutcomes()
    # psycopg2 lets a signal be handled at the end of the statement.
    assert {name: outcomes.get(name) for name in ("passed", "failed", "rerun", "errors")} == {
        "passed": 6 + parts,
        "failed": 2,
        "rerun": 8,
        "errors": None,
    }, result.stdout.str()
    result.stdout.fnmatch_lines(["E * Failed: Timeout (>0.1s) from pytest-timeout."])
