"""Databases of wider scope than a test: changed for good, rolled back per test, empty."""

from __future__ import annotations

import pytest

HEAD = """
    import pytest
    from sqlalchemy import text
    from sqlalchemy.orm import Session
    from pytest_supaseed import seeded_database

    USERS, SETUPS = text("SELECT count(*) FROM users"), text("SELECT count(*) FROM setups")
    ADD = text("INSERT INTO users (email) VALUES (:email) RETURNING id")
"""


def outcome(project: pytest.Pytester, source: str, *args: str, **outcomes: int) -> pytest.RunResult:
    """Run tests on databases of wider scope."""
    project.makepyfile(HEAD + source)
    result = project.runpytest_inprocess("-p", "no:randomly", *args)
    result.assert_outcomes(**outcomes)
    return result


LOGIN = """
    shop = seeded_database(users=3, setups=4, scope="module", rolled_back=True)

    class App:
        # As a web application: each request has a session, and commits.
        def __init__(self, engine):
            self.engine = engine

        def post(self, path, **values):
            with Session(self.engine) as session:
                found = session.scalar(text(path), values)
                session.commit()
            return found

    @pytest.fixture(scope="module")
    def app(shop):
        return App(shop.engine)

    @pytest.fixture(scope="module")
    def token(app):
        return app.post("INSERT INTO users (email) VALUES (:email) RETURNING id", email="login@example.com")

    @pytest.fixture
    def client(app, token):
        return app
"""


LOGGED_IN = """
    @pytest.mark.parametrize("turn", range(3))
    def test_changes(client, token, turn):
        assert client.post("SELECT email FROM users WHERE id = :id", id=token) == "login@example.com"
        # The sequence begins after the login's own row, in each test.
        assert client.post("INSERT INTO users (email) VALUES ('new@example.com') RETURNING id") == token + 1
        client.post("WITH gone AS (DELETE FROM setups RETURNING 1) SELECT count(*) FROM gone")
        assert client.post("SELECT count(*) FROM setups") == 0

    def test_connection_and_session_are_on_it(client, token, seeded_connection, seeded_session, shop):
        assert seeded_connection.scalar(USERS) == 4
        seeded_connection.execute(text("DELETE FROM setups"))
        assert seeded_session.scalar(SETUPS) == 0
        assert shop.counts()["setups"] == 0
        seeded_session.commit()
        assert client.post("SELECT count(*) FROM setups") == 0

    def test_nothing_of_it_is_left(shop, seeded_session):
        assert shop.counts() == {"countries": 2, "setups": 4, "users": 4}
        assert [row["email"] for row in shop.rows("users")][3] == "login@example.com"
        assert sum(shop.spread("setups", "users").values()) == 4
        shop.verify()
"""

UNCOMMITTED = """
    shop = seeded_database(users=3, scope="module", rolled_back=True)

    @pytest.fixture(scope="module")
    def session(shop):
        with Session(shop.engine) as session:
            yield session

    @pytest.fixture(scope="module")
    def token(session):
        return session.scalar(ADD, {"email": "x"})

    @pytest.mark.parametrize("turn", range(2))
    def test_in_turns(token, session, turn):
        assert session.scalar(USERS) == 4
        session.execute(text("DELETE FROM users"))
        session.commit()
        assert session.scalar(USERS) == 0
"""


def come_and_go(rolled_back: bool) -> str:
    return f"""
    shop = seeded_database(users=3, scope="session", rolled_back={rolled_back})

    def add(shop, email):
        with shop.engine.begin() as connection:
            return connection.scalar(ADD, {{"email": email}})

    def remove(shop, number):
        with shop.engine.begin() as connection:
            connection.execute(text("DELETE FROM users WHERE id = :id"), {{"id": number}})

    @pytest.fixture(scope="module")
    def token(shop):
        return add(shop, "token")

    @pytest.fixture(scope="class", params=["a", "b"])
    def later(shop, token, request):
        number = add(shop, request.param)
        yield number
        remove(shop, number)

    @pytest.fixture
    def own(shop): ...

    def test_alone(shop):
        assert shop.counts()["users"] == 3

    def test_first(own, token, shop):
        assert shop.counts()["users"] == 4

    class TestLater:
        def test_one(self, shop, later):
            assert shop.counts()["users"] == 5

        def test_two(self, own, later, shop):
            assert shop.counts()["users"] == 5

    def test_afterwards(shop, token):
        assert shop.counts()["users"] == 4
        shop.verify()
"""


UNCHECKED = """
    shop = seeded_database(users=3, scope="session", check=False)

    def test_adds(shop):
        with shop.engine.begin() as connection:
            connection.execute(ADD, {"email": "x"})

    def test_goes_on(shop):
        assert shop.counts()["users"] == 4

    def test_and_on(shop):
        with pytest.raises(Exception, match="is no longer what the database holds"):
            shop.verify()
"""


