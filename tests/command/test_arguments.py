"""What the command line and its configuration ask for, and what is said of what cannot be used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_supaseed.command.arguments import Asked, asked_for, tables_of
from pytest_supaseed.errors import ConfigError
from pytest_supaseed.notation import COMMAND, written_for
from pytest_supaseed.spec import TableSpec


def asked(tmp_path: Path, *words: str, toml: str = "", **options: Any) -> Asked:
    if toml:
        (tmp_path / "supaseed.toml").write_text(toml, encoding="utf-8")
    configuration = options.pop("configuration", None)
    environment = options.pop("environment", {})
    return asked_for(words, options, environment, configuration=configuration, root=tmp_path)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("users=5", {"users": 5}),
        ("users=0", {"users": 0}),
        ("users=5,", {"users": 5}),
        ("auth.users=+5", {"auth.users": {"add": 5}}),
        ("setups=2/users", {"setups": {"per": {"users": 2}}}),
        ("setups=2/auth.users", {"setups": {"per": {"auth.users": 2}}}),
        ("Order Details=3", {"Order Details": 3}),
    ],
)
def test_a_word_says_how_many_rows_a_table_holds(word: str, meant: dict[str, Any]) -> None:
    assert tables_of([word]) == (meant, [])


@pytest.mark.parametrize(
    "word", ["users", "users=", "users=many", "users=5.0", "=5", "users=+2/setups", "users=2/", "users 5"]
)  # fmt: skip
def test_other_words_are_refused_with_what_to_write(word: str) -> None:
    found, [problem] = tables_of([word])
    assert found == {}
    assert str(problem).startswith(
        f"{word!r} does not say how many rows a table holds: write users=50 for fifty"
    )


def test_a_spec_is_spelt_as_on_the_command_line(tmp_path: Path) -> None:
    words = ["users=5", "logs=+3", "setups=2/users"]
    with written_for(COMMAND):
        assert str(asked(tmp_path, *words).spec) == " ".join(words)


def test_the_command_line_wins_over_the_configuration(tmp_path: Path) -> None:
    toml = """
schema = "schema.sql"
seed = 7
locale = "de_DE"
max_records = 5000
[tables]
users = 50
setups = {count = 8, spread = "random", columns = {is_public = true}}
"""
    found = asked(tmp_path, "users=5", toml=toml, seed="9")
    users, setups = sorted(found.spec.tables, key=lambda table: table.count or 0)
    assert users == TableSpec("users", 5)
    assert (setups.count, setups.spread, setups.columns) == (8, "random", (("is_public", True),))
    assert (found.schema, found.spec.seed, found.spec.locale, found.limit) == ("schema.sql", 9, "de_DE", 5000)


@pytest.mark.parametrize(
    ("toml", "given", "varied"),
    [
        ("", None, False),
        ("", True, True),
        ("vary_defaults = true", None, True),
        ("vary_defaults = false", None, False),
        ("vary_defaults = true", False, False),
        ("vary_defaults = false", True, True),
    ],
)
def test_defaults_are_varied_where_the_command_or_the_configuration_says(
    tmp_path: Path, toml: str, given: bool | None, varied: bool
) -> None:
    (tmp_path / "supaseed.toml").write_text(toml, encoding="utf-8")
    found = asked_for(["users=5"], {}, {}, root=tmp_path, vary_defaults=given)
    assert found.spec.vary_defaults is varied


def test_a_configuration_of_supaseed_works_as_well(tmp_path: Path) -> None:
    (tmp_path / "supa-seed.config.json").write_text('{"userCount": 3, "setupsPerUser": 2}', encoding="utf-8")
    found = asked(tmp_path, "gear=4", configuration="supa-seed.config.json")
    assert {"gear"} < {table.name for table in found.spec.tables}
    assert any("supa-seed.config.json" in note for note in found.spec.notes)


@pytest.mark.parametrize(
    ("words", "toml", "options", "said"),
    [
        (["users=5", "users=6"], "", {}, "'users' is named twice: keep one of them"),
        (["users=-5"], "", {}, "'users=-5': a count cannot be negative: write users=0 for no rows"),
        (
            ["users=1001"],
            "",
            {},
            "users=1001 asks for 1001 rows in all, 1 above the limit of 1000: write --max-records",
        ),
        ([], "", {"seed": "x"}, "--seed is 'x': write a whole number"),
        ([], "seed = 'x'", {}, "seed is 'x': write a whole number"),
        (
            [],
            "sead = 1",
            {},
            "supaseed.toml has 'sead': write one of schema, postgres, seed, .*did you mean 'seed'",
        ),
        ([], "vary_defaults = 'yes'", {}, "supaseed.toml has vary_defaults = 'yes': write true or false"),
        ([], "seed = true", {}, "supaseed.toml has seed = 'True': write one value"),
        ([], "seed = [1]", {}, r"supaseed.toml has seed = '\[1\]': write one value"),
        (
            [],
            "tables = 5",
            {},
            r"supaseed.toml has tables = '5': write a table, as \[tables\] with users = 50",
        ),
        ([], "[tables]\nusers = true", {}, "users=True: a count is a whole number, not a bool: write 1"),
        ([], "[tables]\nusers = {spred = 'even', count = -1}", {}, "users=-1: a count cannot be negative"),
        ([], "x =", {}, "the configuration supaseed.toml cannot be read: Invalid value"),
        (
            [],
            "",
            {"configuration": "nowhere.toml"},
            "configuration nowhere.toml cannot be read: No such file",
        ),
        ([], "", {"configuration": "nowhere.json"}, "there is no file .*nowhere.json"),
        (
            [],
            "",
            {"environment": {"SUPASEED_POSTGRES": "x"}},
            "environment variable SUPASEED_POSTGRES is 'x'",
        ),
    ],
)
def test_what_cannot_be_used_is_said(
    tmp_path: Path, words: list[str], toml: str, options: dict[str, Any], said: str
) -> None:
    with written_for(COMMAND), pytest.raises(ConfigError, match=said):
        asked(tmp_path, *words, toml=toml, **options)


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        asked(tmp_path, "users=x", seed="y", toml="")
    assert "'users=x' does not say" in str(error.value)
    assert "--seed is 'y'" in str(error.value)
