"""What is said of names that are nearly ours: markers, ini keys, options, fixtures; and of others' markers."""

from __future__ import annotations

import sys

import pytest

from test_markers_in_sessions import refused

USAGE_ERROR = pytest.ExitCode.USAGE_ERROR


def test_misspelt_markers_are_usage_errors_with_the_near_name(project: pytest.Pytester) -> None:
    project.makeini("[pytest]\nmarkers =\n    seeding: of a project")
    register = "If it is one of yours, register it among the markers of the ini"
    assert refused(
        project,
        """
        import pytest
        from pytest_supaseed import Rows

        @pytest.mark.seeds(users=5)
        def test_1(): ...

        @pytest.mark.sead({"users": 5}, setups=Rows(3))
        def test_2(): ...

        @pytest.mark.seed_option(max_records=3)
        def test_3(): ...

        # These are others.
        @pytest.mark.speed(users=3)
        @pytest.mark.seeded
        @pytest.mark.seeding(users=3)
        @pytest.mark.seed_at("noon")
        def test_4(): ...
        """,
        "-W",
        "ignore",
    ) == [
        "ERROR: supaseed: 3 problems in what the tests ask for; nothing was run.",
        "test_refused.py:4: test_refused.py::test_1",
        f"    @pytest.mark.seeds: there is no such marker: did you mean @pytest.mark.seed? {register}",
        "test_refused.py:7: test_refused.py::test_2",
        f"    @pytest.mark.sead: there is no such marker: did you mean @pytest.mark.seed? {register}",
        "test_refused.py:10: test_refused.py::test_3",
        f"    @pytest.mark.seed_option: there is no such marker: did you mean @pytest.mark.seed_options? {register}",
    ]


RANDOM_SEEDS = """
    import pytest

    @pytest.mark.seed(42)
    def test_number(): ...

    @pytest.mark.seed
    def test_bare(): ...
"""


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server is chosen in the environment, which the header would name."""
    monkeypatch.delenv("SUPASEED_POSTGRES", raising=False)


@pytest.mark.usefixtures("unset")
def test_a_random_seed_of_others_is_left_alone_where_it_is_registered(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nmarkers =\n    seed(number): of the random generator\n    other\n")
    pytester.makepyfile(RANDOM_SEEDS)
    result = pytester.runpytest_inprocess("--strict-markers")
    result.assert_outcomes(passed=2)
    result.stdout.no_fnmatch_line("*supaseed: *")


def test_a_random_seed_of_others_is_refused_with_advice_where_it_is_not(project: pytest.Pytester) -> None:
    *_, number, _, bare = refused(project, RANDOM_SEEDS)
    assert number == (
        "    @pytest.mark.seed: takes a mapping of table names to counts, but got 42: write seed(users=5) or "
        'seed({"auth.users": 5}); if it is the marker of another plugin or yours, register it among the markers of '
        "the ini, and it is left alone"
    )
    assert "names no table" in bare


def test_a_registered_marker_with_tables_is_ours_all_the_same(project: pytest.Pytester) -> None:
    project.makeini(
        "[pytest]\nsupaseed_schema = schema.sql\nmarkers =\n    seed(number): of the random generator\n"
    )
    project.makepyfile("""
        import pytest

        @pytest.mark.seed(42)
        class TestBoth:
            @pytest.mark.seed(users=3)
            def test_it(self, seeded_db):
                assert seeded_db.counts()["users"] == 3
    """)
    project.runpytest_inprocess().assert_outcomes(passed=1)


FEATURE = """\
@seed
Feature: Login
  Scenario: One
    Given nothing

  @seed(users=5)
  Scenario: Two
    Given nothing
"""
STEPS = """
    import pytest
    from pytest_bdd import given, scenarios

    scenarios("login.feature")

    @given("nothing")
    def nothing(): ...
