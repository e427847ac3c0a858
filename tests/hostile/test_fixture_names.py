"""A project that has fixtures with our names: its own are its own, and ours work below them."""

from __future__ import annotations

import gc
import itertools

import pytest

# Each is a fixture of the user's that gives something else than ours.
NAMES = ("seeded_db", "seeded_engine", "seeded_url", "seeded_connection", "seeded_session")
OTHERS = {
    "seeded_engine": "seeded_engine.connect().exec_driver_sql('SELECT count(*) FROM users').scalar() == 3",
    "seeded_url": "seeded_url.drivername == 'postgresql+psycopg2'",
    "seeded_db": "seeded_db.counts()['users'] == 3",
    "seeded_connection": "seeded_connection.exec_driver_sql('SELECT count(*) FROM users').scalar() == 3",
    "seeded_session": "seeded_session.connection().exec_driver_sql('SELECT count(*) FROM users').scalar() == 3",
}


def test_the_others_do_not_depend_on_a_fixture_of_that_name(project: pytest.Pytester) -> None:
    for name, scope in itertools.product(NAMES, ("function", "session")):
        # A fixture of a conftest is that of the tests in its folder.
        folder = project.mkdir(f"{name}_{scope}")
        fixture = f"@pytest.fixture(scope={scope!r})\ndef {name}():\n    return 42\n"
        folder.joinpath("conftest.py").write_text(f"import pytest\n\n{fixture}", encoding="utf-8")
        tests = [
            f"@pytest.mark.seed(users=3)\ndef test_{other}({name}, {other}):\n    assert {name} == 42 and {check}"
            for other, check in OTHERS.items()
            if other != name
        ]
        source = "\n\n".join(["import pytest", *tests])
        folder.joinpath(f"test_{name}_{scope}.py").write_text(source, encoding="utf-8")
    result = project.runpytest_inprocess("-W", "ignore::ResourceWarning")
    # The connection that the engine's test leaves is logged with a traceback, for which Python 3.11 parses its lines:
    # within another parse, as of the next test module, that is a SystemError.
    gc.collect()
    result.assert_outcomes(passed=2 * len(NAMES) * (len(OTHERS) - 1))


PLACES = {
    "conftest": ("conftest.py", "", ""),
    "module": ("test_them.py", "", ""),
    "class": ("test_them.py", "class TestThem:", "    "),
}


@pytest.mark.parametrize("place", PLACES)
def test_an_override_may_ask_for_ours(project: pytest.Pytester, place: str) -> None:
    file, head, indent = PLACES[place]
    own = "self, " if head else ""
    override = f"""
import pytest
from sqlalchemy import text
{head}
{indent}@pytest.fixture
{indent}def seeded_db({own}seeded_db):
{indent}    with seeded_db.engine.begin() as connection:
{indent}        connection.execute(text("DELETE FROM setups"))
{indent}    return seeded_db
"""
    test = f"""
{indent}@pytest.mark.seed(users=3, setups=5)
{indent}def test_it({own}seeded_db, seeded_connection, seeded_engine, seeded_url):
{indent}    assert seeded_db.counts() == {{"countries": 2, "setups": 0, "users": 3}}
{indent}    assert seeded_engine is seeded_db.engine and seeded_url == seeded_db.url
{indent}    assert seeded_connection.scalar(text("SELECT count(*) FROM setups")) == 0
"""
    imports = "import pytest\nfrom sqlalchemy import text\n"
    sources = {"conftest.py": "", "test_them.py": "" if file == "test_them.py" else imports}
    sources[file] += override
    sources["test_them.py"] += test
    for name, source in sources.items():
        project.path.joinpath(name).write_text(source, encoding="utf-8")
    project.runpytest_inprocess().assert_outcomes(passed=1)


def test_a_wrapper_under_another_name_chooses_the_isolation_of_what_it_asks_for(
    project: pytest.Pytester,
) -> None:
    project.makeconftest("""
        import pytest

        @pytest.fixture
        def database(seeded_db):
            return seeded_db

        @pytest.fixture
        def seeded_db(middle):
            return middle.counts()["users"]

        @pytest.fixture
        def middle(seeded_db):
            return seeded_db
    """)
    project.makepyfile("""
        import pytest
        from sqlalchemy import text

        @pytest.mark.seed(users=3)
        def test_one_database(database, seeded_connection):
            assert database == 3
            # It is the database of the test's own: a connection to it ends its transactions itself.
            seeded_connection.exec_driver_sql("COMMIT")

        @pytest.mark.seed(users=3)
        def test_again(database, seeded_session):
            assert database == 3
            assert "supaseed_test" not in str(seeded_session.connection().connection.driver_connection)
    """)
    result = project.runpytest_inprocess("-W", "error::pytest_supaseed.SupaseedWarning")
    result.assert_outcomes(passed=2)


