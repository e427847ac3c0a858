"""INSERT statements of trigger functions, and of the functions that they call, by their text.

:func:`insertions_in` reads them; :func:`called_text` has the parameters of called functions replaced by the arguments.

As in :mod:`pytest_supaseed.constraints.functions`, the text is not parsed: what is read is a proposal, and PostgreSQL
says what the trigger does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_NAME = r'(?:"(?:[^"]|"")+"|[\w.])+'
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_INSERT = re.compile(rf"\binsert\s+into\s+(?P<table>{_NAME})(?:\s+as\s+\w+)?\s*", re.IGNORECASE)
_VALUES = re.compile(r"(?:overriding\s+\w+\s+value\s+)?values\s*\(", re.IGNORECASE)
_SELECT = re.compile(
    r"select\s+(?P<list>.*?)(?=\bfrom\b|\bwhere\b|\bon\s+conflict\b|\breturning\b|$)",
    re.IGNORECASE | re.DOTALL,
)
_OWN = re.compile(r'new\s*\.\s*(?:"(?P<quoted>[^"]+)"|(?P<plain>\w+))(?:\s*::\s*[\w.\[\]]+)?', re.IGNORECASE)
_CONDITIONAL = re.compile(r"\bon\s+conflict\b|\bwhere\s+not\s+exists\b", re.IGNORECASE)
_GUARD = re.compile(
    r"\bif\s+(?:not\s+(?:exists|found)\b|new\s*\.\s*\S+\s+is\s+null\b)(?:(?!\bend\s+if\b).)*$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Insertion:
    """An INSERT statement.

    Attributes:
        table: the table, as the statement spells it.
        columns: the columns that are listed; empty where none are, so that the values are those of the first columns.
        own: for each value, the column of the new row that it is; None for another expression.
        conditional: whether rows may be there already: it has ON CONFLICT, or stands behind IF NOT EXISTS or a test
            for NULL.
    """

    table: str
    columns: tuple[str, ...]
    own: tuple[str | None, ...]
    conditional: bool = False

    def column_of(self, number: int, names: tuple[str, ...]) -> str | None:
        """Return the column that the value of a number is for, the first one being 0; None where there is none.

        Args:
            names: the columns of the table.
        """
        columns = self.columns or names
        return columns[number] if number < len(columns) else None


@lru_cache(maxsize=256)
def insertions_in(source: str) -> tuple[Insertion, ...]:
    """Return the INSERT statements of a function with what they insert of ``NEW``.

    Example:
        >>> insertions_in("INSERT INTO media (id, kind) VALUES (new.id, 'film');")
        (Insertion(table='media', columns=('id', 'kind'), own=('id', None), conditional=False),)
    """
    plain = _COMMENT.sub(" ", source)
    found = []
    for match in _INSERT.finditer(plain):
        rest = plain[match.end() :].partition(";")[0]
        columns: tuple[str, ...] = ()
        if rest.startswith("("):
            inside, rest = _parenthesized(rest)
            columns = tuple(_as_stored(part) for part in _parts(inside))
            rest = rest.lstrip()
        values = _VALUES.match(rest)
        selected = _SELECT.match(rest)
        if values is not None:
            listed = _parenthesized(rest[values.end() - 1 :])[0]
        else:
            listed = selected["list"] if selected is not None else ""
        conditional = (
            _CONDITIONAL.search(rest) is not None or _GUARD.search(plain[: match.start()]) is not None
        )
        found.append(Insertion(match["table"], columns, tuple(map(_own, _parts(listed))), conditional))
    return tuple(found)


@dataclass(frozen=True)
class FunctionText:
    """A function that others may call.

    Attributes:
        parameters: the names of its input parameters, empty for those that have none.
        body: its text.
    """

    parameters: tuple[str, ...]
    body: str


_CALL = re.compile(r'(?<![\w."])(?:(?:"[^"]+"|\w+)\s*\.\s*)?(?:"(?P<quoted>[^"]+)"|(?P<plain>\w+))\s*(?=\()')
_NAMED = re.compile(r"(\w+)\s*(?:=>|:=)\s*(.*)", re.DOTALL)
# Functions that call one another.
_DEEPEST = 4
_SETTING = re.compile(r"\bcurrent_setting\s*\(", re.IGNORECASE)


def called_names(source: str) -> frozenset[str]:
    """Return the names of what may be functions that a function calls."""
    return frozenset(name for name, _ in _calls(_COMMENT.sub(" ", source)))


def called_text(source: str, functions: Mapping[str, Sequence[FunctionText]]) -> str:
    """Return the bodies of the functions that a function calls, directly or not, and that insert rows or read settings.

    Their parameters are replaced by what is passed for them.

    Args:
        source: the body of the calling function.
        functions: functions by name; those of another number of parameters than a call has arguments are not meant.

    Example:
        >>> functions = {"add": [FunctionText(("n",), "INSERT INTO media (id) VALUES (n);")]}
        >>> called_text("BEGIN PERFORM add(new.id); RETURN new; END", functions)
        'INSERT INTO media (id) VALUES (new.id);'
    """
    called = _called(source, functions, _DEEPEST)
    return "\n;\n".join(text for text in called if _INSERT.search(text) or _SETTING.search(text))


def _called(source: str, functions: Mapping[str, Sequence[FunctionText]], depth: int) -> Iterator[str]:
    for name, arguments in _calls(_COMMENT.sub(" ", source)) if depth else ():
        for function in functions.get(name, ()):
            if len(function.parameters) == len(arguments):
                text = _with_arguments(name, function, arguments)
                yield text
                yield from _called(text, functions, depth - 1)


def _calls(plain: str) -> Iterator[tuple[str, list[str]]]:
    """The calls in a text, each with its arguments."""
    for match in _CALL.finditer(plain):
        name = match["quoted"] or match["plain"].lower()
        yield name, _parts(_parenthesized(plain[match.end() :])[0])


def _with_arguments(name: str, function: FunctionText, arguments: Sequence[str]) -> str:
    passed: dict[str, str] = {}
    for number, (parameter, argument) in enumerate(zip(function.parameters, arguments, strict=True), 1):
        named = _NAMED.fullmatch(argument)
        passed[named[1].lower() if named else parameter.lower()] = named[2] if named else argument
        if not named:
            passed[f"${number}"] = argument
    passed.pop("", None)
    if not passed:
        return function.body
    words = "|".join(map(re.escape, sorted(passed, key=len, reverse=True)))
    parameter_use = re.compile(rf"(?<![\w.$])(?:{re.escape(name)}\s*\.\s*)?({words})(?![\w(])", re.IGNORECASE)
    body = _COMMENT.sub(" ", function.body)
    found, begin = [], 0
    for match in _INSERT.finditer(body):
        end = match.end()
        if body[end : end + 1] == "(":
            # The listed columns may be called like parameters.
            end = len(body) - len(_parenthesized(body[end:])[1])
        found += [parameter_use.sub(lambda use: passed[use[1].lower()], body[begin : match.start()])]
        found += [body[match.start() : end]]
        begin = end
    return "".join([*found, parameter_use.sub(lambda use: passed[use[1].lower()], body[begin:])])


def _parenthesized(text: str) -> tuple[str, str]:
    """What stands within the parentheses that a text begins with, and what follows them."""
    depth, quoted = 0, False
    for place, character in enumerate(text):
        if character == "'":
            quoted = not quoted
        elif not quoted and character in "()":
            depth += 1 if character == "(" else -1
            if not depth:
                return text[1:place], text[place + 1 :]
    return text[1:], ""


def _parts(listed: str) -> list[str]:
    """The parts of a list, without commas within parentheses and strings."""
    parts, depth, quoted, begin = [], 0, False, 0
    for place, character in enumerate(listed):
        if character == "'":
            quoted = not quoted
        elif quoted:
            continue
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == "," and not depth:
            parts.append(listed[begin:place].strip())
            begin = place + 1
    last = listed[begin:].strip()
    return [*parts, last] if last or parts else []


def _own(expression: str) -> str | None:
    match = _OWN.fullmatch(expression)
    return (match["quoted"] or match["plain"].lower()) if match is not None else None


def _as_stored(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()