"""


def of_features(pytester: pytest.Pytester, ini: str = "") -> list[str]:
    pytester.makeini(f"[pytest]\n{ini}")
    pytester.path.joinpath("login.feature").write_text(FEATURE, encoding="utf-8")
    pytester.makepyfile(STEPS)
    result = pytester.runpytest_inprocess("-p", "pytest-bdd", "-W", "ignore")
    assert result.ret == USAGE_ERROR
    return [line for line in result.stderr.lines if line]


def test_a_tag_of_a_feature_is_refused_with_its_file(pytester: pytest.Pytester) -> None:
    lines = of_features(pytester)
    assert lines[1].startswith("login.feature:2: ")
    assert lines[1].endswith("::test_one and 1 more")
    assert lines[2].startswith(
        "    the tag @seed becomes the marker of pytest-supaseed that says how many rows"
    )
    assert len(lines) == 3


def test_a_tag_of_a_feature_with_arguments_is_refused_with_its_file(pytester: pytest.Pytester) -> None:
    lines = of_features(pytester, "markers = seed: a tag of features")
    assert lines[1].startswith("login.feature:7: ")
    assert lines[2:] == [
        "    the tag @seed(users=5): a tag has no arguments. Rows are asked for in Python: @pytest.mark.seed(users=5) "
        "above @scenario(...), or pytestmark beside scenarios(...)"
    ]


@pytest.mark.parametrize(
    ("ini", "arguments", "said"),
    [
        ("supaseed_shema = a.sql", [], "supaseed_shema is no ini key: did you mean supaseed_schema?"),
        ("", ["-o", "supased_schema=a.sql"], "supased_schema is no ini key: did you mean supaseed_schema?"),
        ("", ["--supaseed-plann"], "--supaseed-plann is no option: did you mean --supaseed-plan?"),
        ("addopts = --supaseed-sed=3", [], "--supaseed-sed is no option: did you mean --supaseed-seed?"),
    ],
)
def test_misspelt_keys_and_options_are_usage_errors(
    pytester: pytest.Pytester, ini: str, arguments: list[str], said: str
) -> None:
    pytester.makeini(f"[pytest]\n{ini}")
    pytester.makepyfile("def test_it(): ...")
    result = pytester.runpytest_subprocess(*arguments)
    assert result.ret == USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: supaseed: {said}"])


@pytest.mark.usefixtures("unset")
def test_misspelt_fixtures_are_pytests_error_with_the_near_name(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest

        def test_1(seeded_sesion): ...
        def test_2(request): request.getfixturevalue("seeded_dbs")
        @pytest.mark.usefixtures("seedconnection")
        def test_3(): ...
        def test_4(clinet): ...
    """)
    result = pytester.runpytest_inprocess("-rA")
    result.assert_outcomes(errors=3, failed=1)
    said = [line for line in result.stdout.lines if line.startswith("there is no fixture")]
    assert said == [
        "there is no fixture seeded_sesion: did you mean seeded_session?",
        "there is no fixture seedconnection: did you mean seeded_connection?",
        "there is no fixture seeded_dbs: did you mean seeded_db?",
    ]
    # No header of ours: no test uses the plugin.
    result.stdout.no_fnmatch_line("supaseed: *")


def test_a_misspelt_override_is_a_usage_error(project: pytest.Pytester) -> None:
    project.makeconftest("""
        import pytest

        @pytest.fixture(scope="session")
        def supaseed_generator():
            return {"users.email": lambda faker: "a"}

        @pytest.fixture
        def supaseed_schemas():
            return "used by a test"

        @pytest.fixture
        def supaseed_of_ours():
            return "another name"
    """)
    assert refused(
        project,
        """
        def test_1(seeded_db): ...
        def test_2(seeded_db, supaseed_schemas): ...
        """,
    ) == [
        "ERROR: supaseed: 1 problem in what the tests ask for; nothing was run.",
        "conftest.py:3: the fixture supaseed_generator",
        "    no test asks for this fixture: did you mean supaseed_generators, which takes the place of ours?",
    ]


NATIVE = """
{section}
supaseed_schema = ["schema.sql", "more.sql"]
supaseed_max_records = 50
supaseed_tcp = true
supaseed_keep_code = false
supaseed_date = 2024-06-30
supaseed_seed = 7
supaseed_locale = "de_DE"
"""


