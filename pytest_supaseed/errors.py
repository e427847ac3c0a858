"""The exceptions that the plugin reports to its users.

Every message says what was asked, what is wrong, and what to write instead. The plugin prints the message of a
:class:`SeedError` without a traceback: the error is in the user's input, not in this package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

# The number of rows in examples of what to write.
_SOME_ROWS = 8


class SupaseedWarning(UserWarning):
    """A warning about input that works today and that the user may want to change."""


class SeedError(Exception):
    """Base of all errors that the plugin reports to its user.

    Attributes:
        place: lines that follow the message: file and line of the user's code that the error is about.
        reference: the short text by which the errors of later tests refer to it, because all that need the same thing
            meet it: it is shown in full once. Empty for an error that is shown each time.
    """

    place = ""
    reference = ""


class ConfigError(SeedError):
    """An option, ini value or environment variable that cannot be used."""

    reference = "The configuration is invalid"


class ServerError(SeedError):
    """No PostgreSQL server could be found, started or reached."""

    reference = "There is no server"


class UnansweredError(ServerError):
    """No server answers at an address: one may yet be started there."""


class OutageError(ServerError):
    """A failure of the server that all following tests meet, too."""


class GoneError(OutageError):
    """The server of the session is no longer running."""

    reference = "PostgreSQL is no longer there"


class NoRoomError(OutageError):
    """A disk or the memory is too small for the data to be written."""

    reference = "There is no room for PostgreSQL"


class SchemaError(SeedError):
    """The schema source could not be loaded or read."""

    reference = "The schema could not be loaded"


@dataclass(frozen=True)
class Problem:
    """What is wrong with what a test asks for; ``str()`` gives the message.

    Attributes:
        wrong: what was asked, and what is wrong with it.
        advice: what to write instead; empty where ``wrong`` says it.
        table: the name of the table, as messages have it; empty where the problem is not about one table.
        columns: the columns of the table that it is about.
        constraint: the name of the constraint that does not hold.
        option: the name of the option that it is about, such as ``max_records``.
        origin: where the user wrote the value, if not in a marker.

    Example:
        >>> str(Problem("users is no table", "leave it out", table="users"))
        'users is no table: leave it out'
    """

    wrong: str
    advice: str = ""
    table: str = ""
    columns: tuple[str, ...] = ()
    constraint: str = ""
    option: str = ""
    origin: str = ""

    def __str__(self) -> str:
        text = f"{self.wrong}: {self.advice}" if self.advice else self.wrong
        return f"{text} ({self.origin})" if self.origin else text


class PlanError(SeedError):
    """A spec that the schema cannot hold.

    Attributes:
        problems: all problems of the spec, not only the first.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class GenerateError(SeedError):
    """No value could be generated that a column's constraints accept.

    Args:
        message: what was asked, what is wrong, and what to write instead.
        place: lines that follow the message; empty where no user code is involved.
    """

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(message)
        self.place = place


class NoColumnValueError(GenerateError):
    """A column has no value left; found before the number of rows of its table is known.

    Args:
        why: what was asked, and what is wrong.
        advice: takes the number of rows and returns what to write instead.
    """

    def __init__(self, why: str, advice: Callable[[int], str]) -> None:
        super().__init__(why + advice(_SOME_ROWS))
        self._why = why
        self._advice = advice

    def of(self, rows: int) -> GenerateError:
        """Return the error with the advice for a table of this many rows."""
        return GenerateError(self._why + self._advice(rows))


class WriteError(SeedError):
    """PostgreSQL refused a row."""


class CountError(SeedError):
    """A table does not hold the expected number of rows."""


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Return `` (did you mean 'users'?)`` for known names close to a word, else an empty string.

    Args:
        word: what the user wrote; only strings have close matches.
        known: the valid names.

    Example:
        >>> did_you_mean("user", ["users", "gear"])
        " (did you mean 'users'?)"
    """
    near = close_names(word, known)
    return f" (did you mean {' or '.join(map(repr, near))}?)" if near else ""


def close_names(word: object, known: Iterable[str]) -> list[str]:
    """Return the known names close to a word, at most three, the closest first.

    Args:
        word: what the user wrote; only strings have close matches.
        known: the valid names.
    """
    if not isinstance(word, str):
        return []
    import difflib  # here, because every pytest run imports this module

    by_folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), by_folded, n=3, cutoff=0.6)
    return [by_folded[name] for name in near]
