"""The columns that BEFORE INSERT triggers assign."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_supaseed.constraints.functions import assigned_by_triggers
from pytest_supaseed.model.schema import Trigger
from tests.builders import column, table

THINGS = table("things", column("a", "int4"), column("b", "int4"))


def assigned(body: str, *, on_insert: bool = True, before: bool = True) -> set[str]:
    trigger = Trigger("sets", "public.sets", body, on_insert=on_insert, before=before)
    return assigned_by_triggers(replace(THINGS, triggers=(trigger,)))


@pytest.mark.parametrize(
    "body",
    [
        "BEGIN NEW := f(NEW); RETURN NEW; END",
        "BEGIN\n  -- the whole row\n  new = f(new);\n  RETURN new; END",
        "BEGIN IF true THEN NEW = f(NEW); END IF; RETURN NEW; END",
        "BEGIN SELECT * INTO NEW FROM things; RETURN NEW; END",
    ],
)
def test_a_row_that_is_assigned_as_a_whole_is_assigned_in_all_columns(body: str) -> None:
    assert assigned(body) == {"id", "a", "b"}


def test_a_comparison_of_rows_assigns_nothing() -> None:
    assert assigned("BEGIN IF NEW.a > 0 AND NEW = OLD THEN RETURN NULL; END IF; RETURN NEW; END") == set()
    assert assigned("BEGIN IF NEW = OLD THEN NEW.b := 1; END IF; RETURN NEW; END") == {"b"}


def test_triggers_that_cannot_change_a_new_row_assign_nothing() -> None:
    body = "BEGIN NEW := f(NEW); RETURN NEW; END"
    assert assigned(body, on_insert=False) == set()
    assert assigned(body, before=False) == set()
