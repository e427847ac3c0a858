"""States that few rows are in: what their columns hold, whatever their types."""

from __future__ import annotations

from fractions import Fraction

import pytest

from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.schema import Column
from pytest_supaseed.values.column import value_source
from pytest_supaseed.values.meanings.generation_order import MOSTLY, is_unset, share_of_nulls, usual_booleans
from pytest_supaseed.values.meanings.moments import DELETED, RARE_STATES, RareState, moment_rank
from test_column_values import table_of, typed

STATES = pytest.mark.parametrize("state", RARE_STATES, ids=lambda state: state.word)


def test_each_state_stands_once() -> None:
    assert len({state.word for state in RARE_STATES}) == len(RARE_STATES)


@STATES
def test_a_boolean_is_false_in_ordinary_rows(state: RareState) -> None:
    flag = Column(f"is_{state.word}", typed("bool"), default="false")
    table = table_of("things", flag)
    source = value_source(table, flag, ValueDomain())
    assert source is not None
    assert source.choices == ((False,) if state.false else (False, True))
    assert usual_booleans(table, flag) == (() if state.false else (False, False, False, True))


@STATES
def test_a_moment_is_null_in_most_rows_and_the_last_of_a_row(state: RareState) -> None:
    name = f"{state.word}_at"
    assert is_unset(name) == state.unset
    assert (moment_rank(name) == DELETED) == state.last


@STATES
def test_other_columns_are_null_in_most_rows(state: RareState) -> None:
    by = Column(f"{state.word}_by", typed("text"), nullable=True)
    share = share_of_nulls(table_of("things", by), by, ValueDomain())
    assert share == (MOSTLY if state.mostly_null else Fraction(1, 8))


@pytest.mark.parametrize("name", ["deleted_at", "DeletedAt", "archivedOn", "lockeddate"])
def test_names_of_moments_as_they_stand_in_the_database(name: str) -> None:
    assert is_unset(name)


@pytest.mark.parametrize("name", ["deleted", "undeleted_at", "deleted_at_utc", "created_at"])
def test_what_is_no_moment_of_a_rare_state(name: str) -> None:
    assert not is_unset(name)
