"""Whole sessions with bad input: one usage error for all markers, and words for what fixtures give."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from builders import asked, column, planned, table
from pytest_supaseed.errors import PlanError
from pytest_supaseed.plugin.provisioning import generators_problem
from test_inputs import MARKERS, OPTIONS, VALUES, Broken, Unspeakable, async_generator, coroutine, generator

OURS = re.compile(r"pytest_supaseed[/\\]\S+\.py:\d+|Traceback|INTERNALERROR", re.MULTILINE)
REFUSED = {
    f"{kind} {name}": case
    for kind, cases in (("marker", MARKERS), ("option", OPTIONS))
    for name, case in cases.items()
    if case[2]
}
TESTS = """
    import sys
    sys.path.insert(0, {folder!r})
    import pytest
    from pytest_supaseed import Rows, seeded_database
    from test_inputs import MARKERS, OPTIONS, VALUES

    def marks():
        for name, (args, kwargs, fragment) in MARKERS.items():
            if fragment:
                yield pytest.param(0, marks=pytest.mark.seed.with_args(*args, **kwargs), id=f"marker {{name}}")
        for name, (args, kwargs, fragment) in OPTIONS.items():
            if fragment:
                mark = pytest.mark.seed_options.with_args(*args, **kwargs)
                yield pytest.param(0, marks=[mark, pytest.mark.seed(users=1)], id=f"option {{name}}")
        for name, (value, fragment) in VALUES.items():
            if fragment:
                mark = pytest.mark.seed.with_args(users=Rows(1, columns={{"a": value}}))
                yield pytest.param(0, marks=mark, id=f"value {{name}}")

    @pytest.mark.parametrize("number", marks())
    def test_a(number):
        raise AssertionError("nothing is run")

    for number, (name, (args, kwargs, fragment)) in enumerate(MARKERS.items()):
        if fragment and len(args) < 2:
            globals()[f"declared{{number}}"] = seeded_database(*args, **kwargs)

    def test_b({fixtures}):
        raise AssertionError("nothing is run")
