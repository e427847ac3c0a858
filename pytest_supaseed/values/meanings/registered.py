"""Meanings of columns that installed packages register, loaded and checked: :func:`registered_meanings`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import Any, TypeVar

from pytest_supaseed.entry_points import Registration, registrations
from pytest_supaseed.errors import ConfigError, GenerateError
from pytest_supaseed.model.type_families import is_string
from pytest_supaseed.tracebacks import describe
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.meaning import Ask, Derived, Meaning, Write
from pytest_supaseed.wording import abbreviated

_Result = TypeVar("_Result")


def registered_meanings(found: Iterable[Registration] | None = None) -> tuple[Meaning, ...]:
    """Return the meanings that packages register: of one package in its own order, packages by their names.

    Args:
        found: the entry points; None for those of all installed packages.

    Raises:
        ConfigError: an entry point cannot be loaded, is no meaning, or has a name that another one has.
    """
    meanings: dict[str, tuple[Meaning, Registration]] = {}
    for registration in registrations() if found is None else found:
        for meaning in _loaded(registration):
            if meaning.name in meanings:
                raise ConfigError(
                    f"two meanings of columns are called {meaning.name!r}: one of {meanings[meaning.name][1]}, one of "
                    f"{registration}: give one of them another name, or uninstall one of the packages"
                )
            meanings[meaning.name] = _guarded(meaning, registration), registration
    return tuple(meaning for meaning, _ in meanings.values())


def with_registered(own: Sequence[Meaning], registered: Sequence[Meaning]) -> tuple[Meaning, ...]:
    """Return all meanings in the order in which they are tried: registered ones, then own ones of other names."""
    names = {meaning.name for meaning in registered}
    return (*registered, *(meaning for meaning in own if meaning.name not in names))


def _loaded(registration: Registration) -> tuple[Meaning, ...]:
    module, _, attributes = registration.value.partition(":")
    try:
        value: Any = import_module(module)
        for attribute in filter(None, attributes.split(".")):
            value = getattr(value, attribute)
    except (Exception, SystemExit) as error:
        raise _refused(registration, f"it could not be loaded: {describe(error).raised}") from error
    meanings = (value,) if isinstance(value, Meaning) else value
    if not isinstance(meanings, (list, tuple)):
        raise _refused(registration, f"it is {abbreviated(value)}: write a Meaning, or a list of them")
    for meaning in meanings:
        if not isinstance(meaning, Meaning):
            raise _refused(registration, f"{abbreviated(meaning)} is no Meaning")
        for expression in (meaning.names, *meaning.stages.values(), meaning.essential, meaning.optional):
            try:
                re.compile(expression)
            except re.error as error:
                raise _refused(
                    registration, f"{meaning.name!r}: {expression!r} is no regular expression: {error}"
                ) from error
    return tuple(meanings)


def _refused(registration: Registration, why: str) -> ConfigError:
    return ConfigError(
        f"the meanings of columns that {registration.package} registers cannot be used: {registration}: {why}"
    )


def _guarded(meaning: Meaning, registration: Registration) -> Meaning:
    """Return a meaning whose errors name it."""

    def told(function: Callable[..., _Result], context: Context, *arguments: object) -> _Result:
        try:
            return function(*arguments)
        except GenerateError:
            raise
        except (Exception, SystemExit) as error:
            said = describe(error)
            raise failed(context, f"raised {said.raised}", said.below) from error

    def failed(context: Context, why: str, below: str = "") -> GenerateError:
        return GenerateError(
            f"{context.table.label}.{context.column.name}: the meaning {meaning.name!r}, registered by "
            f"{registration}, {why}: mend it, or give values, as in columns={{{context.column.name!r}: [...]}}",
            below,
        )

    def written(write: Write, ask: Ask) -> object:
        value = told(write, ask.context, ask)
        if is_string(ask.context.column.type) and not isinstance(value, str):
            raise failed(ask.context, f"wrote {abbreviated(value)}, which is no str")
        return value

    def derived(derive: Callable[[Context], Derived], context: Context) -> Derived:
        write, follows = told(derive, context, context)
        return partial(written, write), follows

    follows, where = meaning.follows, meaning.where
    return replace(
        meaning,
        write=None if meaning.write is None else partial(written, meaning.write),
        derive=None if meaning.derive is None else partial(derived, meaning.derive),
        follows=lambda context: told(follows, context, context),
        where=None if where is None else lambda context: told(where, context, context),
    )
