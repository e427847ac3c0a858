"""SupaSeed's configurations in a user's project, with a real server."""

from __future__ import annotations

import json
from typing import Any

import pytest

MAKERKIT = """
CREATE SCHEMA auth;
CREATE TABLE auth.users (id uuid PRIMARY KEY, email text UNIQUE);
CREATE TYPE outdoor_category AS ENUM ('overlanding', 'van-life', 'car-camping', 'backpacking', 'ultralight');
CREATE TABLE accounts (
    id uuid PRIMARY KEY REFERENCES auth.users, email text UNIQUE, is_personal_account boolean NOT NULL DEFAULT true
);
CREATE TABLE setups (
    id serial PRIMARY KEY, account_id uuid NOT NULL REFERENCES accounts, title text NOT NULL,
    category outdoor_category NOT NULL
);
CREATE TABLE gear_items (id serial PRIMARY KEY, make text NOT NULL, category outdoor_category NOT NULL);
CREATE TABLE notes (id serial PRIMARY KEY, category text CHECK (length(category) < 5));
CREATE FUNCTION sign_up() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO accounts (id, email) VALUES (NEW.id, NEW.email); RETURN NEW; END $$;
CREATE TRIGGER sign_up AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION sign_up();
"""
LOAD = """
INSERT INTO auth.users VALUES ('00000000-0000-4000-8000-000000000001', 'first@load.test'),
                              ('00000000-0000-4000-8000-000000000002', 'second@load.test');
"""
KEY = "eyJhbGciOiJIUzI1NiJ9.c2VydmljZQ.key"


@pytest.fixture
def makerkit(project: pytest.Pytester) -> pytest.Pytester:
    project.path.joinpath("schema.sql").write_text(MAKERKIT, encoding="utf-8")
    return project


def configure(
    project: pytest.Pytester, value: dict[str, Any] | str, name: str = "supa-seed.config.json"
) -> None:
    text = value if isinstance(value, str) else json.dumps(value, indent=2)
    project.path.joinpath(name).write_text(text, encoding="utf-8")


def passing(project: pytest.Pytester, source: str, *args: str, passed: int = 1) -> pytest.RunResult:
    project.makepyfile(source)
    result = project.runpytest_inprocess("--strict-markers", *args)
    result.assert_outcomes(passed=passed)
    return result


ENUM_CONFIGURATION = {
    "supabaseUrl": "http://127.0.0.1:54321",
    "supabaseServiceKey": KEY,
    "environment": "local",
    "userCount": 2,
    "setupsPerUser": 1,
    "imagesPerSetup": 0,
    "enableRealImages": False,
    "seed": "test-enum-seed",
    "domain": "outdoor",
    "tables": {
        "setups": {"count": 5, "categories": ["overlanding", "backpacking", "car-camping"]},
        "gear": {"count": 15, "categoryStrategy": "auto", "enumCategories": ["van-life", "ultralight"]},
    },
    "additionalUsers": {"count": 2, "personas": ["casual_camper", "expert_overlander"]},
}


def test_the_configuration_with_enums(makerkit: pytest.Pytester) -> None:
    configure(makerkit, ENUM_CONFIGURATION)
    result = passing(
        makerkit,
        """
        import pytest
        from collections import Counter
        from pytest_supaseed import from_supaseed

        @pytest.mark.seed(from_supaseed("supa-seed.config.json"))
        def test_it(seeded_db):
            assert seeded_db.counts() == {
                "accounts": 2, "auth.users": 2, "gear_items": 15, "notes": 0, "setups": 5,
            }
            setups = Counter(row["category"] for row in seeded_db.rows("setups"))
            assert sorted(setups.values()) == [1, 2, 2]
            assert set(setups) == {"overlanding", "backpacking", "car-camping"}
            assert {row["category"] for row in seeded_db.rows("gear_items")} == {"van-life", "ultralight"}
            assert sorted(seeded_db.spread("setups", "accounts").values()) == [2, 3]
        """,
        "-W",
        "error",
    )
    result.stdout.fnmatch_lines(
        [
            "supaseed: supa-seed.config.json: ignored, for they mean nothing here: supabaseUrl, supabaseServiceKey, "
            "environment, imagesPerSetup, enableRealImages, domain, additionalUsers (*), setupsPerUser (*)"
        ]
    )
    assert result.stdout.str().count("ignored, for they mean nothing here") == 1
    assert KEY not in result.stdout.str() + result.stderr.str()