"""


def test_all_markers_are_refused_in_one_usage_error(pytester: pytest.Pytester) -> None:
    declared = [n for n, (args, _, fragment) in enumerate(MARKERS.values()) if fragment and len(args) < 2]
    fixtures = ", ".join(f"declared{number}" for number in declared)
    pytester.makepyfile(TESTS.format(folder=str(Path(__file__).parent), fixtures=fixtures))
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    said = result.stderr.str()
    assert "problems in what the tests ask for; nothing was run." in said
    assert not OURS.search(said + result.stdout.str()), said
    for name, (_, _, fragment) in REFUSED.items():
        assert f"[{name}]" in said
        assert fragment in said
    for name, (_, fragment) in VALUES.items():
        assert not fragment or f"[value {name}]" in said
    # As a fixture, what names no table is the schema as it was loaded.
    named = {line.split()[1] for line in said.splitlines() if line.endswith(" = seeded_database(...)")}
    names = list(MARKERS)
    missing = {names[number] for number in declared if f"declared{number}" not in named}
    assert missing == {"nothing", "None", "an empty mapping"}


GENERATORS: dict[str, tuple[Any, str]] = {
    "a list": ([("a.b", 1)], "supaseed_generators is [('a.b', 1)], and should be a mapping"),
    "None": (None, "supaseed_generators is None, and should be a mapping"),
    "a number": (5, "supaseed_generators is 5, and should be a mapping"),
    "a text": ("a.b", "supaseed_generators is 'a.b', and should be a mapping"),
    "a function": (len, "should be a mapping"),
    "a class": (dict, "should be a mapping"),
    "a generator": ((each for each in ()), "should be a mapping"),
    "a coroutine": (coroutine(None), "supaseed_generators is async"),
    "an async generator": (async_generator(None), "should be a mapping"),
    "a namespace": (SimpleNamespace(), "should be a mapping"),
    "what cannot be shown": (Unspeakable(), "whose repr() raises ValueError"),
}
OF_KEYS: dict[str, tuple[dict[Any, Any], str]] = {
    "a number": ({5: 1}, "has the key 5, which is no text"),
    "None": ({None: 1}, "has the key None, which is no text"),
    "a tuple": ({("things", "a"): 1}, "has the key ('things', 'a'), which is no text"),
    "what cannot be shown": ({Unspeakable(): 1}, "whose repr() raises ValueError>, which is no text"),
    "an empty text": ({"": 1}, "has '', which is no column"),
    "NUL": ({"things.a\0": 1}, "which is no column"),
    "half a character": ({"things.\udc80": 1}, "which is no column"),
    "a table": ({"things": 1}, "which is a table: write 'things.*'"),
    "a star": ({"*": 1}, "which is no column"),
    "two stars": ({"*.*": 1}, "which is no column"),
    "a pattern that matches nothing": ({"*.nope": 1}, "has '*.nope', which is no column"),
    "a misspelt column": ({"things.kin": 1}, "did you mean 'things.kind'"),
    "a number for a table": ({"things.*": 5}, "write a factory of factory_boy or polyfactory, or a mapping"),
    "a class for a table": ({"things.*": dict}, "write a factory"),
    "a function for a table": ({"things.*": lambda faker: {}}, "write a factory"),
    "a mapping of numbers for a table": ({"things.*": {5: 5}}, "has 5, and things has no such column"),
    "a broken mapping for a table": ({"things.*": Broken()}, "cannot be read: OSError: no disk"),
    "a set": ({"things.kind": {1}}, "a set has no order"),
    "an empty list": ({"things.kind": []}, "nothing to choose from"),
    "an object": ({"things.kind": object()}, "no text of its own"),
    "an object in a mapping": ({"things.*": {"kind": [object()]}}, "no text of its own"),
    "NUL as a value": ({"things.kind": "\0"}, "has the character NUL"),
    "a huge number": ({"things.kind": 10**10_000}, "a number of 10001 digits"),
    "a generator function": ({"*.kind": generator}, "is a generator"),
    "a coroutine function": ({"*.kind": coroutine}, "is async"),
    "a function without arguments": ({"*.kind": lambda: 1}, "let it take them"),
    "bytes for a text": ({"*.kind": b"a"}, "bytes are for bytea"),
    "a dict for a number": ({"*.size": {"a": 1}}, "a dict is no value of it"),
    "a huge exponent": ({"*.size": 10**400}, ""),
    "nothing": ({}, ""),
}


@pytest.mark.parametrize("case", GENERATORS)
def test_generators_that_are_no_mapping_are_refused(case: str) -> None:
    value, fragment = GENERATORS[case]
    assert fragment in generators_problem(value)


@pytest.mark.parametrize("case", OF_KEYS)
def test_keys_and_values_of_generators_are_taken_or_refused(case: str) -> None:
    generators, fragment = OF_KEYS[case]
    assert generators_problem(generators) == ""
    things = table("things", column("kind"), column("size", "int4"))
    if not fragment:
        planned(things, spec=asked(things=2), generators=generators)
        return
    with pytest.raises(PlanError) as caught:
        planned(things, spec=asked(things=2), generators=generators)
    assert fragment in str(caught.value)
    assert len(caught.value.problems) <= 2


CONFTESTS = {
    "a list": ("return [1]", "supaseed_generators is [1], and should be a mapping"),
    "half a character": ("return {chr(0xdc80): 1}", "has '\\udc80', which is no column"),
}


@pytest.mark.parametrize("case", CONFTESTS)
def test_fixtures_of_generators_are_refused_in_words(project: pytest.Pytester, case: str) -> None:
    code, fragment = CONFTESTS[case]
    project.makeconftest(
        f"import pytest\n@pytest.fixture(scope='session')\ndef supaseed_generators():\n    {code}\n"
    )
    project.makepyfile(
        "import pytest\n@pytest.mark.seed(users=1)\ndef test_a(seeded_connection): pass\n"
        "@pytest.mark.seed(users=2)\ndef test_b(seeded_db): pass"
    )
    result = project.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(errors=2)
    assert fragment in result.stdout.str()
    assert not OURS.search(result.stdout.str())
