"""The values of a SupaSeed configuration by the paths of their keys, and what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from pytest_supaseed.nearest import did_you_mean

# Their values are shown nowhere.
SECRETS = ("testUserPassword",)
_LONGEST = 60


def shown(value: object) -> str:
    """Spell a value as the configuration does, short enough for a message.

    Args:
        value: of JSON, or what was made of it.
    """
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


class CheckedValues:
    """The values of a configuration by their paths; what is not of its kind becomes a problem."""

    def __init__(self, value: Mapping[str, Any], problems: list[tuple[str, str]]) -> None:
        self._value = value
        self.problems = problems

    def problem(self, path: str, text: str) -> None:
        """Keep what is wrong with a key."""
        self.problems.append((path, text))

    def get(self, path: str) -> Any:
        """The value of a key; None where it is not given, or null."""
        return _found(self._value, path)

    def given(self, *paths: str) -> list[str]:
        """Those of the keys that have a value."""
        return [path for path in paths if self.get(path) is not None]

    def _typed(self, path: str, fits: Callable[[Any], bool], kind: str) -> Any:
        value = self.get(path)
        if value is None or fits(value):
            return value
        what = "of another kind" if path in SECRETS else shown(value)
        self.problem(path, f"is {what}: write {kind}")
        return None

    def whole(self, path: str) -> int | None:
        """A number of rows."""
        value: int | None = self._typed(
            path, lambda value: isinstance(value, int) and not isinstance(value, bool), "a whole number"
        )
        if value is not None and value < 0:
            self.problem(path, f"is {value}: a count cannot be negative: write 0 for no rows")
            return None
        return value

    def text(self, path: str) -> str | None:
        """A text that is not empty."""
        value: str | None = self._typed(path, lambda value: isinstance(value, str) and bool(value), "a text")
        return value

    def flag(self, path: str) -> bool:
        """A truth value."""
        return bool(self._typed(path, lambda value: isinstance(value, bool), "true or false"))

    def mapping(self, path: str) -> Mapping[str, Any]:
        """An object."""
        value: Mapping[str, Any] | None = self._typed(
            path, lambda value: isinstance(value, dict), "an object, {...}"
        )
        return value or {}

    def texts(self, path: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self._typed(
            path,
            lambda value: isinstance(value, list) and all(isinstance(each, str) and each for each in value),
            'a list of texts, such as ["a", "b"]',
        )
        return tuple(value or ())

    def choices(self, path: str) -> tuple[str, ...] | None:
        """A list of texts that something is chosen from; None where there is none."""
        if self.get(path) == []:
            self.problem(path, "is empty: there is nothing to choose from: name some, or leave it out")
        return tuple(dict.fromkeys(self.texts(path))) or None

    def emails(self, path: str) -> tuple[str, ...]:
        """A list of e-mail addresses."""
        found = self.texts(path)
        for each in found:
            if "@" not in each.strip("@"):
                self.problem(path, f"has {shown(each)}, which is no e-mail address")
        return found

    def one_of(self, path: str, known: tuple[str, ...]) -> str | None:
        """One of several words."""
        value = self.get(path)
        if value is None or value in known:
            return None if value is None else str(value)
        near = did_you_mean(value, known)
        self.problem(path, f"is {shown(value)}: write one of {', '.join(known)}{near}")
        return None

    def counts(self, path: str) -> list[tuple[str, int | None]]:
        """A count, or an object that has one."""
        if isinstance(self.get(path), dict):
            path = f"{path}.count"
        return [(path, self.whole(path))]

    def agreed(self, said: list[tuple[str, Any]]) -> Any:
        """What several keys say, if they say the same."""
        said = [(path, value) for path, value in said if value is not None]
        for path, value in said[1:]:
            if value != said[0][1]:
                self.problem(
                    path,
                    f"is {shown(value)}, and {said[0][0]} is {shown(said[0][1])}: keep one of them",
                )
        return said[0][1] if said else None


def _found(value: Mapping[str, Any], path: str) -> Any:
    # The name of a table may have a dot of its own.
    if path in value:
        return value[path]
    for key, inner in value.items():
        if path.startswith(f"{key}.") and isinstance(inner, dict):
            below = _found(inner, path[len(key) + 1 :])
            if below is not None:
                return below
    return None
