"""What markers ask for, as pytest collects them: merged, limited, refused."""

from __future__ import annotations

import pytest

EXIT_USAGE = pytest.ExitCode.USAGE_ERROR


def refused(project: pytest.Pytester, source: str, *args: str) -> list[str]:
    """Run tests that are to be refused, and return what is said."""
    project.makepyfile(test_refused=source)
    result = project.runpytest_inprocess(*args)
    assert result.ret == EXIT_USAGE
    result.assert_outcomes()
    lines = result.stderr.lines
    start = next(number for number, line in enumerate(lines) if line.startswith("ERROR: "))
    return [line for line in lines[start:] if line]


def test_every_bad_marker_is_named_at_once_and_nothing_runs(project: pytest.Pytester) -> None:
    assert refused(
        project,
        """
        import pytest
        from pytest_supaseed import Rows, seeded_database

        bad = seeded_database(users=-3, scope="session")

        @pytest.mark.seed(users=-1, setups=2.5)
        @pytest.mark.seed_options(maxrecords=7)
        def test_numbers(): ...

        class TestShared:
            pytestmark = pytest.mark.seed(users=True)

            def test_1(self): ...
            def test_2(self): ...

        @pytest.mark.seed(setups=Rows(8, add=2), users="5")
        def test_two_counts(): ...

        @pytest.mark.seed({"users": 3}, users=4)
        @pytest.mark.seed_options(locale="de_DEE")
        def test_twice(): ...

        def test_factory(bad): ...

        def test_fine(): raise AssertionError
        """,
    ) == [
        "ERROR: supaseed: 9 problems in what the tests ask for; nothing was run.",
        "test_refused.py:6: test_refused.py::test_numbers",
        "    @pytest.mark.seed: users=-1: a count cannot be negative: write 0 for no rows",
        "    @pytest.mark.seed: setups=2.5: a count is a whole number, not a float: write 2",
        "    @pytest.mark.seed_options: has no option 'maxrecords': write one of max_records, seed, locale, date, "
        "settings, vary_defaults (did you mean 'max_records'?)",
        "test_refused.py:13: test_refused.py::TestShared::test_1 and 1 more",
        "    @pytest.mark.seed: users=True: a count is a whole number, not a bool: write 1",
        "test_refused.py:16: test_refused.py::test_two_counts",
        "    @pytest.mark.seed: setups has count and add: write exactly one of count, add and per, as in "
        "setups={'count': 8}",
        "    @pytest.mark.seed: users='5': a count is a whole number, not a string: write 5",
        "test_refused.py:19: test_refused.py::test_twice",
        "    @pytest.mark.seed: users is named twice, in the mapping and as a keyword: keep one of them",
        "    @pytest.mark.seed_options: locale='de_DEE': Faker has no such locale (did you mean 'de_DE' or 'et_EE'?)",
        "test_refused.py:4: bad = seeded_database(...)",
        "    users=-3: a count cannot be negative: write 0 for no rows",
    ]


MANY = "import pytest\n@pytest.mark.seed(setups=5000)\ndef test_many(): ..."