def test_a_marker_is_seeded_and_checked_beside_a_fixture_that_is_only_called_like_ours(
    project: pytest.Pytester,
) -> None:
    project.makeconftest("""
        import pytest

        @pytest.fixture
        def seeded_db():
            return "theirs"

        @pytest.fixture
        def seeded_connection():
            return "theirs"
    """)
    project.makepyfile("""
        import pytest

        def test_plain(seeded_db, seeded_connection):
            assert seeded_db == seeded_connection == "theirs"

        @pytest.mark.seed(setups=5)
        def test_refused(seeded_db): ...

        @pytest.mark.parametrize("number", [1, 2])
        @pytest.mark.seed(users=5)
        def test_seeded(seeded_connection, request, number):
            assert seeded_connection == "theirs"
            assert request.getfixturevalue("seeded_session").connection()
    """)
    result = project.runpytest_inprocess()
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines("*setups needs rows of users for user_id, which would be empty*")
    plan = project.runpytest_inprocess("--supaseed-plan").stdout
    plan.no_fnmatch_line("*test_plain*")
    plan.fnmatch_lines(["*test_seeded*1*", "*users*5*", "*test_seeded*2*", "*users*5*"])


def test_one_parameter_with_a_marker_seeds_no_other(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import pytest

        @pytest.mark.parametrize("number", [pytest.param(1, marks=pytest.mark.seed(users=5)), 2])
        def test_seeded(request, number):
            assert ("_supaseed_seeded" in request.fixturenames) == (number == 1)
    """)
    project.runpytest_inprocess().assert_outcomes(passed=2)


def test_a_parameter_may_be_called_like_a_fixture_of_ours(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import pytest

        @pytest.mark.parametrize("seeded_db", [1, 2])
        @pytest.mark.seed(users=5)
        def test_seeded(seeded_db, seeded_connection):
            assert seeded_db in (1, 2)
            seeded_connection.exec_driver_sql("DELETE FROM users")
    """)
    project.runpytest_inprocess().assert_outcomes(passed=2)


@pytest.mark.parametrize("how", ["pytest_plugins", "-p"])
def test_a_fixture_of_the_projects_plugins_wins(project: pytest.Pytester, how: str) -> None:
    project.makepyfile(theirs="import pytest\n\n@pytest.fixture\ndef seeded_db():\n    return 'theirs'\n")
    project.makepyfile("def test_it(seeded_db, seeded_connection):\n    assert seeded_db == 'theirs'\n")
    project.makeconftest("pytest_plugins = ['theirs']" if how == "pytest_plugins" else "")
    project.syspathinsert()
    args = ["-p", "theirs"] if how == "-p" else []
    project.runpytest_inprocess(*args).assert_outcomes(passed=1)


def test_a_fixture_asked_for_late_is_ours_where_nothing_overrides_it(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import pytest

        @pytest.fixture
        def seeded_engine(): ...

        @pytest.mark.seed(users=3)
        def test_late(request):
            assert request.getfixturevalue("seeded_db").counts()["users"] == 3
            assert request.getfixturevalue("seeded_engine") is None
            assert request.getfixturevalue("seeded_connection").engine.url == request.getfixturevalue("seeded_url")
    """)
    project.runpytest_inprocess().assert_outcomes(passed=1)


@pytest.mark.parametrize("value", ["None", "[]", "['setups.title']", "lambda: {}"])
def test_generators_that_are_no_mapping_are_refused(project: pytest.Pytester, value: str) -> None:
    project.makeconftest(f"""
        import pytest

        @pytest.fixture(scope="session")
        def supaseed_generators():
            return {value}
    """)
    project.makepyfile("""
        import pytest
        from pytest_supaseed import seeded_database

        camp = seeded_database(users=1)

        def test_factory(camp): ...

        @pytest.mark.seed(users=1)
        def test_marker(seeded_db): ...

        def test_server(supaseed_postgres): ...
    """)
    result = project.runpytest_inprocess()
    result.assert_outcomes(errors=3)
    result.stdout.fnmatch_lines(
        "*supaseed_generators is *, and should be a mapping: let the fixture return one *"
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*loaded.py*")


def test_a_wider_database_is_found_through_an_override_of_its_name(project: pytest.Pytester) -> None:
    project.makeconftest("""
        from pytest_supaseed import seeded_database

        camp = seeded_database(users=3, scope="session")
    """)
    project.makepyfile(
        test_a="""
        import pytest

        @pytest.fixture(scope="module")
        def camp(camp):
            return camp.counts()["users"]

        def test_wrapped(camp):
            assert camp == 3
        """,
        test_b="""
        from sqlalchemy import text

        def test_deletes(camp):
            with camp.engine.begin() as connection:
                connection.execute(text("DELETE FROM users WHERE id = 1"))
        """,
        test_c="""
        import pytest

        @pytest.fixture
        def camp():
            return "another"

        def test_does_not_use_it(camp):
            assert camp == "another"
        """,
    )
    project.runpytest_inprocess("-p", "no:randomly").assert_outcomes(passed=3)
