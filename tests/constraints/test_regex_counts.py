"""How many texts a pattern matches, where that is known."""

from __future__ import annotations

import pytest

from pytest_supaseed.constraints.regex import count_matching, from_postgres


@pytest.mark.parametrize(
    ("pattern", "longest", "number"),
    [
        ("^[A-F]$", None, 6),
        ("^[A-D][1-5]$", None, 20),
        ("^(yes|no|maybe)$", None, 3),
        ("^(?:a|b){2}-[x-z]$", None, 12),
        (r"^\d{2}$", None, 100),
        (r"^\.[ab]$", None, 2),
        ("^[[:upper:]]{1,2}$", None, 26 + 26 * 26),
        ("^[]a]$", None, 2),
        (r"^[\d_]$", None, 11),
        ("^ab?$", None, 2),
        ("^a{0,3}$", None, 4),
        ("^[ab]+?$", 2, 6),
        ("^a*$", 3, 4),
        ("^[ab]{1,}$", 3, 14),
        ("^x$", None, 1),
        # Without an end, or more than any test needs.
        ("^[A-F]+$", None, None),
        ("^[ab]{1,}$", None, None),
        ("^[a-z]{20}$", None, None),
        ("^[a-z]+$", 40, None),
        # Not anchored, or with what is not counted.
        ("[A-F]", None, None),
        ("^a|b$", None, None),
        ("^a$|^b$", None, None),
        ("^.$", None, None),
        ("^[^a]$", None, None),
        (r"^\w$", None, None),
        ("^(?=a)[ab]$", None, None),
        ("^a)$", None, None),
    ],
)
def test_texts_are_counted(pattern: str, longest: int | None, number: int | None) -> None:
    assert count_matching(from_postgres(pattern) or pattern, longest) == number


def test_an_escaped_end_is_no_end() -> None:
    assert count_matching(r"^a\\Z") is None