def test_a_total_above_the_limit_is_refused_before_a_server_is_needed(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPASEED_POSTGRES", "/nowhere")
    assert refused(project, MANY) == [
        "ERROR: supaseed: 1 problem in what the tests ask for; nothing was run.",
        "test_refused.py:2: test_refused.py::test_many",
        "    seed(setups=5000) asks for 5000 rows in all, 4000 above the limit of 1000: add "
        "@pytest.mark.seed_options(max_records=6250), or max_records=6250 to a seeded_database(...), set "
        "supaseed_max_records = 6250, run with --supaseed-max-records 6250, or ask for fewer",
    ]


@pytest.mark.parametrize(
    ("ini", "marker", "args", "allowed"),
    [
        ("", "", ["--supaseed-max-records=6000"], True),
        ("supaseed_max_records = 6000", "", [], True),
        ("supaseed_max_records = 6000", "", ["--supaseed-max-records=10"], False),
        ("", "@pytest.mark.seed_options(max_records=6000)", [], True),
        ("supaseed_max_records = 6000", "@pytest.mark.seed_options(max_records=10)", [], False),
        # A limit of the command line is hard.
        ("", "@pytest.mark.seed_options(max_records=6000)", ["--supaseed-max-records=100"], False),
        ("", "@pytest.mark.seed_options(max_records=10)", ["--supaseed-max-records=6000"], False),
    ],
)
def test_the_nearest_limit_counts_and_that_of_the_command_line_is_hard(
    project: pytest.Pytester, ini: str, marker: str, args: list[str], allowed: bool
) -> None:
    project.makeini(f"[pytest]\n{ini}")
    project.makepyfile(f"import pytest\n{marker}\n@pytest.mark.seed(setups=5000)\ndef test_many(): ...")
    result = project.runpytest_inprocess("--collect-only", *args)
    assert result.ret == (pytest.ExitCode.OK if allowed else EXIT_USAGE)


def test_the_message_for_a_hard_limit_does_not_name_a_marker(project: pytest.Pytester) -> None:
    *_, last = refused(project, MANY, "--supaseed-max-records=100")
    assert last == (
        "    seed(setups=5000) asks for 5000 rows in all, 4900 above the limit of 100: "
        "run with --supaseed-max-records 6250, or ask for fewer"
    )


def test_a_raised_limit_gives_exactly_as_many_rows(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import pytest

        @pytest.mark.seed(setups=5000, users=10)
        def test_many(seeded_db):
            assert seeded_db.counts()["setups"] == 5000
            assert set(seeded_db.spread("setups", "users").values()) == {500}
    """)
    project.runpytest_inprocess("--supaseed-max-records=6000").assert_outcomes(passed=1)


def test_what_is_not_selected_is_not_checked(project: pytest.Pytester) -> None:
    project.makepyfile("import pytest\n@pytest.mark.seed(a=-1)\ndef test_a(): ...\ndef test_b(): ...")
    project.runpytest_inprocess("-k", "test_b").assert_outcomes(passed=1, deselected=1)


@pytest.mark.parametrize("asked", [800, 801])
def test_above_four_fifths_of_the_limit_there_is_a_warning(project: pytest.Pytester, asked: int) -> None:
    project.makepyfile(f"import pytest\n@pytest.mark.seed(users={asked})\ndef test_many(): ...")
    result = project.runpytest_inprocess()
    result.assert_outcomes(passed=1, warnings=1 if asked > 800 else 0)
    if asked > 800:
        result.stdout.fnmatch_lines(
            "*SupaseedWarning: seed(users=801) asks for 801 rows in all, over 80 % of the limit of 1000: ask for "
            "fewer, or raise it, as in @pytest.mark.seed_options(max_records=2000)"
        )


def test_where_warnings_are_errors_it_is_told_as_one(project: pytest.Pytester) -> None:
    project.makepyfile("import pytest\n@pytest.mark.seed(users=801)\ndef test_many(): ...")
    result = project.runpytest_inprocess("-W", "error")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*ERROR at setup of test_many*", "seed(users=801) asks for 801 rows in all, *"]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_the_nearest_marker_wins_table_by_table(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import pytest

        pytestmark = pytest.mark.seed(users=1, setups=1, countries=3)

        class Base:
            pytestmark = pytest.mark.seed(users=2, setups=2)

        @pytest.mark.seed(users=3)
        class TestDerived(Base):
            def test_class(self, seeded_db):
                assert seeded_db.counts() == {"users": 3, "setups": 2, "countries": 3}

            @pytest.mark.seed(users=4)
            def test_function(self, seeded_db):
                assert seeded_db.counts() == {"users": 4, "setups": 2, "countries": 3}

            @pytest.mark.seed(users=4, setups=4)
            @pytest.mark.parametrize("users", [pytest.param(5, marks=pytest.mark.seed(users=5)), 4])
            def test_param(self, seeded_db, users):
                assert seeded_db.counts() == {"users": users, "setups": 4, "countries": 3}

        def test_module(seeded_db):
            assert seeded_db.counts() == {"users": 1, "setups": 1, "countries": 3}
    """)
    project.runpytest_inprocess().assert_outcomes(passed=5)


def test_options_merge_key_by_key(project: pytest.Pytester) -> None:
    project.makeini("[pytest]\nsupaseed_schema = schema.sql\nsupaseed_seed = 3\nsupaseed_locale = de_DE")
    project.makepyfile("""
        import pytest

        pytestmark = [pytest.mark.seed(users=1), pytest.mark.seed_options(seed=5, max_records=10)]

        @pytest.mark.seed_options(seed=7)
        def test_nearest(seeded_db):
            assert (seeded_db.spec.seed, seeded_db.spec.limit, seeded_db.spec.locale) == (7, 10, "de_DE")

        def test_module(seeded_db):
            assert (seeded_db.spec.seed, seeded_db.spec.limit) == (5, 10)
    """)
    project.runpytest_inprocess().assert_outcomes(passed=2)


def test_what_makes_the_same_rows_is_made_once_and_each_keeps_its_own_spec(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import pytest

        @pytest.mark.parametrize(
            "limit", [pytest.param(n, marks=pytest.mark.seed_options(max_records=n)) for n in (50, 60)]
        )
        @pytest.mark.seed(users=1)
        def test_limit(seeded_db, limit):
            assert seeded_db.spec.limit == limit
    """)
    project.runpytest_inprocess().assert_outcomes(passed=2)


def test_the_markers_are_registered(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess("--markers")
    result.stdout.fnmatch_lines(
        ["@pytest.mark.seed(tables={}, /, [*][*]counts): *", "@pytest.mark.seed_options(*"]
    )


SCHEMA_PROBLEMS = {
    "user=5": "user is no table (did you mean 'users'?)",
    "setups=5": "setups needs rows of users for user_id, which would be empty: write "
    "@pytest.mark.seed(setups=5, users=1)",
    "setups=5, users=0": "setups needs rows of users for user_id, which is asked to be empty: write "
    "@pytest.mark.seed(setups=5, users=1)",
    "users=5, setups={'count': 3, 'categry': 'x'}": "setups has no column 'categry' (did you mean 'category'?)",
    "users=5, setups={'count': 3, 'categories': ['van-live']}": "setups.category='van-live': the column takes only "
    "'overlanding', 'van-life', 'car-camping' (did you mean 'van-life'?)",
    "countries=1": "countries holds 2 rows that the schema's load put there, more than the 1 asked for: write "
    "countries=2 or more, or countries=Rows(add=1) for 1 more",
    "users={'count': 3, 'email': ['a@example.com', 'b@example.com']}": "users.email=['a@example.com', "
    "'b@example.com'] for 3 rows: users_email_key makes email unique, so only 2 rows can have it: ask for at most 2, "
    "give 3 different values or a function, or leave email out",
}


def test_what_the_schema_cannot_hold_errors_the_tests_concerned(project: pytest.Pytester) -> None:
    functions = (
        f"@pytest.mark.seed({marker})\ndef test_{number}(): ..."
        for number, marker in enumerate(SCHEMA_PROBLEMS)
    )
    project.makepyfile(
        "\n".join(["import pytest", *functions, "@pytest.mark.seed(users=5)", "def test_fine(): ..."])
    )
    result = project.runpytest_inprocess()
    result.assert_outcomes(passed=1, errors=len(SCHEMA_PROBLEMS))
    for number, message in enumerate(SCHEMA_PROBLEMS.values()):
        title = next(
            at for at, line in enumerate(result.outlines) if f"ERROR at setup of test_{number} " in line
        )
        assert result.outlines[title + 1] == message
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*During handling*")


def test_without_a_schema_the_message_says_where_one_comes_from(project: pytest.Pytester) -> None:
    project.makeini("[pytest]")
    project.makepyfile("import pytest\n@pytest.mark.seed(users=5)\ndef test_users(): ...")
    result = project.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        "users is no table, the database has none at all: set supaseed_schema to where your schema comes from: a "
        ".sql file, a folder of them, an alembic.ini, or 'package.module:Base'"
    )


def test_a_schema_that_cannot_be_loaded_is_told_without_a_traceback(project: pytest.Pytester) -> None:
    project.path.joinpath("schema.sql").write_text("CREATE TABLE a (b integr);", encoding="utf-8")
    project.makepyfile("import pytest\n@pytest.mark.seed(a=5)\ndef test_a(): ...\ndef test_b(): ...")
    result = project.runpytest_inprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ['schema.sql:1: type "integr" does not exist', "  CREATE TABLE a (b integr);"]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ["--supaseed-max-records=ten"],
            "--supaseed-max-records is 'ten': write a whole number of rows, such as 1000",
        ),
        (
            ["-o", "supaseed_seed=x"],
            "supaseed_seed is 'x': write a whole number, or random for another one in each run",
        ),
        (
            ["--supaseed-locale=xx"],
            "--supaseed-locale is 'xx': Faker has no such locale: write one such as de_DE",
        ),
        (
            ["--supaseed-postgres=mysql://me:secret@host/db"],
            "--supaseed-postgres is 'mysql://me:***@host/db': only PostgreSQL will do: write "
            "postgresql://user:password@host:5432/postgres",
        ),
    ],
)
def test_a_bad_option_is_a_usage_error(project: pytest.Pytester, args: list[str], message: str) -> None:
    result = project.runpytest_inprocess(*args)
    assert result.ret == EXIT_USAGE
    result.stderr.fnmatch_lines(f"ERROR: supaseed: {message}".replace("[", "[[]").replace("*", "[*]"))


def test_a_misspelt_count_and_a_misspelt_option_hide_nothing_else(project: pytest.Pytester) -> None:
    assert refused(
        project,
        """
        import pytest

        @pytest.mark.seed(users={"cuont": 4})
        def test_count(): ...

        @pytest.mark.seed(setups=3000)
        @pytest.mark.seed_options(sed=3)
        def test_option(): ...
        """,
    )[1:] == [
        "test_refused.py:3: test_refused.py::test_count",
        "    @pytest.mark.seed: users does not say how many rows: write exactly one of count, add and per, as in "
        "users={'count': 8} (did you mean 'count'?)",
        "test_refused.py:6: test_refused.py::test_option",
        "    @pytest.mark.seed_options: has no option 'sed': write one of max_records, seed, locale, date, settings, "
        "vary_defaults "
        "(did you mean 'seed'?)",
        "    seed(setups=3000) asks for 3000 rows in all, 2000 above the limit of 1000: add "
        "@pytest.mark.seed_options(max_records=3750), or max_records=3750 to a seeded_database(...), set "
        "supaseed_max_records = 3750, run with --supaseed-max-records 3750, or ask for fewer",
    ]


def test_options_of_a_test_without_rows_are_refused(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest
        from pytest_supaseed import seeded_database

        camp = seeded_database(users=2, seed=3)

        @pytest.mark.seed_options(seed=7)
        def test_forgotten(seeded_db): ...

        @pytest.mark.parametrize(
            "number", [1, pytest.param(2, marks=pytest.mark.seed_options(seed=7))]
        )
        def test_one_parameter(number, camp): ...
        """
    )
    result = project.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "*2 problems in what the tests ask for; nothing was run.",
            "*.py:6: *::test_forgotten",
            "    @pytest.mark.seed_options: the test has no @pytest.mark.seed that it could be about: add one, *",
            "*.py:9: *::test_one_parameter[[]2]",
            "    @pytest.mark.seed_options: the test has no @pytest.mark.seed that it could be about: add one, *",
        ]
    )