@pytest.mark.parametrize(
    ("users", "count", "shares"),
    [
        (5, 8, [1, 1, 2, 2, 2]),
        (10, 3, [0] * 7 + [1] * 3),
        (5, 12, [2, 2, 2, 3, 3]),
        (10, 8, [0, 0] + [1] * 8),
        (3, 0, [0] * 3),
    ],
)
def test_the_documented_distributions(
    project: pytest.Pytester, users: int, count: int, shares: list[int]
) -> None:
    configure(
        project,
        {
            "users": users,
            "setups": {"count": count, "categories": ["overlanding", "van-life"]},
            "setupsPerUser": 9,
        },
    )
    passing(
        project,
        f"""
        import pytest
        from pytest_supaseed import from_supaseed

        @pytest.mark.seed(from_supaseed("supa-seed.config.json"))
        def test_it(seeded_db):
            assert sorted(seeded_db.spread("setups", "users").values()) == {shares}
            assert {{row["category"] for row in seeded_db.rows("setups")}} <= {{"overlanding", "van-life"}}
        """,
        "-W",
        "error",
    )


def test_legacy_mode_is_exact_and_warned_of(project: pytest.Pytester) -> None:
    configure(project, {"userCount": 6, "setupsPerUser": 3})
    source = """
        import pytest
        from pytest_supaseed import from_supaseed, seeded_database

        legacy = seeded_database(from_supaseed("supa-seed.config.json"), seed={seed})

        @pytest.mark.seed(from_supaseed("supa-seed.config.json"))
        @pytest.mark.seed_options(seed={seed})
        def test_it(seeded_db, legacy):
            each = seeded_db.spread("setups", "users").values()
            assert len(each) == 6
            assert set(each) <= {{1, 2, 3}}
            assert seeded_db.plan.asked == 6 + sum(each)
            assert legacy.counts() == seeded_db.counts()
            print("total", sum(each))
        """
    totals = set()
    for seed in (1, 2, 3):
        result = passing(project, source.format(seed=seed), "-rP")
        totals |= {line for line in result.outlines if line.startswith("total ")}
        result.stdout.fnmatch_lines(
            [
                '*SupaseedWarning: supa-seed.config.json: setupsPerUser = 3 *legacy mode*{"setups": {"count": N}}*'
            ]
        )
    assert len(totals) > 1
    result = project.runpytest_inprocess("-W", "error::pytest_supaseed.SupaseedWarning")
    result.assert_outcomes(errors=1)


def test_5000_are_refused_with_everything_else_that_is_wrong(project: pytest.Pytester) -> None:
    configure(project, {"userCount": 5, "tables": {"setups": {"count": 5000}}})
    configure(project, {"supabaseServiceKey": KEY, "userCont": 5, "userCount": "x"}, "bad.json")
    configure(project, "module.exports = {\n  userCount: 5,\n  seed: Date.now(),\n}\n", "code.js")
    configure(project, "", "empty.js")
    project.makepyfile(
        """
        import pytest
        from pytest_supaseed import from_supaseed, seeded_database

        broken = seeded_database(from_supaseed("bad.json"))

        @pytest.mark.seed(from_supaseed("supa-seed.config.json"))
        def test_over(): ...

        @pytest.mark.seed(from_supaseed("bad.json"))
        def test_bad(): ...

        @pytest.mark.seed(from_supaseed("code.js"))
        def test_code(): ...

        @pytest.mark.seed(from_supaseed("empty.js"))
        def test_empty(): ...

        @pytest.mark.seed(from_supaseed("nowhere.json"))
        def test_nowhere(): ...

        @pytest.mark.seed(from_supaseed("supa-seed.config.json"), users=3, gear=-1)
        def test_twice(): ...

        def test_factory(broken): ...
        """
    )
    result = project.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "ERROR: supaseed: 10 problems in what the tests ask for; nothing was run.",
            "*.py:6: *::test_over",
            "    seed(users=5, setups=5000) asks for 5005 rows in all, 4005 above the limit of 1000: *",
            "*.py:9: *::test_bad",
            "    @pytest.mark.seed: bad.json:3: userCont is no key of SupaSeed's (did you mean 'userCount'*",
            '    @pytest.mark.seed: bad.json:4: userCount is "x": write a whole number',
            "*::test_code",
            "    @pytest.mark.seed: code.js:3: a name is code, which is not run: *",
            "*::test_empty",
            "    @pytest.mark.seed: empty.js: is empty, and asks for nothing: *",
            "*::test_nowhere",
            "    @pytest.mark.seed: from_supaseed('nowhere.json'): there is no file *nowhere.json",
            "*::test_twice",
            "    @pytest.mark.seed: users is named twice, in the configuration and beside it: *",
            "    @pytest.mark.seed: gear=-1: a count cannot be negative: write 0 for no rows",
            "*:4: broken = seeded_database(...)",
            "    bad.json:3: *",
            "    bad.json:4: *",
        ]
    )  # fmt: skip
    assert "Traceback" not in result.stdout.str() + result.stderr.str()
    assert KEY not in result.stdout.str() + result.stderr.str()


