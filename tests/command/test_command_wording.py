"""What messages advise as markers, in the words of the command line."""

from __future__ import annotations

import pytest

from pytest_supaseed.command.arguments import tables_of
from pytest_supaseed.command.wording import in_command_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("write @pytest.mark.seed(film=5, language=1)", "write film=5 language=1"),
        ("write @pytest.mark.seed(users=1, setups=8), or less", "write users=1 setups=8, or less"),
        ('write @pytest.mark.seed({"auth.users": 5}, setups=8).', "write auth.users=5 setups=8."),
        ('write @pytest.mark.seed({"My Table": 5})', "write 'My Table=5'"),
        ('write @pytest.mark.seed({"a\\"b": 2, "c)d": 3})', "write 'a\"b=2' 'c)d=3'"),
        ("write @pytest.mark.seed(users=Rows(add=5))", "write users=+5"),
        ("write @pytest.mark.seed(users=5, setups=Rows(per={'users': 2}))", "write users=5 setups=2/users"),
        ("seed(users=900) asks for 900 rows", "users=900 asks for 900 rows"),
        (
            "write @pytest.mark.seed(users=5, setups=Rows(8, columns={'is_public': True}))",
            "write users=5 and setups = {count = 8, columns = {is_public = true}} below [tables] in supaseed.toml",
        ),
        (
            "write setups=Rows(8, spread='random', columns={'a b': ['x', 2.5, ...]})",
            'write setups = {count = 8, spread = "random", columns = {"a b" = ["x", 2.5, ...]}} '
            "below [tables] in supaseed.toml",
        ),
        ('as in {"My Table": Rows(add=2)} there', "as in 'My Table=+2' there"),
        (
            'as in {"My Table": Rows(2, columns={"x": [1]})} there',
            'as in "My Table" = {count = 2, columns = {x = [1]}} below [tables] in supaseed.toml there',
        ),
        (
            "write @pytest.mark.seed(users={'count': 5, 'name': 'x'})",
            'write users = {count = 5, name = "x"} below [tables] in supaseed.toml',
        ),
        ("raise it, as in @pytest.mark.seed_options(max_records=2000)", "raise it, as in --max-records 2000"),
        ("it is an option, write @pytest.mark.seed_options(locale=...)", "it is an option, write --locale ..."),
        (
            "add @pytest.mark.seed_options(max_records=9), or max_records=9 to a seeded_database(...), "
            "set supaseed_max_records = 9, run with --supaseed-max-records 9, or ask for fewer",
            "add --max-records 9, run with --max-records 9, or ask for fewer",
        ),
        ("choose another: --supaseed-postgres=system", "choose another: --postgres=system"),
        (
            "set supaseed_schema to where your schema comes from: a .sql file",
            "name where the schema comes from as the first argument: a .sql file",
        ),
        # What is none of ours, or not whole, stays as it is.
        ("a function seed() and reseed(5) of the schema", "a function seed() and reseed(5) of the schema"),
        ("the text 'seed(users=' is not closed", "the text 'seed(users=' is not closed"),
        ("CHECK (seed(a) > 5)", "CHECK (seed(a) > 5)"),
        ("@pytest.mark.seed_options(settings={'a.b': 7})", "@pytest.mark.seed_options(settings={'a.b': 7})"),
        ("", ""),
    ],
)  # fmt: skip
def test_advice_is_what_the_command_takes(text: str, words: str) -> None:
    assert in_command_words(text) == words


@pytest.mark.parametrize(
    ("marker", "tables"),
    [
        ("film=5, language=1", {"film": 5, "language": 1}),
        ('{"auth.users": 5}, x=Rows(add=2)', {"auth.users": 5, "x": {"add": 2}}),
        ("a=Rows(per={'b': 3}), b=0", {"a": {"per": {"b": 3}}, "b": 0}),
    ],
)
def test_the_words_say_what_the_marker_says(marker: str, tables: dict[str, object]) -> None:
    words = in_command_words(f"@pytest.mark.seed({marker})").split()
    assert tables_of(words) == (tables, [])