def test_options_of_a_module_or_of_all_parameters_may_be_for_others(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        pytestmark = pytest.mark.seed_options(seed=7)

        def test_nothing(): ...

        @pytest.mark.seed_options(seed=8)
        @pytest.mark.parametrize("number", [1, pytest.param(2, marks=pytest.mark.seed(users=2))])
        def test_one_parameter(number): ...
        """
    )
    project.runpytest_inprocess().assert_outcomes(passed=3)


def test_a_marker_that_a_fixture_adds_counts_for_each_test(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import pytest

        @pytest.fixture(params=[3, 4])
        def users(request):
            request.applymarker(pytest.mark.seed(users=request.param))
            return request.param, request.getfixturevalue("seeded_db").counts()["users"]

        @pytest.mark.parametrize("turn", range(2))
        def test_each(users, turn):
            assert users[0] == users[1]

        class TestAdded:
            @pytest.fixture(autouse=True)
            def add(self, request):
                request.node.add_marker(pytest.mark.seed(users=2))

            def test_connection(self, seeded_connection):
                assert seeded_connection.exec_driver_sql("SELECT count(*) FROM users").scalar() == 2

        @pytest.fixture
        def bad(request):
            request.node.add_marker(pytest.mark.seed(users=-2))

        def test_bad(bad, seeded_db): ...
        def test_bad_without_a_fixture_of_ours(bad): ...
    """)
    result = project.runpytest_inprocess("-rA")
    result.assert_outcomes(passed=5, errors=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "A fixture has added a marker to *::test_bad:",
            "@pytest.mark.seed: users=-2: a count cannot be negative: write 0 for no rows",
            "A fixture has added a marker to *::test_bad_without_a_fixture_of_ours:",
        ]
    )