def without_tables(arguments: str) -> str:
    return f"""
    empty = seeded_database({arguments})

    def test_empty(empty):
        assert empty.counts() == {{"countries": 2, "setups": 0, "users": 0}}
        assert repr(empty.spec) and not empty.plan.tables

    def test_again(empty):
        with empty.engine.begin() as connection:
            assert connection.execute(ADD, {{"email": "x"}}).scalar() == 1
        assert empty.rows("users") == [{{"id": 1, "email": "x"}}]
"""


TAKE_TURNS = """
    import unittest

    shop = seeded_database(users=3, scope="class", rolled_back=True)

    @pytest.fixture(scope="class", autouse=True)
    def database(shop, request):
        if request.cls is not None:
            request.cls.shop = shop

    class TestShop(unittest.TestCase):
        @classmethod
        def setUpClass(cls):
            cls.early = getattr(cls, "shop", None)

        def delete(self):
            assert self.shop.counts()["users"] == 3
            with self.shop.engine.begin() as connection:
                connection.execute(text("DELETE FROM users"))

        test_one = test_two = delete
"""
# Modules of tests, and how many tests each has.
PASSING = {
    "what_a_login_of_module_scope_inserts_stays_and_what_tests_change_does_not": (LOGIN + LOGGED_IN, 5),
    "what_a_wider_fixture_has_not_committed_stays_too": (UNCOMMITTED, 2),
    "wider_fixtures_that_come_and_go_are_part_of_it": (come_and_go(rolled_back=False), 7),
    "wider_fixtures_that_come_and_go_are_part_of_what_is_rolled_back": (come_and_go(rolled_back=True), 7),
    "tests_may_change_one_that_is_not_checked": (UNCHECKED, 3),
    **{
        f"without_tables_it_is_the_schema_as_it_was_loaded_{number}": (without_tables(arguments), 2)
        for number, arguments in enumerate(
            ("", "{}", "scope='session', check=False", "scope='module', rolled_back=True")
        )
    },
    "unittest_classes_take_turns": (TAKE_TURNS, 2),
}


def test_modules_with_databases_of_their_own_pass(project: pytest.Pytester) -> None:
    project.makepyfile(**{f"test_{name}": HEAD + source for name, (source, _) in PASSING.items()})
    result = project.runpytest_inprocess("-p", "no:randomly")
    result.assert_outcomes(passed=sum(passed for _, passed in PASSING.values()))


def test_each_module_and_class_has_its_own(project: pytest.Pytester) -> None:
    project.makeconftest("""
        import pytest
        from sqlalchemy import text
        from pytest_supaseed import seeded_database

        shop = seeded_database(users=3, scope="class", rolled_back=True)

        @pytest.fixture(scope="class")
        def token(shop):
            with shop.engine.begin() as connection:
                return connection.scalar(text("INSERT INTO users (email) VALUES ('x') RETURNING id"))
    """)
    outcome(
        project,
        """
    class TestOne:
        def test_first(self, token, seeded_connection):
            assert token == 4 and seeded_connection.scalar(USERS) == 4
            seeded_connection.execute(text("DELETE FROM users"))
            seeded_connection.commit()

        def test_second(self, token, shop):
            assert shop.counts()["users"] == 4

    class TestTwo(TestOne): ...
""",
        passed=4,
    )


def test_a_test_is_accused_of_its_own_changes_only(project: pytest.Pytester) -> None:
    result = outcome(
        project,
        """
    shop = seeded_database(users=3, scope="session")

    @pytest.fixture(scope="module")
    def token(shop):
        with shop.engine.begin() as connection:
            connection.execute(ADD, {"email": "token"})

    @pytest.fixture(scope="class")
    def more(shop, token):
        with shop.engine.begin() as connection:
            connection.execute(ADD, {"email": "more"})

    def test_deletes(token, shop):
        with shop.engine.begin() as connection:
            connection.execute(text("DELETE FROM users WHERE id = 1"))

    class TestLater:
        def test_with_more(self, more): ...

    def test_notices(shop): ...
""",
        passed=1,
        errors=2,
    )
    result.stdout.fnmatch_lines(
        [
            "shop: seed(users=3), with what fixtures have done, is no longer what the database holds:",
            "  users             4       3  <--",
        ]
    )
    accused = [line for line in result.outlines if line.startswith("It changed after")]
    assert len(accused) == 2
    assert all("::test_deletes. A test that writes wants a database of its own" in line for line in accused)


