"""How what messages advise is written for pytest and for the command line."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_supaseed.command.arguments import tables_of
from pytest_supaseed.filesystem import PACKAGE
from pytest_supaseed.notation import COMMAND, PYTEST, Amount, Notation, Placeholder, notation, written_for
from pytest_supaseed.sources.source import resolve

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


def evaluated(arguments: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the arguments of a call, evaluated as Python."""
    found: tuple[tuple[Any, ...], dict[str, Any]] = eval(
        f"(lambda *args, **kwargs: (args, kwargs))({arguments})"
    )
    return found


@pytest.mark.parametrize(
    ("tables", "arguments", "words"),
    [
        ([], "", ""),
        ([("users", Amount(5)), ("setups", Amount(8))], "users=5, setups=8", "users=5 setups=8"),
        ([("auth.users", Amount(5))], '{"auth.users": 5}', "auth.users=5"),
        (
            [("users", Amount(5)), ("auth.users", Amount(6)), ("My Table", Amount(7))],
            '{"auth.users": 6, "My Table": 7}, users=5',
            "users=5 auth.users=6 'My Table=7'",
        ),
        ([("class", Amount(5))], '{"class": 5}', "class=5"),
        ([("naïve", Amount(5))], "naïve=5", "naïve=5"),
        ([('a"b', Amount(2)), ("c)d", Amount(3))], '{"a\\"b": 2, "c)d": 3}', "'a\"b=2' 'c)d=3'"),
        ([("back\\slash", Amount(5))], '{"back\\\\slash": 5}', "'back\\slash=5'"),
        # Python reads ﬁle= as file=.
        ([("ﬁle", Amount(5))], '{"ﬁle": 5}', "ﬁle=5"),
        ([("users", Amount(add=5))], "users=Rows(add=5)", "users=+5"),
        ([("setups", Amount(per=("users", 2)))], "setups=Rows(per={'users': 2})", "setups=2/users"),
        (
            [("users", Amount(5)), ("setups", Amount(8, columns=(("is_public", True),)))],
            "users=5, setups=Rows(8, columns={'is_public': True})",
            "users=5 and setups = {count = 8, columns = {is_public = true}} below [tables] in supaseed.toml",
        ),
        (
            [("setups", Amount(8, spread="random", columns=(("a b", ["x", 2.5, None]),)))],
            "setups=Rows(8, spread='random', columns={'a b': ['x', 2.5, None]})",
            'setups = {count = 8, spread = "random", columns = {"a b" = ["x", 2.5, "None"]}} '
            "below [tables] in supaseed.toml",
        ),
        (
            [("My Table", Amount(2, columns=(("x", Placeholder(listed=True)),)))],
            '{"My Table": Rows(2, columns={\'x\': [...]})}',
            '"My Table" = {count = 2, columns = {x = [...]}} below [tables] in supaseed.toml',
        ),
        (
            [("users", Amount(8, columns=(("some_column", Placeholder()),), mapping=True))],
            "users={'count': 8, 'some_column': ...}",
            "users = {count = 8, columns = {some_column = ...}} below [tables] in supaseed.toml",
        ),
        # SupaSeed's configuration asks for numbers that are drawn, and goes on to.
        (
            [("setups", Amount(per=("users", Placeholder("1 to 5")))), ("users", Amount(5))],
            "setups=Rows(per={'users': 1 to 5}), users=5",
            "users=5",
        ),
    ],
)  # fmt: skip
def test_tables_are_written_as_arguments_and_as_words(
    tables: list[tuple[str, Amount]], arguments: str, words: str
) -> None:
    assert PYTEST.arguments(tables) == arguments
    assert PYTEST.seed(tables) == f"@pytest.mark.seed({arguments})"
    assert COMMAND.arguments(tables) == COMMAND.seed(tables) == words


