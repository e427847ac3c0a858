"""Names that are nearly ours: ini keys, options and markers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pytest_supaseed.plugin.ini import (
    registered_markers,
    resembles,
    switch,
    text_of,
    unknown_key,
    unknown_option,
)

KEYS = ("schema", "max_records", "seed", "tcp")
OPTIONS = ("max_records", "plan", "seed", "tcp")


class Config:
    """The part of pytest.Config that is read."""

    def __init__(
        self, given: dict[str, Any], overrides: tuple[str, ...] = (), markers: tuple[str, ...] = ()
    ) -> None:
        self._inicfg = given
        self.known_args_namespace = SimpleNamespace(override_ini=None)
        self._overrides = overrides
        self._markers = list(markers)

    def getoption(self, name: str, default: object = None) -> object:
        return {"override_ini": list(self._overrides)}[name]

    def getini(self, name: str) -> object:
        if name == "markers":
            return self._markers
        if name == "superset_of":
            return ""
        if name.removeprefix("supaseed_") not in KEYS:
            raise ValueError(name)
        return self._inicfg.get(name, "")


def config(given: dict[str, Any] | None = None, *overrides: str, markers: tuple[str, ...] = ()) -> Any:
    return Config(given or {}, overrides, markers)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("supaseed_schema", ""),
        ("superset_of", ""),
        ("su", ""),
        ("superset_schema", ""),
        ("supaseed_shema", "did you mean supaseed_schema?"),
        ("supaseed-schema", "did you mean supaseed_schema?"),
        ("supaseedschema", "did you mean supaseed_schema?"),
        ("Supaseed_schema", ""),
        ("supased_schema", "did you mean supaseed_schema?"),
        ("supaseed_maxrecords", "did you mean supaseed_max_records?"),
        ("supaseed_plan", "did you mean the option --supaseed-plan, which no ini key stands for?"),
        (
            "supaseed_zz",
            "write one of supaseed_max_records, supaseed_schema, supaseed_seed, supaseed_tcp",
        ),
    ],
)
def test_a_misspelt_key_is_named_with_the_near_one(key: str, said: str) -> None:
    expected = f"{key} is no ini key: {said}" if said else ""
    assert unknown_key(config({key: "x", "addopts": ""}), KEYS, OPTIONS) == expected
    # On the command line, by -o.
    assert unknown_key(config({}, f"{key}=x"), KEYS, OPTIONS) == expected


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--supaseed-plan", ""),
        ("--supaseed-seed=5", ""),
        ("--supaseed-max-records=5", ""),
        (
            "--supaseed-max_records",
            "--supaseed-max_records is no option: did you mean --supaseed-max-records?",
        ),
        ("--superset", ""),
        ("--su", ""),
        ("-supaseed", ""),
        ("test_supaseed.py", ""),
        ("--supaseed-plann", "--supaseed-plann is no option: did you mean --supaseed-plan?"),
        ("--supaseed_plan", "--supaseed_plan is no option: did you mean --supaseed-plan?"),
        ("--supased-plan", "--supased-plan is no option: did you mean --supaseed-plan?"),
        (
            "--supaseed-maxrecords=5",
            "--supaseed-maxrecords is no option: did you mean --supaseed-max-records?",
        ),
        (
            "--supaseed-schema=a.sql",
            "--supaseed-schema is no option: did you mean the ini key supaseed_schema, which -o supaseed_schema=... "
            "gives on the command line?",
        ),
        (
            "--supaseed",
            "--supaseed is no option: write one of --supaseed-max-records, --supaseed-plan, --supaseed-seed, "
            "--supaseed-tcp",
        ),
    ],
)
def test_a_misspelt_option_is_named_with_the_near_one(option: str, said: str) -> None:
    assert unknown_option([option, "-q"], OPTIONS, KEYS) == said


@pytest.mark.parametrize(
    ("written", "text"),
    [("a.sql", "a.sql"), (["a.sql", "b.sql"], "a.sql\nb.sql"), (500, "500"), (True, "true"), (2.5, "2.5")],
)
def test_values_of_toml_are_spelt_as_the_ini_would(written: object, text: str) -> None:
    assert text_of(config({"supaseed_schema": written}), "schema") == text


def test_a_value_of_the_command_line_takes_the_place_of_a_list() -> None:
    class Overridden(Config):
        def getini(self, name: str) -> object:
            return "c.sql"

    given: Any = Overridden({"supaseed_schema": ["a.sql", "b.sql"]}, ("supaseed_schema=c.sql",))
    assert text_of(given, "schema") == "c.sql"


@pytest.mark.parametrize(
    ("written", "on"),
    [(True, True), (False, False), ("true", True), ("No", False), ("on", True), ("0", False), (1, True)],
)
def test_a_switch_may_be_a_boolean_or_a_word(written: object, on: bool) -> None:
    assert switch(config({"supaseed_tcp": written}), "tcp") is on
    assert switch(config(), "tcp") is False


@pytest.mark.parametrize("written", ["", "maybe", 2, ["true", "true"]])
def test_a_switch_is_nothing_else(written: object) -> None:
    with pytest.raises(ValueError, match="invalid truth value"):
        switch(config({"supaseed_tcp": written}), "tcp")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("seed", ""),
        ("seed_options", ""),
        *(
            (name, "seed")
            for name in ("seeds", "seeded", "seeding", "seed_db", "Seed", "SEED", "seed_", "sead", "seef")
        ),
        *((name, "seed") for name in ("sed", "see", "sede", "sseed", "seeed", "seedd", "seed(users=5)")),
        *((name, "seed_options") for name in ("seed_option", "seedoptions", "seed_optoins", "seeds_options")),
        *(
            (name, "")
            for name in ("speed", "need", "slow", "skip", "smoke", "feed", "deed", "send_mail", "option")
        ),
        ("seedling_nursery", ""),
        ("", ""),
    ],
)
def test_a_marker_resembles_ours_or_is_another_word(name: str, meant: str) -> None:
    assert resembles(name) == meant


def test_markers_that_others_register_are_told_from_ours() -> None:
    found = registered_markers(
        config(markers=("seed(x): ours", "seed: a random seed", "slow")), ["seed(x): ours"]
    )
    assert found == {"seed", "slow"}
    assert registered_markers(config(markers=("seed(x): ours",)), ["seed(x): ours"]) == set()
