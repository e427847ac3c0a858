"""Random generators of columns: the numbers of the standard library, and Faker only where it is asked."""

from __future__ import annotations

from random import Random

import pytest
from faker import Faker
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import FAKER
from pytest_supaseed.rng import drawing, random_for


@given(st.integers(-(10**30), 10**30), st.integers(0, 10**30), st.integers(1, 5000))
@settings(deadline=None)
def test_a_column_draws_what_the_standard_library_draws(first: int, more: int, length: int) -> None:
    ours, theirs = random_for(0, "users", "email"), Random("0\x00users\x00email")
    for _ in range(5):
        assert ours.randint(first, first + more) == theirs.randint(first, first + more)
        assert ours.choice(range(length)) == theirs.choice(range(length))
        assert ours.random() == theirs.random()
    assert ours.sample(range(length), min(length, 20)) == theirs.sample(range(length), min(length, 20))


def test_there_is_nothing_to_draw_from_an_empty_range() -> None:
    with pytest.raises(ValueError, match="empty range"):
        random_for(0).randint(2, 1)
    with pytest.raises(IndexError):
        random_for(0).choice([])


def test_faker_is_loaded_where_one_of_its_methods_is_called() -> None:
    loaded: list[Faker] = []

    def load() -> Faker:
        loaded.append(FAKER)
        return FAKER

    generator = drawing(load, random_for(0, "users", "name"))
    number = generator.random.random()
    assert not loaded
    assert isinstance(generator.name(), str)
    assert loaded
    assert number == random_for(0, "users", "name").random()


def test_two_columns_take_turns_at_one_faker() -> None:
    first, second = (drawing(lambda: FAKER, random_for(0, "users", name)) for name in ("a", "b"))
    together = [(first.name(), second.name()) for _ in range(3)]
    alone = drawing(lambda: FAKER, random_for(0, "users", "b"))
    assert [name for _, name in together] == [alone.name() for _ in range(3)]
