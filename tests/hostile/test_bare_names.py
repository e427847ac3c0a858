"""Tables that are named without their schema: found where one alone can be meant."""

from __future__ import annotations

import pytest

from builders import column, reference, schema, table
from pytest_supaseed.model.references import foreign_key_to
from pytest_supaseed.model.schema import Schema
from pytest_supaseed.planning.overrides import generator_problems

TAG, CASE, LOG = table("dispatch.tag"), table("dispatch.Tag"), table("other.log")
USERS, AUTH = table("users"), table("auth.users")
SCHEMA = schema(
    TAG,
    CASE,
    LOG,
    table("dispatch.log"),
    USERS,
    AUTH,
    table("dispatch.report"),
    table("dispatch.events"),
    table("dispatch.plan"),
    others={
        "report": "view",
        "events": "partition",
        "dispatch.plan_view": "view",
        "dispatch.tag_2024": "partition",
    },
)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("tag", "dispatch.tag"),
        ("Tag", "dispatch.Tag"),  # the catalog's spelling, letter for letter
        ("TAG", None),
        ("dispatch.tag", "dispatch.tag"),
        ("users", "public.users"),  # the search path wins
        ("auth.users", "auth.users"),
        ("log", None),  # two have that name
        ("report", None),  # the search path finds a view
        ("events", None),
        ("tag_2024", None),  # a partition is no table to fill
        ("plan", "dispatch.plan"),
    ],
)
def test_a_bare_name_means_the_only_table_of_that_name(name: str, found: str | None) -> None:
    table = SCHEMA.find(name)
    assert (None if table is None else str(table.name)) == found


def test_every_key_of_a_table_finds_it() -> None:
    for each in SCHEMA.tables:
        assert all(SCHEMA.find(key) is each for key in SCHEMA.keys(each))
    assert SCHEMA.keys(TAG) == ("dispatch.tag", "tag")
    assert SCHEMA.keys(LOG) == ("other.log",)
    assert SCHEMA.keys(USERS) == ("public.users", "users")


def test_a_view_elsewhere_hides_no_table() -> None:
    found = schema(TAG, table("reports.sums"), others={"reports.tag": "view"})
    assert found.find("tag") is TAG


def test_a_reference_by_a_bare_name_is_to_the_table_in_the_search_path() -> None:
    notes = table("notes", reference("user_id", "users"), reference("account_id", "auth.users"))
    both = schema(notes, USERS, AUTH)
    found, _ = foreign_key_to(notes, "users", both)
    assert found is not None
    assert found.columns == ("user_id",)
    found, problem = foreign_key_to(notes, "users", schema(notes, AUTH, table("app.users")))
    assert found is None
    assert problem == "2 columns reference users: name the column, 'account_id' or 'user_id'"


def test_generators_that_could_mean_two_tables_are_refused() -> None:
    found: Schema = schema(
        table("a.log", column("text", "text")), table("b.log", column("text", "text")), table("c.tag")
    )
    problems = generator_problems({"log.text": "x", "b.log.text": "x", "tag.id": 1}, found)
    assert [str(problem) for problem in problems] == [
        "supaseed_generators has 'log.text', and 2 tables that are not in the search path are called log: write "
        "'a.log.text' or 'b.log.text'"
    ]


def test_a_name_needs_no_schema_wherever_it_is_written(project: pytest.Pytester) -> None:
    project.path.joinpath("schema.sql").write_text(
        "CREATE SCHEMA dispatch; CREATE SCHEMA other;"
        "CREATE TABLE dispatch.tag (id serial PRIMARY KEY, name text NOT NULL);"
        "CREATE TABLE dispatch.mark (id serial PRIMARY KEY, tag_id int NOT NULL REFERENCES dispatch.tag);"
        "CREATE TABLE dispatch.log (id int); CREATE TABLE other.log (id int);"
        "CREATE TABLE dispatch.users (id int); CREATE TABLE users (id serial PRIMARY KEY);",
        encoding="utf-8",
    )
    project.makeconftest("""
        import pytest

        @pytest.fixture(scope="session")
        def supaseed_generators():
            return {"tag.name": lambda faker: "blue"}
    """)
    project.makepyfile("""
        import pytest
        from pytest_supaseed import Rows, SeedError, seeded_database

        camp = seeded_database(tag=2, scope="module")

        @pytest.mark.seed(tag=3, mark=Rows(per={"tag": 2}), users=1)
        def test_names(seeded_db, camp):
            assert [row["name"] for row in seeded_db.rows("tag")] == ["blue"] * 3
            counts = seeded_db.counts()
            assert counts["tag"] == counts["dispatch.tag"] == 3 and counts["mark"] == 6
            assert counts["users"] == counts["public.users"] == 1 and counts["dispatch.users"] == 0
            assert "log" not in counts
            with pytest.raises(KeyError):
                counts["log"]
            assert set(seeded_db.spread("mark", "tag").values()) == {2}
            assert seeded_db.rows("dispatch.tag") == seeded_db.rows("tag")
            with pytest.raises(SeedError, match="2 tables are called 'log', in no schema of the search path: "):
                seeded_db.rows("log")
            assert camp.counts()["tag"] == 2

        @pytest.mark.seed(log=3)
        def test_two(): ...

        @pytest.mark.seed({"tag": 3, "dispatch.tag": 4})
        def test_twice(): ...
    """)
    result = project.runpytest_inprocess()
    result.assert_outcomes(passed=1, errors=2)
    result.stdout.fnmatch_lines(
        [
            "*log is not in the search path, and 2 tables have that name, dispatch.log and other.log: write it with "
            'its schema, seed({"dispatch.log": ...}) or seed({"other.log": ...})*',
            "*dispatch.tag and tag are one table, dispatch.tag: keep one of them*",
        ]
    )