def test_a_marker_that_a_fixture_adds_is_checked_without_a_fixture_of_ours(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import pytest

        @pytest.fixture
        def add(request):
            request.node.add_marker(pytest.mark.seed(nowhere=2))

        def test_it(add): raise AssertionError("the test was run")
        def test_other(seeded_db): ...
    """)
    result = project.runpytest_inprocess()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["nowhere*is no table*"])
    result.stdout.no_fnmatch_line("*the test was run*")


def test_documents_and_arrays_are_choices_of_a_unique_column(project: pytest.Pytester) -> None:
    project.path.joinpath("schema.sql").write_text(
        """
        CREATE TABLE docs (id serial PRIMARY KEY, d jsonb NOT NULL UNIQUE);
        CREATE TABLE lists (id serial PRIMARY KEY, a int[] NOT NULL UNIQUE);
        CREATE TABLE users (id serial PRIMARY KEY);
        CREATE TABLE pairs (user_id int NOT NULL REFERENCES users, d jsonb, UNIQUE (user_id, d));
        INSERT INTO docs (d) VALUES ('{"a": {"b": [1, true]}}');
        INSERT INTO lists (a) VALUES ('{9}');
        INSERT INTO users DEFAULT VALUES;
        INSERT INTO pairs VALUES (1, '{"a": 1}');
        """,
        encoding="utf-8",
    )
    project.makepyfile("""
        import pytest
        from pytest_supaseed import Rows

        DOCUMENTS = [{"a": {"b": [1, True]}}, {"a": {"b": [1, 2]}}]

        @pytest.mark.seed(docs={"add": 1, "d": DOCUMENTS}, lists=Rows(add=2, columns={"a": [[9], [1], [2]]}))
        def test_taken(seeded_db):
            assert [row["d"] for row in seeded_db.rows("docs")] == DOCUMENTS
            assert sorted(row["a"] for row in seeded_db.rows("lists")) == [[1], [2], [9]]

        @pytest.mark.seed(users=2, pairs={"count": 4, "d": [{"a": 1}, {"b": 2}]})
        def test_pairs(seeded_db):
            assert len({(row["user_id"], str(row["d"])) for row in seeded_db.rows("pairs")}) == 4
    """)
    project.runpytest_inprocess().assert_outcomes(passed=2)