@pytest.mark.skipif(int(pytest.__version__.split(".")[0]) < 9, reason="since pytest 9")
@pytest.mark.parametrize(
    ("file", "section"), [("pyproject.toml", "[tool.pytest]"), ("pytest.toml", "[pytest]")]
)
def test_lists_numbers_and_dates_of_native_toml_are_taken(
    project: pytest.Pytester, file: str, section: str
) -> None:
    project.path.joinpath("tox.ini").unlink()
    project.path.joinpath("more.sql").write_text("CREATE TABLE more (id int PRIMARY KEY)", encoding="utf-8")
    project.path.joinpath(file).write_text(NATIVE.format(section=section), encoding="utf-8")
    project.makepyfile("""
        import pytest

        @pytest.mark.seed(users=3, more=2)
        def test_it(seeded_db):
            spec = seeded_db.spec
            assert (spec.limit, spec.seed, spec.locale, str(spec.date)) == (50, 7, "de_DE", "2024-06-30")
            assert seeded_db.counts()["more"] == 2
    """)
    result = project.runpytest_inprocess("-W", "error")
    result.assert_outcomes(passed=1)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python reads TOML itself")
def test_what_native_toml_may_not_be_is_a_usage_error(project: pytest.Pytester) -> None:
    project.path.joinpath("tox.ini").unlink()
    project.path.joinpath("pyproject.toml").write_text(
        "[tool.pytest]\nsupaseed_max_records = [1, 2]\nsupaseed_seed = 2.5\nsupaseed_schema = 5\n",
        encoding="utf-8",
    )
    project.makepyfile("def test_it(): ...")
    result = project.runpytest_inprocess()
    assert result.ret == USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            r"ERROR: supaseed: supaseed_max_records is '1\n2': write a whole number of rows, such as 1000",
            "supaseed_seed is '2.5': write a whole number, or random for another one in each run",
        ]
    )


def test_a_schema_of_narrower_scope_is_a_usage_error(project: pytest.Pytester) -> None:
    project.makeconftest("""
        import pytest

        @pytest.fixture
        def supaseed_schema():
            return "schema.sql"
    """)
    assert refused(project, "def test_1(seeded_db): ...\ndef test_2(seeded_db): ...")[1:] == [
        "conftest.py:3: the fixture supaseed_schema and 1 more",
        '    it has scope "function": write @pytest.fixture(scope="session")',
    ]


def test_the_factory_of_fixtures_is_told_from_a_fixture(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_1(seeded_database): ...")
    result = pytester.runpytest_inprocess()
    result.stdout.fnmatch_lines(
        ["seeded_database makes fixtures, and is none: write camp = seeded_database(users=5)*"]
    )


MISTAKES = """
    import pytest
    from pytest_supaseed import seed

    def years(faker):
        return 3

    @seed(users={"count": 1, "email": years})
    def test_refused(): ...

    @seed(users={"count": 3, "email": lambda faker: "s@me"})
    def test_same(): ...

    def test_rows(seeded_db):
        seeded_db.rows("user")

    def test_counts(seeded_db):
        seeded_db.counts()["user"]
"""


def test_functions_are_named_by_file_and_line_and_no_frame_of_ours_is_shown(project: pytest.Pytester) -> None:
    schema = "CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE CHECK (email <> '3'))"
    project.path.joinpath("schema.sql").write_text(schema, encoding="utf-8")
    project.makepyfile(MISTAKES)
    result = project.runpytest_inprocess()
    result.assert_outcomes(errors=2, failed=2)
    result.stdout.fnmatch_lines(
        [
            "  email comes from columns={'email': ...}, years",
            "  at *.py:4, in years",
            "*columns={'email': ...}, <lambda>,*",
            "  at *.py:10, in <lambda>",
            "E *SeedError: There is no table 'user' (did you mean 'users'?)",
            "E *KeyError: \"There is no table 'user' (did you mean 'users'?)\"",
        ]
    )
    result.stdout.no_fnmatch_line("*/pytest_supaseed/session/*")


def test_a_schema_fixture_that_returns_nothing_is_named(project: pytest.Pytester) -> None:
    project.makeconftest("""
        import pytest

        @pytest.fixture(scope="session")
        def supaseed_schema():
            "schema.sql"
    """)
    project.makepyfile("def test_1(seeded_db): ...")
    result = project.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["The fixture supaseed_schema returns None: let it return where the schema comes from*"]
    )
