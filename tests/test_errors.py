"""Near matches of misspelt names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_supaseed.errors import did_you_mean


@pytest.mark.parametrize(
    ("word", "known", "text"),
    [
        ("user", ["users", "gear"], " (did you mean 'users'?)"),
        ("USERS", ["users"], " (did you mean 'users'?)"),
        ("users", ["Users"], " (did you mean 'Users'?)"),
        ("setup", ["users", "setups", "set_up"], " (did you mean 'setups' or 'set_up'?)"),
        ("users", ["auth.users"], " (did you mean 'auth.users'?)"),
        ("gear", ["users", "setups"], ""),
        ("", ["users"], ""),
        ("users", [], ""),
        (5, ["5"], ""),
        (None, ["None"], ""),
        (["users"], ["users"], ""),
    ],
)
def test_near_names_are_shown(word: object, known: list[str], text: str) -> None:
    assert did_you_mean(word, known) == text


def test_no_more_than_three_names_are_shown() -> None:
    assert did_you_mean("user", [f"user{number}" for number in range(9)]).count("user") == 3


def test_known_names_may_come_from_a_generator() -> None:
    assert did_you_mean("user", (name for name in ["users"])) == " (did you mean 'users'?)"


@given(st.text(min_size=1), st.lists(st.text()))
@settings(deadline=None)
def test_a_name_that_differs_in_case_only_is_found(word: str, others: list[str]) -> None:
    assert "did you mean" in did_you_mean(word.upper(), [*others, word.upper().casefold()])
