r"""Variables of psql, as the scripts that it runs set them, and the conditions that decide what of a script is run.

:class:`Variables` holds what ``\set`` has set and puts it in the place of ``:name`` in statements; :class:`Branches`
follows ``\if``, ``\elif``, ``\else`` and ``\endif`` in one file. Nothing is executed: a value that only a program or
the environment knows is refused where it is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pytest_supaseed.errors import SchemaError

_PART = re.compile(
    r"""'(?P<quoted>(?:[^'\\]|\\.|'')*)'
      | (?P<identifier>"[^"]*")
      | `(?P<program>[^`]*)`
      | (?P<variable>:(?:[^\W\d]\w*|'\w+'|"\w+"|\{\?\w+\}))
      | (?P<plain>[^\s'"`:]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"''|\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "b": "\b", "r": "\r", "f": "\f"}
# As psql reads them: a beginning of one of these words is enough, but "o" could be either.
_TRUE = re.compile(r"t(?:r(?:ue?)?)?|y(?:es?)?|on|1", re.IGNORECASE)
_FALSE = re.compile(r"f(?:a(?:l(?:se?)?)?)?|no?|off?|0", re.IGNORECASE)
CONDITIONS = ("if", "elif", "else", "endif")


class ElsewhereError(ValueError):
    """A value that a script does not say; the message says where it comes from."""


@dataclass
class Variables:
    r"""The variables of psql at one place of a script.

    Attributes:
        values: of those that are set, by name.
        elsewhere: of those whose value the script does not say, where it is set and where it comes from.
    """

    values: dict[str, str] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether any variable is set."""
        return bool(self.values or self.elsewhere)

    def obey(self, command: str, arguments: str, place: str) -> None:
        r"""Obey ``\set``, ``\unset`` or ``\getenv``.

        Args:
            command: one of them, without its backslash.
            arguments: as they are written.
            place: of the command, for messages.
        """
        words = arguments.split(None, 1)
        if not words:
            return
        name = words[0]
        self.values.pop(name, None)
        self.elsewhere.pop(name, None)
        if command == "getenv":
            self.elsewhere[name] = f"{place} takes from the environment"
        elif command == "set":
            try:
                self.values[name] = "".join(self.arguments(words[1] if words[1:] else ""))
            except ElsewhereError as error:
                self.elsewhere[name] = f"{place} takes from {error}"

    def arguments(self, text: str) -> list[str]:
        r"""Return the arguments of a command, without their quotes and with the values of variables.

        Raises:
            ElsewhereError: the script does not say a value.

        Example:
            >>> Variables({"folder": "sql"}).arguments(":folder/'a file.sql'")
            ['sql/a file.sql']
        """
        found: list[str] = []
        position = 0
        while match := _PART.match(text, position):
            if match[0].isspace():
                position = match.end()
                continue
            if not found or text[position - 1].isspace():
                found.append("")
            found[-1] += self._part(match)
            position = match.end()
        return found

    def _part(self, match: re.Match[str]) -> str:
        if match["quoted"] is not None:
            return _ESCAPE.sub(_unescaped, match["quoted"])
        if match["program"] is not None:
            raise ElsewhereError(f"the program `{match['program']}`, and no program is run here")
        return self.value(match[0]) if match["variable"] else match[0]

    def value(self, written: str) -> str:
        r"""Return what stands for ``:name``, ``:'name'``, ``:"name"`` or ``:{?name}``; itself where nothing is set.

        Raises:
            ElsewhereError: the script does not say the value.
        """
        name = written.strip(":'\"{?}")
        if written[1] == "{":
            return "TRUE" if name in self.values or name in self.elsewhere else "FALSE"
        if name in self.elsewhere:
            raise ElsewhereError(f"the variable {name}, which {self.elsewhere[name]}")
        if name not in self.values:
            return written
        value = self.values[name]
        if written[1] == "'":
            quoted = value.replace("'", "''")
            return "E'{}'".format(quoted.replace("\\", "\\\\")) if "\\" in value else f"'{quoted}'"
        return '"{}"'.format(value.replace('"', '""')) if written[1] == '"' else value

    def replaced(
        self, text: str, places: Iterable[re.Match[str]], refuse: Callable[[str], SchemaError]
    ) -> str:
        """Return a text with the values of its variables.

        Args:
            text: of a statement.
            places: of what psql could take for variables in it.
            refuse: makes the error of a value that the script does not say.

        Raises:
            SchemaError: the script does not say a value.
        """
        parts, done = [], 0
        try:
            for place in places:
                parts += [text[done : place.start()], self.value(place[0])]
                done = place.end()
        except ElsewhereError as error:
            raise refuse(f"uses {error}. Write the value itself.") from None
        return "".join([*parts, text[done:]])


def _unescaped(match: re.Match[str]) -> str:
    if match[0] == "''":
        return "'"
    if match[1] or match[2]:
        return chr(int(match[1], 16) if match[1] else int(match[2], 8))
    return _ESCAPED.get(match[3], match[3])


@dataclass
class _Branch:
    r"""One ``\if`` that is not closed yet.

    Attributes:
        runs: whether what stands here is run.
        done: whether a branch of it has been run.
    """

    runs: bool
    done: bool


@dataclass
class Branches:
    r"""The conditions around one place of a file.

    Attributes:
        variables: that the conditions may name.
    """

    variables: Variables
    _open: list[_Branch] = field(default_factory=list)

    @property
    def run(self) -> bool:
        """Whether what stands here is run."""
        return all(branch.runs for branch in self._open)

    @property
    def unclosed(self) -> bool:
        r"""Whether an ``\endif`` is missing."""
        return bool(self._open)

    def obey(self, command: str, arguments: str, refuse: Callable[[str], SchemaError]) -> None:
        r"""Obey ``\if``, ``\elif``, ``\else`` or ``\endif``.

        Args:
            command: one of them, without its backslash.
            arguments: as they are written.
            refuse: makes the error of what cannot be decided.

        Raises:
            SchemaError: it cannot be decided, or there is no ``\if`` before it.
        """
        if command == "if":
            holds = self.run and self._holds(arguments, refuse)
            self._open.append(_Branch(holds, holds or not self.run))
            return
        if not self._open:
            raise refuse("has no \\if before it.")
        if command == "endif":
            self._open.pop()
            return
        branch = self._open[-1]
        branch.runs = not branch.done and (command == "else" or self._holds(arguments, refuse))
        branch.done = branch.done or branch.runs

    def _holds(self, arguments: str, refuse: Callable[[str], SchemaError]) -> bool:
        try:
            value = " ".join(self.variables.arguments(arguments))
        except ElsewhereError as error:
            raise refuse(f"depends on {error}. Write the statements of the branch that is wanted.") from None
        if _TRUE.fullmatch(value):
            return True
        if _FALSE.fullmatch(value):
            return False
        raise refuse(
            f"needs true or false, and {value or 'nothing'} is neither. Set the variable with \\set, or write the "
            "statements of the branch that is wanted."
        )