def test_a_whole_suite(project: pytest.Pytester) -> None:
    configure(project, {"userCount": 4, "tables": {"setups": {"count": 6}}, "seed": 11, "imagesPerSetup": 2})
    project.makeini("[pytest]\nsupaseed_schema = schema.sql\nsupaseed_config = supa-seed.config.json")
    result = passing(
        project,
        """
        import pytest
        from pytest_supaseed import seeded_database

        own = seeded_database(users=1)

        def test_without_a_marker(seeded_db):
            assert seeded_db.counts() == {"users": 4, "setups": 6, "countries": 2}
            assert seeded_db.spec.seed == 11

        @pytest.mark.seed(setups=1, countries=3)
        def test_a_marker_merges_over_it(seeded_db):
            assert seeded_db.counts() == {"users": 4, "setups": 1, "countries": 3}

        @pytest.mark.seed_options(seed=5)
        def test_options_are_nearer(seeded_db):
            assert seeded_db.spec.seed == 5

        def test_a_factory_says_everything_itself(own):
            assert own.counts() == {"users": 1, "setups": 0, "countries": 2}

        def test_with_nothing_of_ours(): ...
        """,
        "-W",
        "error",
        passed=5,
    )
    result.stdout.fnmatch_lines(
        ["supaseed: supa-seed.config.json: ignored, for they mean nothing here: imagesPerSetup"]
    )


def test_what_is_wrong_with_the_configuration_of_a_suite_is_told_once(project: pytest.Pytester) -> None:
    configure(project, {"userCount": -4})
    project.makeini("[pytest]\nsupaseed_schema = schema.sql\nsupaseed_config = supa-seed.config.json")
    project.makepyfile("def test_1(seeded_db): ...\ndef test_2(seeded_db): ...")
    result = project.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "ERROR: supaseed: 1 problem in what the tests ask for; nothing was run.",
            "tox.ini: supaseed_config = supa-seed.config.json",
            "    supa-seed.config.json:2: userCount is -4: a count cannot be negative: write 0 for no rows",
        ],
        consecutive=True,
    )