def test_what_a_test_has_changed_is_not_made_good_by_fixtures(project: pytest.Pytester) -> None:
    result = outcome(
        project,
        """
    shop = seeded_database(users=3, scope="session")

    @pytest.fixture(scope="module")
    def token(shop):
        with shop.engine.begin() as connection:
            connection.execute(ADD, {"email": "token"})

    def test_deletes(shop):
        with shop.engine.begin() as connection:
            connection.execute(text("DELETE FROM users WHERE id = 1"))

    def test_notices(shop): ...

    def test_notices_as_well(shop, token): ...
""",
        passed=1,
        errors=2,
    )
    accused = [line for line in result.outlines if line.startswith("It changed after")]
    assert len(accused) == 2
    assert all("::test_deletes. A test that writes" in line for line in accused)


def test_commits_that_differ_are_told(project: pytest.Pytester) -> None:
    result = outcome(
        project,
        """
    shop = seeded_database(users=3, scope="module", rolled_back=True)
    LOCK = text("SELECT pg_advisory_xact_lock(7)")

    def test_by_engine(shop):
        with shop.engine.begin() as connection:
            connection.execute(LOCK)

    def test_by_session(shop, seeded_session):
        seeded_session.execute(LOCK)
        seeded_session.commit()

    def test_nothing(shop, seeded_session):
        seeded_session.commit()
""",
        passed=3,
        warnings=2,
    )
    told = [line for line in result.outlines if "has committed, which is a savepoint" in line]
    assert ["test_by_engine" in line for line in told] == [True, False]
    assert all("differs from a real commit: pg_advisory_xact_lock() was called" in line for line in told)


def test_each_database_is_at_its_end_where_warnings_are_errors(project: pytest.Pytester) -> None:
    result = outcome(
        project,
        """
    shop = seeded_database(users=3, scope="module", rolled_back=True)
    camp = seeded_database(users=4, scope="module", rolled_back=True)

    def test_locks(shop, camp):
        for database in (shop, camp):
            with database.engine.begin() as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(7)"))
                connection.execute(text("DELETE FROM setups"))
                connection.execute(text("DELETE FROM users"))

    def test_finds_all(shop, camp):
        assert (shop.counts()["users"], camp.counts()["users"]) == (3, 4)
""",
        "-W",
        "error::pytest_supaseed.SupaseedWarning",
        passed=2,
        errors=1,
    )
    result.stdout.fnmatch_lines(["*test_locks has committed, which is a savepoint*"])


def test_what_leaves_the_transaction_is_named_and_noticed(project: pytest.Pytester) -> None:
    result = outcome(
        project,
        """
    shop = seeded_database(users=3, scope="module", rolled_back=True)

    def test_ends_it(seeded_connection, shop):
        seeded_connection.execute(ADD, {"email": "x"})
        seeded_connection.execute(text("COMMIT"))

    def test_notices(shop): ...

    def test_notices_as_well(seeded_session, shop): ...
""",
        passed=1,
        errors=2,
        warnings=1,
    )
    result.stdout.fnmatch_lines(
        [
            "shop: seed(users=3) is no longer what the database holds:",
            "It changed after *::test_ends_it. What is committed on another connection than that of shop.engine, *",
            "*::test_ends_it ended the transaction *; what it had done by then stays in the database. Use *",
        ]
    )


def test_another_connection_is_named(project: pytest.Pytester) -> None:
    result = outcome(
        project,
        """
    from sqlalchemy import create_engine

    shop = seeded_database(users=3, scope="module", rolled_back=True)

    @pytest.fixture(scope="module")
    def application(shop):
        engine = create_engine(shop.url)
        with engine.begin() as connection:
            connection.execute(ADD, {"email": "x"})
        yield engine
        engine.dispose()

    def test_wider_fixtures_may(application, shop):
        assert shop.counts()["users"] == 4

    def test_visits(shop):
        engine = create_engine(shop.url)
        with engine.connect() as connection:
            assert connection.scalar(USERS) == 4
        engine.dispose()

    def test_is_not_accused(shop, application):
        shop.verify()
""",
        passed=3,
        warnings=1,
    )
    result.stdout.fnmatch_lines(
        "*::test_visits opened another connection to a database that is rolled back after each test, which was not *"
    )


def test_a_wider_fixture_that_is_asked_for_late_works_outside_of_the_test(project: pytest.Pytester) -> None:
    result = outcome(
        project,
        """
    shop = seeded_database(users=3, scope="module", rolled_back=True)

    @pytest.fixture(scope="module")
    def token(shop):
        with shop.engine.begin() as connection:
            return connection.scalar(ADD, {"email": "token"})

    @pytest.fixture(scope="module")
    def other(shop):
        with shop.engine.begin() as connection:
            return connection.scalar(ADD, {"email": "other"})

    def test_late(request, seeded_connection):
        assert seeded_connection.scalar(USERS) == 0

    def test_late_on_it(request, shop, seeded_connection):
        assert request.getfixturevalue("token") == 4
        assert seeded_connection.scalar(USERS) == 4
        seeded_connection.execute(text("DELETE FROM users"))
        seeded_connection.commit()

    def test_is_there(token, shop):
        assert shop.counts()["users"] == 4

    def test_too_late(request, shop, seeded_connection):
        seeded_connection.execute(ADD, {"email": "own"})
        assert request.getfixturevalue("other") == 6

    def test_goes_on(shop):
        assert shop.counts()["users"] == 4
""",
        passed=5,
        warnings=1,
    )
    result.stdout.fnmatch_lines(
        "*other, which outlives the test, worked on shop when *::test_too_late had written *"
    )


