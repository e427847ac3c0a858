"""What a SupaSeed configuration asks for, key by key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from builders import column, name_of, reference, table
from builders import schema as schema_of
from pytest_supaseed.fingerprint import CacheScope
from pytest_supaseed.markers import Suite, asked_spec
from pytest_supaseed.model.schema import Contents, Schema, Snapshot
from pytest_supaseed.notation import PYTEST
from pytest_supaseed.planning.totals import resolved
from pytest_supaseed.settings import Settings
from pytest_supaseed.spec import Configuration, SeedSpec, TableSpec
from pytest_supaseed.supabase.from_supaseed import (
    IGNORED,
    READ,
    STANDARD,
    Emails,
    SupaseedFile,
    from_supaseed,
    local_part,
    read_file,
)

SETUPS = {"count": 8}


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read_configuration(value: dict[str, Any] | str, name: str = "supa-seed.config.json") -> Configuration:
        path = tmp_path / name
        path.write_text(value if isinstance(value, str) else json.dumps(value, indent=1), encoding="utf-8")
        return read_file(path, name)

    return read_configuration


def spelt(table: TableSpec) -> str:
    """What a table asks for, as a marker has it."""
    return PYTEST.arguments([("t", table.asked)]).removeprefix("t=")


def asked(configuration: Configuration) -> dict[str, str]:
    """Table names and what is asked of them, without choices that depend on the rows."""
    assert configuration.problems == ()
    return {table.name: spelt(table) for table in configuration.tables}


def spec_of(configuration: Configuration, seed: int = 0) -> SeedSpec:
    spec, problems = asked_spec([], [], Suite(Settings(seed=seed), base=configuration))
    assert problems == ()
    return spec


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"userCount": 5}, {"users": "5"}),
        ({"userCount": 0}, {"users": "0"}),
        ({"users": 5}, {"users": "5"}),
        ({"users": {"count": 5}}, {"users": "5"}),
        ({"tables": {"users": {"count": 5}}}, {"users": "5"}),
        ({"userCount": 5, "users": 5, "tables": {"users": {"count": 5}}}, {"users": "5"}),
        ({"setups": SETUPS}, {"setups": "8"}),
        ({"setups": 8}, {"setups": "8"}),
        ({"tables": {"setups": SETUPS}}, {"setups": "8"}),
        ({"tables": {"setups": SETUPS}, "setups": SETUPS}, {"setups": "8"}),
        ({"tables": {"setups": {"count": 0}}, "setupsPerUser": 3}, {"setups": "0"}),
        ({"tables": {"setups": SETUPS}, "setupsPerUser": 3, "userCount": 2}, {"users": "2", "setups": "8"}),
        (
            {"tables": {"posts": {"count": 3}, "public.notes": {"count": 2}}},
            {"posts": "3", "public.notes": "2"},
        ),
        (
            {"tables": {"setups": {"count": 4, "categories": ["a", "b"]}}},
            {"setups": "Rows(4, columns={'categories': ['a', 'b']})"},
        ),
        (
            {"tables": {"gear": {"count": 4, "enumCategories": ["a", "b"]}}},
            {"gear": "Rows(4, columns={'categories': ['a', 'b']})"},
        ),
        (
            {"tables": {"gear": {"count": 4, "enumCategories": ["a"], "categoryStrategy": "fk"}}},
            {"gear": "4"},
        ),
        (
            {
                "tables": {
                    "gear": {
                        "count": 4,
                        "enumCategories": ["a"],
                        "categories": ["a"],
                        "categoryStrategy": "enum",
                    }
                }
            },
            {"gear": "Rows(4, columns={'categories': ['a']})"},
        ),
        ({"setupsPerUser": 3, "userCount": 2}, {"users": "2", "setups": "Rows(per={'users': 1 to 3})"}),
        (
            {"setupsPerUser": 3, "tables": {"setups": {"categories": ["a"]}}},
            {"setups": "Rows(per={'users': 1 to 3}, columns={'categories': ['a']})"},
        ),
        # The strategies.
        ({"userStrategy": "create-new", "userCount": 4, "additionalUsers": {"count": 2}}, {"users": "4"}),
        ({"userStrategy": "use-existing", "userCount": 4, "setups": 2}, {"setups": "2"}),
        ({"userStrategy": "hybrid", "additionalUsers": {"count": 2}}, {"users": "Rows(add=2)"}),
        (
            {"userStrategy": "hybrid", "userCount": 4, "additionalUsers": {"count": 2}},
            {"users": "Rows(add=2)"},
        ),
        ({"userStrategy": "hybrid", "userCount": 4}, {"users": "Rows(add=4)"}),
        # The mapping of names.
        ({"userCount": 2, "schema": {"primaryUserTable": "accounts"}}, {"accounts": "2"}),
        ({"userCount": 2, "primaryUserTable": "accounts"}, {"accounts": "2"}),
        ({"userCount": 2, "schema": {"userTable": {"name": "people"}}}, {"people": "2"}),
        (
            {"userStrategy": "hybrid", "userCount": 2, "existingUsers": {"table": "people"}},
            {"people": "Rows(add=2)"},
        ),
        ({"setups": 2, "schema": {"setupTable": {"name": "rigs"}}}, {"rigs": "2"}),
        ({"tables": {"setups": {"count": 2}}, "schema": {"setupsTable": {"name": "rigs"}}}, {"rigs": "2"}),
        (
            {"tables": {"rigs": {"count": 2}}, "setups": 2, "schema": {"setupTable": {"name": "rigs"}}},
            {"rigs": "2"},
        ),
        (
            {
                "tables": {"gear": {"count": 1}, "base_templates": {"count": 2}, "categories": {"count": 3}},
                "schema": {
                    "baseTemplateTable": {"name": "templates", "descriptionField": None},
                    "optionalTables": {
                        "gearItems": {"enabled": True, "autoCreate": True, "tableName": "things"},
                        "categories": True,
                    },
                },
            },
            {"things": "1", "templates": "2", "categories": "3"},
        ),
        ({"userCount": 2, "setups": None, "schema": None, "tables": None}, {"users": "2"}),
    ],
)
def test_what_is_asked_of_the_tables(read: Any, value: dict[str, Any], expected: dict[str, str]) -> None:
    assert asked(read(value)) == expected


def test_options_and_password(read: Any) -> None:
    found = read({"userCount": 1, "maxTotalRecords": 5000, "seed": 7, "testUserPassword": "s3cret-word"})
    password = (("user_password", "s3cret-word"),)
    assert (found.options.max_records, found.options.seed, found.project_options) == (5000, 7, password)
    assert read({"userCount": 1, "seed": "7"}).options.seed == 7
    words = read({"userCount": 1, "seed": "test-enum-seed"}).options.seed
    # In every process and every version.
    assert words == 2745751930
    assert words != read({"userCount": 1, "seed": "another"}).options.seed
    spec = spec_of(found)
    assert (spec.limit, spec.seed, spec.project_options) == (5000, 7, password)
    assert "s3cret-word" not in f"{found!r} {spec!r} {spec} {found.notes}"
    assert spec.fingerprint.text != spec_of(read({"userCount": 1, "seed": 7})).fingerprint.text


def emails_of(configuration: Configuration) -> tuple[str, Emails]:
    [(name, emails)] = configuration.tables[0].columns
    assert isinstance(emails, Emails)
    return name, emails


@pytest.mark.parametrize(
    ("value", "first"),
    [
        ({"userCount": 6, "createStandardTestEmails": True}, STANDARD),
        ({"userCount": 2, "customTestEmails": ["a@b.c", "d@e.f"]}, ("a@b.c", "d@e.f")),
        (
            {"userCount": 6, "createStandardTestEmails": True, "customTestEmails": ["a@b.c"]},
            (*STANDARD, "a@b.c"),
        ),
        (
            {"userStrategy": "hybrid", "additionalUsers": {"count": 3, "personas": ["Van Life", "expert"]}},
            (
                "van_life@supaseed-personas.test",
                "expert@supaseed-personas.test",
                "van_life2@supaseed-personas.test",
            ),
        ),
        (
            {
                "userStrategy": "hybrid",
                "emailDomain": "@camp.test",
                "customTestEmails": ["a@b.c"],
                "additionalUsers": {"count": 2, "personas": ["expert"]},
            },
            ("a@b.c", "expert@camp.test"),
        ),
    ],
)
def test_who_has_which_address(read: Any, value: dict[str, Any], first: tuple[str, ...]) -> None:
    name, emails = emails_of(read(value))
    assert name == "email"
    assert emails.needed
    assert tuple(emails.choices(len(first), 0)) == first


def test_addresses_at_a_domain_differ_and_depend_on_the_seed(read: Any) -> None:
    name, emails = emails_of(
        read(
            {
                "userCount": 1,
                "emailDomain": "camp.test",
                "schema": {"userTable": {"name": "p", "emailField": "mail"}},
            }
        )
    )
    assert name == "mail"
    assert not emails.needed
    made = emails.choices(2000, 1)
    assert len({each.lower() for each in made}) == 2000
    assert all(each.endswith("@camp.test") for each in made)
    assert emails.choices(2000, 1) == made
    assert emails.choices(20, 2) != made[:20]
    assert emails.choices(0, 1) == []


def test_personas_that_are_alike_get_addresses_that_differ() -> None:
    emails = Emails(("a@x.y",), ("a", "A", "!", "b2", "b"), "x.y")
    assert len(set(emails.choices(40, 0))) == 40
    assert local_part("..!..") == "user"


def test_without_a_word_about_addresses_they_are_made_as_ever(read: Any) -> None:
    assert read({"userCount": 2}).tables[0].columns == ()


# Where a problem is: the message's beginning, without its file.
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"userCont": 5}, "2: userCont is no key of SupaSeed's (did you mean 'userCount'"),
        ({"x": 1, "userCount": 1}, "2: x is no key of SupaSeed's: write one of userCount, "),
        (
            {"userCount": 1, "tables": {"setups": {"cuont": 5}}},
            "5: tables.setups.cuont is no key of SupaSeed's (did you mean",
        ),
        (
            {"additionalUsers": {"person": []}},
            "3: additionalUsers.person is no key of SupaSeed's (did you mean 'personas'?)",
        ),
        ({"schema": {"usersTable": {}}}, "3: schema.usersTable is no key of SupaSeed's (did you mean"),
        (
            {"schema": {"userTable": {"emailfield": "e"}}},
            "4: schema.userTable.emailfield is no key of SupaSeed's (did you mean",
        ),
        ({"seeding": {"userCount": 3}}, "2: seeding is how SupaSeed 2.2 wrote it"),
        ({"userCount": -1}, "2: userCount is -1: a count cannot be negative: write 0 for no rows"),
        ({"userCount": 2.5}, "2: userCount is 2.5: write a whole number"),
        ({"userCount": True}, "2: userCount is true: write a whole number"),
        ({"userCount": "5"}, '2: userCount is "5": write a whole number'),
        ({"tables": []}, "2: tables is []: write an object, {...}"),
        (
            {"tables": {"setups": {"categories": ["a"]}}},
            '3: tables.setups does not say how many rows: write "setups": {"count": 8}',
        ),
        ({"tables": {"setups": {"count": 2, "categories": []}}}, "5: tables.setups.categories is empty"),
        (
            {"tables": {"setups": {"count": 2, "categories": "a"}}},
            '5: tables.setups.categories is "a": write a list of texts',
        ),
        (
            {"tables": {"setups": {"count": 2, "categories": [1]}}},
            "5: tables.setups.categories is [1]: write a list of texts",
        ),
        (
            {"tables": {"gear": {"count": 2, "categories": ["a"], "enumCategories": ["b"]}}},
            "8: tables.gear.enumCategories is ",
        ),
        (
            {"tables": {"gear": {"count": 2, "categoryStrategy": "enums"}}},
            '5: tables.gear.categoryStrategy is "enums": write one of auto, enum, fk (did you mean',
        ),
        ({"userCount": 2, "users": 3}, "3: users is 3, and userCount is 2: keep one of them"),
        (
            {"setups": 2, "tables": {"setups": {"count": 3}}},
            "2: setups is 2, and tables.setups.count is 3: keep one of them",
        ),
        (
            {"setupsPerUser": 0, "userCount": 1},
            '2: setupsPerUser is 0: write "tables": {"setups": {"count": 0}} for none',
        ),
        (
            {"userStrategy": "hybird", "userCount": 1},
            '2: userStrategy is "hybird": write one of create-new, use-existing, hybrid (did',
        ),
        ({"userStrategy": "hybrid"}, "2: userStrategy is hybrid, and additionalUsers.count does not say"),
        ({"userCount": 1, "seed": True}, "3: seed is true: write a whole number"),
        (
            {"userCount": 1, "customTestEmails": ["nobody"]},
            '3: customTestEmails has "nobody", which is no e-mail address',
        ),
        (
            {"userCount": 1, "createStandardTestEmails": "yes"},
            '3: createStandardTestEmails is "yes": write true or false',
        ),
        ({"userCount": 1, "emailDomain": 5}, "3: emailDomain is 5: write a text"),
        (
            {"userCount": 1, "testUserPassword": 123456},
            "3: testUserPassword is of another kind: write a text",
        ),
        (
            {"userCount": 1, "testUserPassword": "hidden" * 13},
            "3: testUserPassword is too long: bcrypt reads 72 bytes",
        ),
        ({"userCount": 1, "maxTotalRecords": -1}, "3: maxTotalRecords is -1: "),
        ('{"userCount": 1,\n"userCount": 2}', "2: userCount stands twice: keep one of them"),
        ('{"userCount": 1', "1: no JSON, "),
        ({"supabaseUrl": "http://localhost"}, " asks for no rows: write how many"),
        ("", " is empty, and asks for nothing"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(read: Any, value: dict[str, Any] | str, message: str) -> None:
    found = read(value)
    assert any(problem.startswith(f"supa-seed.config.json:{message}") for problem in found.problems), (
        found.problems
    )
    assert found.tables == ()


def test_everything_that_is_wrong_is_told_at_once(read: Any) -> None:
    found = read({"userCont": 1, "userCount": -1, "tables": {"setups": {"count": "x"}}, "seed": []})
    assert len(found.problems) == 5


IGNORED_KEYS = [(place, key) for place, keys in IGNORED.items() for key in keys]


@pytest.mark.parametrize(
    ("place", "key"), IGNORED_KEYS, ids=[f"{place}.{key}" for place, key in IGNORED_KEYS]
)
def test_each_ignored_key_is_named_and_nothing_else_is_said(read: Any, place: str, key: str) -> None:
    value: dict[str, Any] = {"userCount": 2}
    inner = value
    for part in place.replace("*", "setups").split(".") if place else ():
        inner = inner.setdefault(part, {})
    inner[key] = {"anything": ["at all", "xyzzy"]}
    if "setups" in place or "*" in place:
        inner["count"] = 2
        if place.startswith("schema"):
            del inner["count"]
    found = read(value)
    assert found.problems == ()
    assert found.ignored == (f"{place.replace('*', 'setups')}.{key}" if place else key,)
    assert "xyzzy" not in repr(found)
    assert asked(found)["users"] == "2"


def test_a_key_is_read_or_ignored_not_both() -> None:
    for place, keys in IGNORED.items():
        assert place in READ
        assert set(keys).isdisjoint(READ[place])
        assert len(set(keys)) == len(keys)


def test_keys_that_another_key_makes_idle_are_named_with_the_reason(read: Any) -> None:
    found = read(
        {
            "userCount": 2,
            "setupsPerUser": 3,
            "setups": 4,
            "additionalUsers": {"count": 2, "personas": ["a"]},
            "existingUsers": {"table": "accounts", "preserve": True},
            "tables": {"gear": {"count": 1, "categoryStrategy": "fk", "enumCategories": ["a"]}},
            "// note": "a comment",
        }
    )
    assert found.ignored == (
        "existingUsers.preserve",
        "additionalUsers (of the userStrategy hybrid, and this is create-new)",
        "existingUsers.table (this is create-new)",
        "tables.gear.enumCategories (its categories are rows of a table: give that table a count)",
        "tables.gear.categoryStrategy (its categories are rows of a table: give that table a count)",
        "setupsPerUser (the count of setups is a total)",
    )
    assert dict(found.configured) == {"userCount": "2", "setups": "4", "tables.gear.count": "1"}


def test_the_service_key_is_shown_nowhere(read: Any, tmp_path: Path) -> None:
    key = "eyJhbGciOiJIUzI1NiJ9.secret"
    for value in (
        {"supabaseServiceKey": key, "userCount": 2},
        {"supabaseServiceKey": key, "userCount": "x"},
        {"supabaseServicKey": key, "userCount": 2},
        json.dumps({"supabaseServiceKey": key, "userCount": 2})[:-1],
        f"supabaseServiceKey: {key}",
    ):
        for name in ("supa-seed.config.json", "supa-seed.config.js"):
            found = read(value, name)
            assert "eyJ" not in repr(found) + repr(found.notes)
    file = SupaseedFile("supa-seed.config.json", tmp_path)
    file.read(tmp_path)
    assert repr(file) == "from_supaseed('supa-seed.config.json')"


def test_the_twin_in_javascript_asks_for_the_same(read: Any) -> None:
    twin = """
    // The configuration of the seeder
    module.exports = {
      userCount: 2, /* in all */
      'tables': { setups: { count: 5, categories: ['a', "b",], }, },
    };
    """
    same = read({"userCount": 2, "tables": {"setups": {"count": 5, "categories": ["a", "b"]}}})
    assert read(twin, "supa-seed.config.js").tables == same.tables
    [problem] = read("module.exports = {\n  userCount: +process.env.USERS\n}", "supa-seed.config.js").problems
    assert problem.startswith("supa-seed.config.js:2: ")
    assert "code, which is not run" in problem
    assert "no .json and no .js" in read("{}", "supa-seed.config.ts").problems[0]


def test_a_path_is_looked_for_beside_the_test_and_then_in_the_rootdir(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (tmp_path / "a.json").write_text('{"userCount": 1}', encoding="utf-8")
    (tmp_path / "b.json").write_text('{"userCount": 1}', encoding="utf-8")
    (folder / "b.json").write_text('{"userCount": 2}', encoding="utf-8")
    assert SupaseedFile("a.json", folder).read(tmp_path).place == "a.json"
    assert SupaseedFile("b.json", folder).read(tmp_path).place == "tests/b.json"
    [problem] = SupaseedFile("c.json", folder).read(tmp_path).problems
    assert str(folder / "c.json") in problem
    assert str(tmp_path / "c.json") in problem
    assert SupaseedFile("", folder).read(tmp_path).problems
    assert SupaseedFile(5, folder).read(tmp_path).problems  # type: ignore[arg-type]
    assert from_supaseed("x.json").read(tmp_path).problems[0].count(str(Path(__file__).parent)) == 1


def test_bytes_that_are_no_text_are_refused_without_being_shown(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(b'{"supabaseServiceKey": "eyJ\xff"}')
    assert SupaseedFile("x.json", tmp_path).read(tmp_path).problems == (
        "x.json: cannot be read: it is no UTF-8",
    )


# What depends on the schema.
ID = column("id", "int4")
MAKERKIT = schema_of(
    table("auth.users", ID, column("email", "text"), visible=False),
    table("accounts", ID, column("email", "text"), reference("id", "auth.users")),
    table(
        "setups",
        ID,
        column("account_id", "int4"),
        column("category", "text"),
        reference("account_id", "accounts"),
    ),
    table("gear_items", ID, column("outdoor_category", "text")),
)
SIMPLE = schema_of(
    table("accounts", ID, column("user_id", "int4"), reference("user_id", "users")),
    table("users", ID),
    table("setups", ID, column("user_id", "int4"), reference("user_id", "users")),
    table("gear", ID, column("category", "text")),
)


def settled(
    configuration: Configuration, schema: Schema, load: dict[str, int] | None = None, seed: int = 0
) -> dict[str, str]:
    contents = Contents({name_of(name): number for name, number in (load or {}).items()})
    spec, problems = resolved(spec_of(configuration, seed), Snapshot(schema, contents))
    assert problems == []
    assert all(each.lookup is None for each in spec.tables)
    return {each.name: spelt(each) for each in spec.tables}


@pytest.mark.parametrize(
    ("value", "schema", "load", "expected"),
    [
        ({"userCount": 2, "setups": 3}, MAKERKIT, {}, {"accounts": "2", "auth.users": "2", "setups": "3"}),
        ({"userCount": 2, "setups": 3}, SIMPLE, {}, {"users": "2", "setups": "3"}),
        ({"userCount": 2}, schema_of(table("auth.users", ID, visible=False)), {}, {"auth.users": "2"}),
        ({"userCount": 2}, schema_of(table("people", ID)), {}, {"users": "2"}),
        (
            {"userStrategy": "hybrid", "additionalUsers": {"count": 2}, "setups": 3},
            MAKERKIT,
            {"accounts": 4, "auth.users": 3},
            {"accounts": "Rows(add=2)", "auth.users": "Rows(add=2)", "setups": "3"},
        ),
        (
            {"tables": {"gear": {"count": 4, "enumCategories": ["a"]}}},
            MAKERKIT,
            {},
            {"gear_items": "Rows(4, columns={'outdoor_category': ['a']})"},
        ),
        (
            {"tables": {"gear": {"count": 4, "enumCategories": ["a"]}}},
            SIMPLE,
            {},
            {"gear": "Rows(4, columns={'category': ['a']})"},
        ),
        (
            {
                "setups": {"count": 1, "categories": ["a"]},
                "schema": {"setupTable": {"categoryField": "category"}},
            },
            MAKERKIT,
            {},
            {"setups": "Rows(1, columns={'category': ['a']})"},
        ),
        (
            {"userCount": 3, "setups": 1, "customTestEmails": ["a@b.c"], "emailDomain": "x.test"},
            MAKERKIT,
            {"accounts": 2, "auth.users": 2},
            {
                "accounts": "Rows(3, columns={'email': ['a@b.c']})",
                "auth.users": "Rows(3, columns={'email': ['a@b.c']})",
                "setups": "1",
            },
        ),
        (
            {
                "userCount": 3,
                "customTestEmails": ["a@b.c"],
                "emailDomain": "x.test",
                "schema": {"userTable": {"name": "profiles", "emailField": "email"}},
            },
            schema_of(table("auth.users", ID, column("email")), table("profiles", ID)),
            {"auth.users": 2},
            {"profiles": "3", "auth.users": "Rows(3, columns={'email': ['a@b.c']})"},
        ),
        ({"userCount": 3, "setups": 1, "emailDomain": "x.test"}, SIMPLE, {}, {"users": "3", "setups": "1"}),
        (
            {"userCount": 2, "setups": 1, "customTestEmails": ["a@b.c"]},
            MAKERKIT,
            {"accounts": 2, "auth.users": 2},
            {"accounts": "2", "auth.users": "2", "setups": "1"},
        ),
    ],
)
def test_names_and_numbers_are_found_in_the_schema(
    read: Any, value: dict[str, Any], schema: Schema, load: dict[str, int], expected: dict[str, str]
) -> None:
    assert settled(read(value), schema, load) == expected


def test_what_a_marker_names_itself_wins(read: Any) -> None:
    base = read({"userCount": 2, "setups": 3})
    spec, problems = asked_spec([((), {"accounts": 7, "setups": 1})], [], Suite(Settings(), base=base))
    assert problems == ()
    found, problems = resolved(spec, Snapshot(MAKERKIT))
    assert problems == []
    assert {each.name: spelt(each) for each in found.tables} == {
        "setups": "1",
        "accounts": "7",
        "auth.users": "7",
    }


@pytest.mark.parametrize("users", [1, 5, 40])
@pytest.mark.parametrize("most", [1, 3])
def test_setups_per_user_are_drawn_when_planning_and_known_before(read: Any, users: int, most: int) -> None:
    totals = set()
    for seed in range(30):
        configuration = read({"userCount": users, "setupsPerUser": most})
        spec = spec_of(configuration, seed)
        found = settled(configuration, SIMPLE, seed=seed)
        total = int(found["setups"])
        assert users <= total <= users * most
        assert spec.known_total() == users + total
        assert settled(configuration, SIMPLE, seed=seed) == found
        totals.add(total)
    assert (len(totals) > 1) == (most > 1)


def test_setups_per_user_of_users_that_the_load_brought(read: Any) -> None:
    configuration = read({"userStrategy": "use-existing", "setupsPerUser": 3})
    assert 4 <= int(settled(configuration, SIMPLE, {"users": 4})["setups"]) <= 12
    hybrid = read({"userStrategy": "hybrid", "additionalUsers": {"count": 2}, "setupsPerUser": 1})
    assert settled(hybrid, SIMPLE, {"users": 4}) == {"users": "Rows(add=2)", "setups": "6"}
    by_column = read({"userCount": 3, "setupsPerUser": 1, "schema": {"setupTable": {"userField": "user_id"}}})
    assert settled(by_column, SIMPLE)["setups"] == "3"


@pytest.mark.parametrize(
    ("value", "schema", "message"),
    [
        (
            {"userStrategy": "use-existing", "setupsPerUser": 3},
            SIMPLE,
            "setups gets 1 to 3 rows for each of users, which is empty",
        ),
        (
            {"userCount": 1, "setupsPerUser": 3, "schema": {"setupTable": {"userField": "usr_id"}}},
            SIMPLE,
            "setups gets 1 to 3 rows for each row that usr_id references, but it has no such foreign key (did",
        ),
        (
            {"setupsPerUser": 3},
            schema_of(table("setups", ID)),
            "setups gets 1 to 3 rows for each of users, and there is no table accounts or",
        ),
    ],
)
def test_setups_per_user_that_nobody_can_count(
    read: Any, value: dict[str, Any], schema: Schema, message: str
) -> None:
    _, problems = resolved(spec_of(read(value)), Snapshot(schema))
    assert [str(problem)[: len(message)] for problem in problems] == [message]


def test_legacy_mode_is_warned_of_unless_a_nearer_marker_ends_it(read: Any) -> None:
    base = read({"userCount": 2, "setupsPerUser": 3})
    [warning] = spec_of(base).warnings
    assert '"tables": {"setups": {"count": N}}' in warning
    assert "seed(setups=Rows(per={'users': 3}))" in warning
    nearer, _ = asked_spec([((), {"setups": 1})], [], Suite(Settings(), base=base))
    assert nearer.warnings == ()


def test_test_emails_for_which_there_are_too_few_users_are_warned_of(read: Any) -> None:
    [warning] = spec_of(read({"userCount": 3, "createStandardTestEmails": True})).warnings
    assert (
        "5 test e-mails for 3 users, so nobody has custom@makerkit.dev, super-admin@makerkit.dev" in warning
    )
    assert "write userCount: 5 or more" in warning
    assert spec_of(read({"userCount": 5, "createStandardTestEmails": True})).warnings == ()


def test_the_nearest_options_win_over_those_of_a_file(read: Any) -> None:
    base = read({"userCount": 2, "seed": 7, "maxTotalRecords": 50})
    spec, _ = asked_spec([], [((), {"seed": 1})], Suite(Settings(), base=base))
    assert (spec.seed, spec.limit) == (1, 50)
    _, problems = asked_spec([((), {"setups": 49})], [], Suite(Settings(), base=base))
    assert "asks for 51 rows in all, 1 above the limit of 50" in problems[0]
    _, problems = asked_spec([], [], Suite(Settings(max_records=1, hard=True), base=base))
    assert "asks for 2 rows in all, 1 above the limit of 1" in problems[0]


def test_5000_are_refused_before_a_server_starts(read: Any) -> None:
    _, problems = asked_spec(
        [], [], Suite(Settings(), base=read({"userCount": 5, "tables": {"setups": {"count": 5000}}}))
    )
    assert "asks for 5005 rows in all, 4005 above the limit of 1000" in problems[0]
    legacy = read({"userCount": 900, "setupsPerUser": 2})
    _, problems = asked_spec([], [], Suite(Settings(), base=legacy))
    assert "above the limit of 1000" in problems[0]


def test_specs_that_find_other_things_in_a_schema_are_not_taken_for_one(read: Any) -> None:
    values: list[dict[str, Any]] = [
        {"userCount": 2, "setups": 3},
        {"userCount": 2, "setupsPerUser": 3},
        {"userCount": 2, "setupsPerUser": 2},
        {"userCount": 2, "setups": 3, "emailDomain": "a.test"},
        {"userCount": 2, "setups": 3, "emailDomain": "b.test"},
    ]
    fingerprints = [spec_of(read(value)).fingerprint for value in values]
    assert len({fingerprint.text for fingerprint in fingerprints}) == len(values)
    assert {fingerprint.scope for fingerprint in fingerprints} == {CacheScope.CONTENT}
    assert [spec_of(read(value)).fingerprint for value in values] == fingerprints
