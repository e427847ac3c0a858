"""Meanings of columns that packages register: their order, what is refused, and errors in what they write."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from faker import Faker

from builders import column, table
from pytest_supaseed.constraints.domain import UNCONSTRAINED
from pytest_supaseed.entry_points import Registration
from pytest_supaseed.errors import ConfigError, GenerateError
from pytest_supaseed.model.type_families import is_number
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.meaning import Ask, Meaning
from pytest_supaseed.values.meanings.registered import registered_meanings, with_registered

ANN = Meaning(name="ann", names="_a_", write=lambda ask: "Ann")


def registered(monkeypatch: pytest.MonkeyPatch, package: str, value: Any) -> Registration:
    module = ModuleType(package)
    module.MEANINGS = value  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, package, module)
    return Registration(package, "columns", f"{package}:MEANINGS", "1.0")


def test_packages_follow_one_another_before_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    first = registered(monkeypatch, "first", [replace(ANN, name="b"), replace(ANN, name="a")])
    second = registered(monkeypatch, "second", replace(ANN, name="c"))
    found = registered_meanings([first, second])
    assert [meaning.name for meaning in found] == ["b", "a", "c"]
    own = (replace(ANN, name="d"), replace(ANN, name="c"))
    assert [meaning.name for meaning in with_registered(own, found)] == ["b", "a", "c", "d"]
    assert with_registered(own, found)[2] is found[2]
    assert registered_meanings([]) == ()


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("ann", "columns (first:MEANINGS) of first 1.0: it is 'ann': write a Meaning, or a list of them"),
        ([ANN, 7], "columns (first:MEANINGS) of first 1.0: 7 is no Meaning"),
        ([replace(ANN, names="_(a_")], "'ann': '_(a_' is no regular expression: missing ), unterminated"),
        ([replace(ANN, stages={2: "["})], "'ann': '[' is no regular expression"),
        ([replace(ANN, essential="*")], "'ann': '*' is no regular expression"),
        ([replace(ANN, optional="+")], "'ann': '+' is no regular expression"),
    ],
)
def test_what_is_no_meaning_is_refused(monkeypatch: pytest.MonkeyPatch, value: Any, why: str) -> None:
    with pytest.raises(ConfigError) as refused:
        registered_meanings([registered(monkeypatch, "first", value)])
    assert str(refused.value).startswith("the meanings of columns that first registers cannot be used: ")
    assert why in str(refused.value)


def test_two_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [registered(monkeypatch, "first", ANN), registered(monkeypatch, "second", (ANN,))]
    with pytest.raises(
        ConfigError,
        match=r"^two meanings of columns are called 'ann': one of columns \(first:MEANINGS\) of first 1\.0, one of "
        r"columns \(second:MEANINGS\) of second 1\.0: give one of them another name, or uninstall one of the packages$",
    ):
        registered_meanings(both)


def test_a_package_that_cannot_be_imported_is_refused() -> None:
    with pytest.raises(
        ConfigError, match=r"it could not be loaded: ModuleNotFoundError: No module named 'absent'"
    ):
        registered_meanings([Registration("absent", "columns", "absent.columns:MEANINGS", "1.0")])


def _context(type_text: str = "text") -> Context:
    name = column("a", type_text)
    return Context(table("t", name), name, UNCONSTRAINED)


def _raising(*arguments: object) -> Any:
    raise LookupError("no name")


@pytest.mark.parametrize(
    ("meaning", "why"),
    [
        (replace(ANN, write=_raising), "raised LookupError: no name"),
        (replace(ANN, write=None, derive=lambda context: (_raising, ())), "raised LookupError: no name"),
        (replace(ANN, write=lambda ask: 7), "wrote 7, which is no str"),
    ],
)
def test_an_error_in_what_is_written_names_the_package(
    monkeypatch: pytest.MonkeyPatch, meaning: Meaning, why: str
) -> None:
    [found] = registered_meanings([registered(monkeypatch, "first", meaning)])
    context = _context()
    write, _ = found.writer(context, context)
    with pytest.raises(GenerateError) as failed:
        write(Ask(context, Faker(), {}))
    assert str(failed.value) == (
        f"t.a: the meaning 'ann', registered by columns (first:MEANINGS) of first 1.0, {why}: mend it, or give values, "
        "as in columns={'a': [...]}"
    )


@pytest.mark.parametrize("attribute", ["follows", "where", "derive"])
def test_an_error_in_what_is_asked_of_a_column_names_the_package(
    monkeypatch: pytest.MonkeyPatch, attribute: str
) -> None:
    changes: dict[str, Any] = {attribute: _raising}
    if attribute == "derive":
        changes["write"] = None
    [found] = registered_meanings([registered(monkeypatch, "first", replace(ANN, **changes))])
    context = _context()
    with pytest.raises(
        GenerateError, match=r"^t\.a: the meaning 'ann', registered by .*raised LookupError: no name"
    ):
        _ = found.suits(context), found.writer(context, context)


def test_other_types_get_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    seven = replace(ANN, write=lambda ask: 7, types=is_number)
    [found] = registered_meanings([registered(monkeypatch, "first", seven)])
    context = _context("int4")
    assert found.suits(context)
    write, follows = found.writer(context, context)
    assert (write(Ask(context, Faker(), {})), follows) == (7, ())
