"""INSERT statements of trigger functions, by their text."""

from __future__ import annotations

import pytest

from pytest_supaseed.constraints.insertions import Insertion, insertions_in


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
