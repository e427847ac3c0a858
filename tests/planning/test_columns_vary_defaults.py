"""Columns with a constant default: kept, or varied as those without one where a test asks for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import asked, column, planned, table
from pytest_supaseed.markers import parse_options
from pytest_supaseed.model.schema import Check, Table, Trigger
from pytest_supaseed.planning.plan import ServerDefault, Supplied
from pytest_supaseed.settings import OptionSources, resolve
from pytest_supaseed.spec import SeedOptions, SeedSpec, merge_options

USERS = table(
    "users",
    column("theme", "text", default="'light'::text"),
    column("login_count", "int4", default="0"),
    column("note_state", "text", default="lower('A'::text)"),
    column("is_admin", "bool", default="false"),
    column("likes_it", "bool", default="false"),
)


def varied(spec: SeedSpec, of: Table = USERS) -> dict[str, bool]:
    """Whether columns get other values than their defaults."""
    [plan] = planned(of, spec=spec).tables
    return {
        source.column.name: not isinstance(source.source, ServerDefault)
        for source in plan.columns
        if source.column.default is not None and source.column.name != "id"
    }


def test_defaults_stay_unless_a_test_asks_for_others() -> None:
    kept, others = asked(users=20), replace(asked(users=20), vary_defaults=True)
    assert varied(kept)["theme"] is False
    assert varied(kept)["is_admin"] is False
    assert varied(others) == {
        "theme": True,
        "login_count": True,
        "note_state": False,
        "is_admin": True,
        "likes_it": True,
    }


def test_rare_states_stay_rare() -> None:
    [plan] = planned(USERS, spec=replace(asked(users=20), vary_defaults=True)).tables
    source = next(found.source for found in plan.columns if found.column.name == "is_admin")
    assert isinstance(source, Supplied)
    assert source.choices.count(True) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"checks": (Check("c", "((theme = 'light'::text) OR (login_count > 3))", ("theme", "login_count")),)},
        {
            "triggers": (
                Trigger(
                    "t", "public.f", "IF NEW.theme = 'light' AND NEW.login_count = 0 THEN RETURN NEW; END IF;"
                ),
            )
        },
    ],
)
def test_a_default_stays_that_checks_or_triggers_speak_of(more: dict[str, object]) -> None:
    of = replace(USERS, **more)
    found = varied(replace(asked(users=20), vary_defaults=True), of)
    assert found["theme"] is False


def test_the_fingerprint_of_a_seed_tells_varied_defaults() -> None:
    spec = asked(users=5)
    assert spec.fingerprint != replace(spec, vary_defaults=True).fingerprint


def test_the_option_of_markers_and_of_the_ini() -> None:
    options, problems = parse_options((), {"vary_defaults": False})
    assert (options.vary_defaults, problems) == (False, [])
    assert merge_options([options, SeedOptions(vary_defaults=True)]).vary_defaults is False
    _, problems = parse_options((), {"vary_defaults": "yes"})
    assert [str(problem) for problem in problems] == ["vary_defaults='yes': write True or False"]
    assert resolve(OptionSources({}, {}, {}), vary_defaults=True).vary_defaults is True
