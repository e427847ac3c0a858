"""Rows that the models of their schema load, and beside which they add others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import URL, select
from sqlalchemy.orm import Session

import mapped
from pytest_supaseed.sources.models import mappers_of

CreateDatabase = Callable[[], URL]


@pytest.fixture(scope="module")
def loaded(create_database: CreateDatabase) -> Iterator[Session]:
    with mapped.seeded(create_database(), mapped.Base, mapped.COUNTS) as session:
        yield session


# Before mappers are configured, one of them has none.
MODELS = [each.class_ for each in mappers_of(mapped.Base.metadata)] + [mapped.Vehicle]


@pytest.mark.parametrize("model", sorted(MODELS, key=lambda model: model.__name__))
def test_every_model_loads_every_row(loaded: Session, model: Any) -> None:
    rows = loaded.scalars(select(model)).all()
    assert rows
    assert all(isinstance(row, model) for row in rows)


def test_more_objects_are_added_beside_the_rows(loaded: Session) -> None:
    for new in mapped.NEW:
        with loaded.begin_nested() as savepoint:
            loaded.add(new())
            loaded.flush()
            savepoint.rollback()


def values(session: Session, attribute: Any) -> list[Any]:
    return list(session.scalars(select(attribute)))


def test_rows_of_joined_tables_are_of_their_class(loaded: Session) -> None:
    kinds = Counter(type(row).__name__ for row in loaded.scalars(select(mapped.Employee)))
    # Managers and assistants share what is left in the table of managers.
    assert (kinds["Director"], kinds["Engineer"], kinds["Manager"] + kinds["Assistant"]) == (2, 4, 3)


def test_values_are_those_of_the_application(loaded: Session) -> None:
    thing = mapped.Thing
    assert set(values(loaded, thing.colour)) == set(mapped.Colour)
    assert set(values(loaded, thing.shade)) == set(mapped.Colour)
    assert set(values(loaded, thing.kind)) == {"tent", "stove"}
    assert set(values(loaded, thing.level)) == set(mapped.Level)
    assert {value for value, _ in values(loaded, thing.choice)} == {"s", "l"}
    assert all(1 <= each.size <= 9 for each in values(loaded, thing.settings))
    assert all(isinstance(each, dict) for each in values(loaded, thing.extra))
    assert all(each.tzinfo is not None for each in values(loaded, thing.found_at))
    assert set(values(loaded, thing.active)) == {True, False}
    assert None not in values(loaded, thing.tags)
    assert all(isinstance(number, int) for each in values(loaded, thing.numbers) for number in each)
    assert all(set(each) == {"width", "height"} for each in values(loaded, thing.shape))
    assert all(isinstance(each, list) for each in values(loaded, thing.parts))
    assert all(isinstance(each, set) for each in values(loaded, thing.labels))
    assert all(len(each) <= 12 for each in values(loaded, thing.summary))
    assert len(set(values(loaded, thing.token))) == 12


def test_columns_of_a_class_are_null_in_rows_of_others_in_its_table(loaded: Session) -> None:
    own = {"ANIMAL": set(), "DOG": {"bark"}, "CAT": {"lives"}, "KITTEN": {"lives", "toy"}}
    table = mapped.Animal.__table__
    rows = loaded.execute(select(table)).mappings().all()
    assert {row["kind"].name for row in rows} == own.keys()
    for row in rows:
        given = {name for name in ("bark", "lives", "toy") if row[name] is not None}
        assert given == own[row["kind"].name]
        assert row["friend_id"] is None or "lives" in given


def test_validators_have_accepted_the_values(loaded: Session) -> None:
    owners = loaded.scalars(select(mapped.Owner)).all()
    for owner in owners:
        for name in ("email", "name", "slug", "died"):
            # Setting an attribute calls its validators.
            setattr(owner, name, getattr(owner, name))
        assert owner.plan in (3, 4, 5)
        assert owner.code == owner.code.upper()
        assert 4 <= len(owner.code) <= 6
    assert len({owner.secret for owner in owners}) == 6
    loaded.rollback()


def test_a_sequence_that_only_the_application_draws_from_is_behind_the_rows(loaded: Session) -> None:
    numbers = sorted(values(loaded, mapped.Thing.id))
    assert numbers == list(range(100, 160, 5))
    with loaded.begin_nested() as savepoint:
        more = mapped._thing(mapped._owner(3))
        loaded.add(more)
        loaded.flush()
        # A rollback gives no number back.
        assert more.id in range(160, 200, 5)
        savepoint.rollback()
