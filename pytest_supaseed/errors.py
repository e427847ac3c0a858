"""What goes wrong, in words that a user can act on.

Every message says what was asked, what is wrong, and what to write instead. The plugin prints the message of
a :class:`SeedError` without a traceback: it is about the user's input, not about our code.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable

# For an example of what to write.
_SOME_ROWS = 8


class SupaseedWarning(UserWarning):
    """Something that works today and that the user will want to know of."""


class SeedError(Exception):
    """Base of every error that the plugin reports to its user.

    Attributes:
        place: lines that follow the message: the file and the line of the user's code that it is about.
    """

    place = ""


class ConfigError(SeedError):
    """An option, ini value or environment variable that cannot be used."""


class ServerError(SeedError):
    """No PostgreSQL server could be found, started or reached."""


class OutageError(ServerError):
    """What keeps all tests that follow from working on the server, too: it is told once, and then referred to.

    Attributes:
        reference: what a later test's error says of it in a few words.
    """

    reference = ""


class GoneError(OutageError):
    """The server that the session has worked on is no longer there."""

    reference = "PostgreSQL is no longer there"


class NoRoomError(OutageError):
    """There is too little room on a disk, or in memory, for what has to be written."""

    reference = "There is no room for PostgreSQL"


class SchemaError(SeedError):
    """The schema source could not be loaded or read."""


class PlanError(SeedError):
    """A spec that the schema cannot hold.

    Attributes:
        problems: every problem of the spec, not only the first.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class GenerateError(SeedError):
    """No value could be made for a column that its constraints would accept.

    Args:
        message: what was asked, what is wrong, and what to write instead.
        place: lines that follow it; empty where it is about no code.
    """

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(message)
        self.place = place


class NoColumnValueError(GenerateError):
    """One column has no value left, found before it is known how many rows its table will hold.

    Args:
        why: what was asked, and what is wrong.
        advice: takes that number and returns what to write instead.
    """

    def __init__(self, why: str, advice: Callable[[int], str]) -> None:
        super().__init__(why + advice(_SOME_ROWS))
        self._why = why
        self._advice = advice

    def of(self, rows: int) -> GenerateError:
        """Return the error with the advice for a table of so many rows."""
        return GenerateError(self._why + self._advice(rows))


class WriteError(SeedError):
    """PostgreSQL refused a row."""


class CountError(SeedError):
    """A table does not hold the number of rows that it should."""


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Return `` (did you mean 'users'?)`` for the known names that are near, else an empty string.

    Args:
        word: what was written; only a string can have near matches.
        known: the names that would have been right.

    Example:
        >>> did_you_mean("user", ["users", "gear"])
        " (did you mean 'users'?)"
    """
    if not isinstance(word, str):
        return ""
    by_folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), by_folded, n=3, cutoff=0.6)
    return f" (did you mean {' or '.join(repr(by_folded[name]) for name in near)}?)" if near else ""