@pytest.mark.parametrize(
    ("reader", "limit", "hard", "options", "switch"),
    [
        (
            PYTEST,
            "add @pytest.mark.seed_options(max_records=9), or max_records=9 to a seeded_database(...), set "
            "supaseed_max_records = 9, run with --supaseed-max-records 9",
            "run with --supaseed-max-records 9",
            "@pytest.mark.seed_options(locale=..., settings={'a.b': '7'})",
            "--supaseed-postgres=system",
        ),
        (
            COMMAND,
            "write --max-records 9",
            "write --max-records 9",
            "--locale ... --settings {'a.b': '7'}",
            "--postgres=system",
        ),
    ],
)
def test_options_are_written_as_the_program_has_them(
    reader: Notation, limit: str, hard: str, options: str, switch: str
) -> None:
    assert (reader.limit(9, hard=False), reader.limit(9, hard=True)) == (limit, hard)
    assert reader.options({"locale": Placeholder(), "settings": {"a.b": "7"}}) == options
    assert reader.switch("postgres", "system") == switch


@given(st.lists(NAMES, unique=True))
@settings(deadline=None)
def test_the_arguments_of_any_names_can_be_pasted(names: list[str]) -> None:
    args, kwargs = evaluated(PYTEST.arguments((name, Amount(5)) for name in names))
    assert {**(args[0] if args else {}), **kwargs} == dict.fromkeys(names, 5)


@given(st.lists(NAMES, unique=True))
@settings(deadline=None)
def test_the_lines_of_any_names_are_toml(names: list[str]) -> None:
    tables = [(name, Amount(5, columns=((name, [True, 2.5, name]),))) for name in names]
    lines = [COMMAND.arguments([table]).removesuffix(" below [tables] in supaseed.toml") for table in tables]
    found = tomllib.loads("\n".join(["[tables]", *lines]))
    assert found == {"tables": {name: {"count": 5, "columns": {name: [True, 2.5, name]}} for name in names}}


@pytest.mark.parametrize(
    ("tables", "meant"),
    [
        ({"film": Amount(5), "language": Amount(1)}, {"film": 5, "language": 1}),
        ({"auth.users": Amount(5), "x": Amount(add=2)}, {"auth.users": 5, "x": {"add": 2}}),
        ({"a": Amount(per=("b", 3)), "b": Amount(0)}, {"a": {"per": {"b": 3}}, "b": 0}),
    ],
)
def test_the_words_say_what_the_marker_says(tables: Mapping[str, Amount], meant: dict[str, object]) -> None:
    assert tables_of(COMMAND.arguments(tables.items()).split()) == (meant, [])


def test_messages_are_for_the_program_that_runs(tmp_path: Any) -> None:
    def said() -> str:
        with pytest.raises(Exception, match="there is no file or folder") as raised:
            resolve("missing.sql", tmp_path)
        return str(raised.value)

    with written_for(COMMAND):
        assert notation() is COMMAND
        words = said()
    assert notation() is PYTEST
    assert words.startswith("SOURCE is 'missing.sql', and there is no file")
    assert "relative to the working folder" in words
    assert "pytest" not in words.replace(str(tmp_path), "")
    assert said().startswith("supaseed_schema is 'missing.sql'")
    assert "relative to pytest's rootdir" in said()


# What only a session of pytest reaches.
OF_PYTEST = {
    "markers.py": "where a marker is wrong",
    "reports/text.py": "how a failing test is run again",
    "settings.py": "the command gives its own prefixes, and keeps nothing",
    "sources/source.py": "a list that contains itself is no text",
    "supabase/acting.py": "acting_as",
}


def test_no_other_module_spells_what_pytest_alone_has() -> None:
    words = ("pytest.mark", "--supaseed-", "supaseed_schema", "supaseed_postgres", "rootdir")
    found = set()
    for path in PACKAGE.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if not any(word in source for word in words):
            continue
        tree = ast.parse(source)
        texts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        if any(
            isinstance(node, ast.Constant)
            and id(node) not in texts
            and any(word in str(node.value) for word in words)
            for node in ast.walk(tree)
        ):
            found.add(path.relative_to(PACKAGE).as_posix())
    assert {name for name in found if not name.startswith("plugin/")} == {
        *OF_PYTEST,
        "notation.py",
        "options.py",
    }
