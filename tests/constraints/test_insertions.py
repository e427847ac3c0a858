"""INSERT statements of trigger functions, by their text."""

from __future__ import annotations

import pytest

from pytest_supaseed.constraints.insertions import FunctionText, Insertion, called_text, insertions_in


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "INSERT INTO media (id, kind) VALUES (new.id, 'film');",
            Insertion("media", ("id", "kind"), ("id", None)),
        ),
        (
            'insert into app."Media" values (NEW."Key"::bigint, now())',
            Insertion('app."Media"', (), ("Key", None)),
        ),
        ('INSERT INTO m ("A b", c) SELECT f(1, 2), new.x FROM y;', Insertion("m", ("A b", "c"), (None, "x"))),
        ("INSERT INTO m SELECT new.x;", Insertion("m", (), ("x",))),
        ("INSERT INTO m DEFAULT VALUES RETURNING id INTO new.id;", Insertion("m", (), ())),
        ("INSERT INTO m (a) VALUES (concat('(', new.x, ','));", Insertion("m", ("a",), (None,))),
        ("INSERT INTO m (a) OVERRIDING SYSTEM VALUE VALUES (new.x);", Insertion("m", ("a",), ("x",))),
        (
            "INSERT INTO m (a) VALUES (new.x) ON CONFLICT (a) DO NOTHING;",
            Insertion("m", ("a",), ("x",), conditional=True),
        ),
        (
            "INSERT INTO m (a) SELECT new.x WHERE NOT EXISTS (SELECT FROM m WHERE a = new.x);",
            Insertion("m", ("a",), ("x",), conditional=True),
        ),
        (
            "IF NOT EXISTS (SELECT FROM m) THEN INSERT INTO m (a) VALUES (new.x); END IF;",
            Insertion("m", ("a",), ("x",), conditional=True),
        ),
        (
            "IF new.x IS NULL THEN INSERT INTO m (a) VALUES (new.x); END IF;",
            Insertion("m", ("a",), ("x",), conditional=True),
        ),
        (
            "IF NOT FOUND THEN x := 1; END IF; INSERT INTO m (a) VALUES (new.x);",
            Insertion("m", ("a",), ("x",)),
        ),
    ],
)
def test_a_statement(source: str, expected: Insertion) -> None:
    assert insertions_in(source) == (expected,)


def test_comments_are_no_statements() -> None:
    assert insertions_in("-- INSERT INTO a VALUES (1)\n/* INSERT INTO b VALUES (1) */ RETURN new;") == ()


def test_values_are_for_the_listed_columns_or_for_the_first_ones() -> None:
    assert Insertion("m", ("b",), ("x",)).column_of(0, ("a", "b")) == "b"
    assert Insertion("m", (), ("x", "y")).column_of(1, ("a", "b")) == "b"
    assert Insertion("m", (), ("x", "y")).column_of(1, ("a",)) is None


ADD = FunctionText(
    ("id", "note"), "-- adds\nINSERT INTO things (id, note) VALUES (id, add.note) RETURNING id"
)
CLEAR = FunctionText(("id",), "DELETE FROM things WHERE things.id = id")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("PERFORM add(new.id, 'x, y');", "VALUES (new.id, 'x, y') RETURNING new.id"),
        ('SELECT public."add"(new.a, f(1, 2)) INTO x;', "VALUES (new.a, f(1, 2)) RETURNING new.a"),
        ("PERFORM add(note => new.b, id => new.a);", "VALUES (new.a, new.b) RETURNING new.a"),
        ("PERFORM further(new.a);", "VALUES (new.a, 'z') RETURNING new.a"),
        ("PERFORM numbered(new.a);", "VALUES (new.a)"),
        ("PERFORM add(new.id);", None),
        ("PERFORM clear(new.id);", None),
        ("-- add(new.id, 1)", None),
        ("PERFORM itself(new.id);", None),
    ],
)
def test_what_called_functions_insert(call: str, expected: str | None) -> None:
    functions = {
        "add": [CLEAR, ADD],
        "clear": [CLEAR],
        "further": [FunctionText(("value",), "BEGIN PERFORM clear(value); PERFORM add(value, 'z'); END")],
        "numbered": [FunctionText(("",), "INSERT INTO things VALUES ($1)")],
        "itself": [FunctionText(("n",), "SELECT itself(n)")],
    }
    found = called_text(f"BEGIN {call} RETURN new; END", functions)
    if expected is None:
        assert found == ""
    else:
        assert found.endswith(expected)
        assert len(insertions_in(found)) == 1