def test_a_test_that_does_not_name_it_is_told_that_nothing_is_undone(project: pytest.Pytester) -> None:
    result = outcome(
        project,
        """
    shop = seeded_database(users=3, scope="module", rolled_back=True)
    camp = seeded_database(users=3, scope="module")

    def test_names_it(shop, camp): ...

    @pytest.mark.parametrize("name", ["shop", "camp"])
    def test_unnamed(request, name):
        for email in ("x", "y"):
            with request.getfixturevalue(name).engine.begin() as connection:
                connection.execute(ADD, {"email": email})

    def test_notices(shop): ...

    def test_notices_as_well(camp): ...
""",
        passed=3,
        errors=2,
        warnings=1,
    )
    result.stdout.fnmatch_lines(
        "*::test_unnamed[[]shop] has committed on shop, which has rolled_back=True, and has *"
    )
    accused = [line.partition(". ")[0] for line in result.outlines if line.startswith("It changed after")]
    name = "test_a_test_that_does_not_name_it_is_told_that_nothing_is_undone.py::test_unnamed"
    assert accused == [f"It changed after {name}[shop]", f"It changed after {name}[camp]"]


def test_a_marker_that_differs_is_a_usage_error(project: pytest.Pytester) -> None:
    project.makepyfile(
        HEAD
        + """
    shop = seeded_database(users=3, scope="module", rolled_back=True)
    second = seeded_database(users=4, scope="module", rolled_back=True)
    camp = seeded_database(users=5, scope="module")

    @pytest.fixture(scope="module")
    def token(shop): ...

    @pytest.mark.seed(users=2)
    def test_differs(token, seeded_connection): ...

    @pytest.mark.seed(users=2)
    def test_differs_without_connection(shop): ...

    def test_two(shop, second, seeded_session): ...

    @pytest.mark.seed(users=3)
    def test_same(shop, seeded_connection): ...

    @pytest.mark.seed(users=2)
    def test_own(shop, seeded_connection, seeded_db): ...

    @pytest.mark.seed(users=2)
    def test_camp(camp, seeded_connection): ...

    def test_no_connection(shop, second): ...
"""
    )
    result = project.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    name = "test_a_marker_that_differs_is_a_usage_error.py"
    result.stderr.fnmatch_lines(
        [
            "*supaseed: 3 problems in what the tests ask for; nothing was run.",
            f"{name}:16: {name}::test_differs",
            f"*the test asks for seed(users=2), and works on shop, which has seed(users=3): {name}:9 declares it with "
            "rolled_back=True, *. Leave the marker out, write @pytest.mark.seed(users=3), too, or ask for seeded_db, *",
            f"{name}:19: {name}::test_differs_without_connection",
            f"{name}:22: {name}::test_two",
            "*there are 2, shop and second: work on shop.engine and second.engine instead, or *",
        ]
    )
    chosen = "same or own or camp or no_connection"
    project.runpytest_inprocess("-k", chosen).assert_outcomes(passed=4, deselected=3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            "users=1, rolled_back=True",
            'rolled_back=True is for a database that outlives a test: write scope="module"',
        ),
        (
            "users=1, check=5",
            "check=5: write True or False; if it is a table, name it in the mapping, as in ",
        ),
        ("users=1, rolled_back='no'", "rolled_back='no': write True or False"),
    ],
)
def test_arguments_that_mean_nothing_are_refused(
    project: pytest.Pytester, arguments: str, message: str
) -> None:
    project.makepyfile(HEAD + f"\n    shop = seeded_database({arguments})\n\n    def test_it(shop): ...\n")
    result = project.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert message in result.stderr.str()


def test_workers_have_their_own(project: pytest.Pytester) -> None:
    project.makepyfile(
        HEAD
        + LOGIN
        + """
    @pytest.mark.parametrize("turn", range(4))
    def test_changes(client, token, turn):
        assert client.post("INSERT INTO users (email) VALUES ('new@example.com') RETURNING id") == token + 1
"""
    )
    result = project.runpytest_subprocess("-n2", "--dist=load", timeout=120)
    result.assert_outcomes(passed=4)