@pytest.mark.parametrize(
    ("value", "accounts", "emails"),
    [
        ({"userCount": 3}, 3, []),
        ({"userStrategy": "use-existing"}, 2, []),
        (
            {
                "userStrategy": "hybrid",
                "additionalUsers": {"count": 3, "personas": ["expert", "van_life"]},
                "emailDomain": "camp.test",
            },
            5,
            ["expert@camp.test", "van_life@camp.test", "expert2@camp.test"],
        ),
        (
            {"userCount": 8, "createStandardTestEmails": True, "customTestEmails": ["me@camp.test"]},
            8,
            ["test@makerkit.dev", "owner@makerkit.dev", "me@camp.test"],
        ),
        (
            {"userCount": 4, "customTestEmails": ["me@camp.test"], "emailDomain": "camp.test"},
            4,
            ["me@camp.test"],
        ),
    ],
)
def test_users_beside_those_of_the_load(
    makerkit: pytest.Pytester, value: dict[str, Any], accounts: int, emails: list[str]
) -> None:
    makerkit.path.joinpath("schema.sql").write_text(MAKERKIT + LOAD, encoding="utf-8")
    configure(makerkit, {**value, "tables": {"setups": {"count": 7}}})
    passing(
        makerkit,
        f"""
        import pytest
        from pytest_supaseed import from_supaseed

        @pytest.mark.seed(from_supaseed("supa-seed.config.json"))
        def test_it(seeded_db):
            counts = seeded_db.counts()
            assert (counts["accounts"], counts["auth.users"], counts["setups"]) == ({accounts}, {accounts}, 7)
            users = {{row["id"]: row["email"] for row in seeded_db.rows("auth.users")}}
            assert users == {{row["id"]: row["email"] for row in seeded_db.rows("accounts")}}
            assert {{"first@load.test", "second@load.test", *{emails}}} <= set(users.values())
        """,
        "-W",
        "error",
    )


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (
            {"setups": {"count": 3, "categories": ["overlanding", "van-live"]}},
            "setups.category='van-live': the column takes only 'overlanding', 'van-life', 'car-camping', "
            "'backpacking', 'ultralight' (did you mean 'van-life'?)",
        ),
        (
            {"gear": {"count": 3, "enumCategories": ["boats"]}},
            "gear_items.category='boats': the column takes only *",
        ),
        ({"notes": {"count": 3, "categories": ["abcdef"]}}, "*notes.category*abcdef*notes_category_check*"),
        (
            {"accounts": {"count": 3, "categories": ["a"]}},
            "accounts has no column 'categories'; it has id, email, *",
        ),
    ],
)
def test_a_category_that_the_column_does_not_take_is_refused_before_the_first_row(
    makerkit: pytest.Pytester, tables: dict[str, Any], message: str
) -> None:
    configure(makerkit, {"users": 1, "tables": tables})
    makerkit.makepyfile(
        """
        import pytest
        from pytest_supaseed import from_supaseed

        @pytest.mark.seed(from_supaseed("supa-seed.config.json"))
        def test_it(seeded_db): ...
        """
    )
    result = makerkit.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([message])


def test_the_plan_shows_what_was_configured_and_what_is_used(makerkit: pytest.Pytester) -> None:
    configure(makerkit, {**ENUM_CONFIGURATION, "testUserPassword": "hidden-word"})
    makerkit.makepyfile(
        test_shown="""
        import pytest
        from pytest_supaseed import from_supaseed

        @pytest.mark.seed(from_supaseed("supa-seed.config.json"))
        def test_it(seeded_db): ...
        """
    )
    result = makerkit.runpytest_inprocess("--supaseed-plan")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "test_shown.py::test_it",
            "    seed(users=2, setups=Rows(5, columns={'categories': [[]'overlanding', *",
            "      setups.category: only 'overlanding', 'backpacking', 'car-camping'",
            "    configured in supa-seed.config.json:",
            "      userCount = 2",
            '      seed = "test-enum-seed"',
            "      tables.setups.count = 5",
            '      tables.setups.categories = [[]"overlanding", "backpacking", "car-camping"[]]',
            "      testUserPassword = ...",
            "      ignored: supabaseUrl, supabaseServiceKey, *",
            "    total 24 of at most 1000",
        ]
    )
    for secret in (KEY, "hidden-word"):
        assert secret not in result.stdout.str() + result.stderr.str()


def test_a_failing_test_shows_neither_key_nor_password(makerkit: pytest.Pytester) -> None:
    configure(makerkit, {**ENUM_CONFIGURATION, "testUserPassword": "hidden-word"})
    makerkit.makepyfile(
        """
        import pytest
        from pytest_supaseed import from_supaseed

        @pytest.mark.seed(from_supaseed("supa-seed.config.json"))
        def test_it(request, seeded_db):
            mark, spec, plan = request.node.get_closest_marker("seed"), seeded_db.spec, seeded_db.plan
            assert 0
        """
    )
    result = makerkit.runpytest_inprocess("--showlocals", "-vv")
    result.assert_outcomes(failed=1)
    for secret in (KEY, "hidden-word"):
        assert secret not in result.stdout.str()


def test_the_same_file_gives_the_same_rows(makerkit: pytest.Pytester) -> None:
    configure(makerkit, {"userCount": 4, "emailDomain": "camp.test", "setupsPerUser": 3, "seed": "rows"})
    source = """
        import pytest
        from pytest_supaseed import from_supaseed

        @pytest.mark.seed(from_supaseed("supa-seed.config.json"))
        def test_it(seeded_db):
            print("rows", [seeded_db.rows(table) for table in ("auth.users", "setups")])
        """
    printed = []
    for args in (["--cache-clear"], [], ["-p", "no:cacheprovider"]):
        result = passing(makerkit, source, "-rP", *args)
        printed += [line for line in result.outlines if line.startswith("rows ")]
    assert len(printed) == 3
    assert len(set(printed)) == 1
