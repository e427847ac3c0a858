"""Conditions under which trigger functions raise errors, turned into assignments that avoid them.

``IF new.height <> last.height + 1 THEN RAISE EXCEPTION ...`` says what ``height`` has to be. :func:`without_errors`
rewrites the body of a PL/pgSQL function, so that it assigns that instead of raising the error: PostgreSQL then computes
the row that the function wants, whatever it looks up. The text is split, not parsed: what comes of it is a proposal.

:func:`refused_nulls` returns the columns that must have a value, for a function raises an error where they are NULL.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pytest_supaseed.constraints.functions import VARYING, assigns_row

_TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|[\w$]+|<>|!=|<=|>=|:=|::|\|\||.""", re.DOTALL
)
_COMMENTS = ("--", "/*")
_NO_ERROR = ("notice", "warning", "info", "debug", "log")
# IF of END IF and of DROP TABLE IF EXISTS is no beginning of a statement.
_STATEMENT_AFTER = (";", "then", "else", "begin", "loop")
_COMPARISONS = ("<>", "!=", "<=", ">=", "<", ">", "=")
_NEGATED = {"<>": "=", "!=": "=", "=": "<>", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_COLUMN = re.compile(r'new\s*\.\s*(?:"((?:[^"]|"")+)"|(\w+))(?:\s*::\s*[\w. ]+)?', re.IGNORECASE)
_WRAPPED = re.compile(r"(?:coalesce|round|trunc|b?trim|lower|upper)\s*\((.*)\)", re.IGNORECASE | re.DOTALL)
_NEAR = re.compile(r"abs\s*\((.*)\)", re.IGNORECASE | re.DOTALL)

_INSERTING = re.compile(r"tg_op\s*(?:=\s*'insert'|in\s*\([^()]*'insert'[^()]*\))", re.IGNORECASE)
_IS_NULL = re.compile(rf"(?:{_COLUMN.pattern})\s*is\s+null\s*", re.IGNORECASE)
_IS_EMPTY = re.compile(
    rf"coalesce\s*\((?:\s*b?trim\s*\()?\s*(?:{_COLUMN.pattern})\s*\)?\s*,\s*''\s*\)\s*=\s*''\s*",
    re.IGNORECASE,
)
# Each column that the trigger's arguments name is fetched, and an error is raised where it is NULL.
_OF_ARGUMENTS = re.compile(
    r"\bforeach\s+(?P<name>\w+)\s+in\s+array\s+tg_argv\s+loop\s+execute\s[^;]*\binto\s+(?P<value>\w+)\s[^;]*;"
    r"\s*if\s+(?P=value)\s+is\s+null\s+then\s+raise\b",
    re.IGNORECASE,
)
_HANDLER = re.compile(r"\bexception\s+when\b", re.IGNORECASE)
_ENDS = {"if": "if", "case": "case", "for": "loop", "foreach": "loop", "while": "loop", "loop": "loop"}

# The text that steps a column of a name up by the least amount, such as "1"; None where it has no steps.
StepOf = Callable[[str], "str | None"]


@dataclass(frozen=True)
class Assignable:
    """The columns of the new row that may be assigned.

    Attributes:
        step_of: by the name of a column, an amount that can be added to its values; None where there is none.
        may_change: whether a column may be assigned.
    """

    step_of: StepOf
    may_change: Callable[[str], bool]


def without_errors(source: str, assignable: Assignable) -> str | None:
    """Return the body of a function that assigns columns of ``new`` where the function would raise an error.

    Errors that no assignment avoids are left out, and each RETURN returns ``new``.

    Returns:
        The body; None where there is nothing to assign.

    Example:
        >>> anything = Assignable(lambda name: "1", lambda name: True)
        >>> without_errors("BEGIN IF new.a <> 5 THEN RAISE EXCEPTION 'no'; END IF; RETURN NULL; END", anything)
        'BEGIN IF new.a <> 5 THEN new."a" := 5; END IF; RETURN new; END'
    """
    tokens = [" " if token.startswith(_COMMENTS) else token for token in _TOKEN.findall(source)]
    result: list[str] = []
    assigned = False
    at = 0
    condition = ""
    while at < len(tokens):
        word = tokens[at].lower()
        begins = _last_word(result) in _STATEMENT_AFTER
        if word in ("if", "elsif", "elseif") and begins:
            end = _then(tokens, at)
            condition = "".join(tokens[at + 1 : end]).strip()
            result += tokens[at : end + 1]
            at = end + 1
            continue
        if word == "raise" and begins and _next_word(tokens, at) not in _NO_ERROR:
            assignments = _assignments(condition, assignable) if _last_word(result) == "then" else ""
            assigned |= bool(assignments)
            result.append(assignments or "NULL;")
            at = _end_of_statement(tokens, at)
        elif word == "return" and begins:
            result.append("RETURN new;")
            at = _end_of_statement(tokens, at)
        else:
            result.append(tokens[at])
            at += 1
    return "".join(result) if assigned else None


def _last_word(tokens: list[str]) -> str:
    last = next((token.lower() for token in reversed(tokens) if token.strip()), "")
    return ";" if last.endswith(";") else last


def _next_word(tokens: list[str], at: int) -> str:
    return next((token.lower() for token in tokens[at + 1 :] if token.strip()), "")


def _then(tokens: list[str], at: int) -> int:
    """The position of the THEN of an IF."""
    cases = 0
    for place in range(at + 1, len(tokens)):
        word = tokens[place].lower()
        cases += (word == "case") - (word == "end")
        if word == "then" and not cases:
            return place
    return len(tokens) - 1


def _end_of_statement(tokens: list[str], at: int) -> int:
    """The position after the semicolon that ends a statement."""
    return next((place + 1 for place in range(at, len(tokens)) if tokens[place] == ";"), len(tokens))


def _assignments(condition: str, assignable: Assignable) -> str:
    """Statements after which a condition is false, as far as assignments make it so; empty where none do."""
    return " ".join(_avoiding(condition, assignable, holds=False))


def _avoiding(condition: str, assignable: Assignable, *, holds: bool) -> list[str]:
    """Assignments after which a condition holds, or does not."""
    condition = _unwrapped(condition)
    for word, all_of_them in (("or", not holds), ("and", holds)):
        parts = _split(condition, word)
        if len(parts) > 1:
            found = [_avoiding(part, assignable, holds=holds) for part in parts]
            if all_of_them:
                # NULL raises no error, as in the function.
                wrong = "IF NOT ({}) THEN {} END IF;" if holds else "IF {} THEN {} END IF;"
                return [
                    wrong.format(part.strip(), " ".join(statements))
                    for part, statements in zip(parts, found, strict=True)
                    if statements
                ]
            return next((statements for statements in found if statements), [])
    negated = re.match(r"not\b(?!\s+(?:exists|found)\b)(.*)", condition, re.IGNORECASE | re.DOTALL)
    if negated is not None:
        return _avoiding(negated[1], assignable, holds=not holds)
    return [f'new."{name}" := {value};' for name, value in _comparison(condition, assignable, holds=holds)][
        :1
    ]


def _comparison(condition: str, assignable: Assignable, *, holds: bool) -> Iterator[tuple[str, str]]:
    """Columns and the values after which a comparison holds, or does not, the left one first."""
    distinct = re.fullmatch(
        r"(.+?)\bis\s+(not\s+)?distinct\s+from\b(.+)", condition, re.IGNORECASE | re.DOTALL
    )
    null = re.fullmatch(r"(.+?)\bis\s+(not\s+)?null\s*", condition, re.IGNORECASE | re.DOTALL)
    between = re.fullmatch(r"(.+?)\b(not\s+)?between\b(.+?)\band\b(.+)", condition, re.IGNORECASE | re.DOTALL)
    if distinct is not None:
        left, operator, right = distinct[1], "=" if distinct[2] else "<>", distinct[3]
    elif between is not None:
        if holds != bool(between[2]):
            yield from _assigned(between[1], "=", between[3], assignable)
        return
    elif null is not None:
        if holds != bool(null[2]):
            yield from _assigned(null[1], "=", "NULL", assignable)
        return
    else:
        operators = _top_level(condition, _COMPARISONS)
        if len(operators) != 1:
            if not operators:
                yield from _assigned(condition, "=", "true" if holds else "false", assignable)
            return
        [(begin, end)] = operators
        left, operator, right = condition[:begin], condition[begin:end], condition[end:]
    operator = operator if holds else _NEGATED[operator]
    near = _NEAR.fullmatch(_unwrapped(left)) if operator in ("<", "<=") else None
    if near is not None:
        # abs(a - b) is small where both are equal.
        for begin, end in _top_level(near[1], ("-",))[:1]:
            yield from _assigned(near[1][:begin], "=", near[1][end:], assignable)
            yield from _assigned(near[1][end:], "=", near[1][:begin], assignable)
        return
    yield from _assigned(left, operator, right, assignable)
    yield from _assigned(right, _TURNED.get(operator, operator), left, assignable)


def _assigned(side: str, operator: str, value: str, assignable: Assignable) -> Iterator[tuple[str, str]]:
    """The column that one side of a comparison is, and a value for which the comparison holds."""
    name = _column(side)
    value = value.strip()
    if name is None or not assignable.may_change(name) or VARYING.search(value):
        return
    step = assignable.step_of(name)
    if operator in ("=", ">=", "<="):
        yield name, value
    elif operator in (">", "<", "<>", "!=") and step is not None:
        yield name, f"({value}) {'-' if operator == '<' else '+'} {step}"


def _column(text: str) -> str | None:
    text = _unwrapped(text)
    while (wrapped := _WRAPPED.fullmatch(text)) is not None:
        commas = _top_level(wrapped[1], (",",))
        text = _unwrapped(wrapped[1][: commas[0][0]] if commas else wrapped[1])
    match = _COLUMN.fullmatch(text)
    if match is None:
        return None
    return match[1].replace('""', '"') if match[1] else match[2].lower()


def _unwrapped(text: str) -> str:
    """A text without the parentheses around all of it."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")") and _closes(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _closes(text: str) -> int:
    depth = place = 0
    for each in _TOKEN.findall(text):
        depth += (each == "(") - (each == ")")
        if not depth:
            return place
        place += len(each)
    return -1


def _split(condition: str, word: str) -> list[str]:
    """The parts of a condition between the ANDs or ORs outside of parentheses; the AND of BETWEEN is none."""
    places = _top_level(condition, (word,))
    if word == "and":
        kept: list[tuple[int, int]] = []
        for begin, end in places:
            before = condition[kept[-1][1] if kept else 0 : begin]
            if not re.search(r"\bbetween\b(?!.*\band\b)", before, re.IGNORECASE | re.DOTALL):
                kept.append((begin, end))
        places = kept
    parts, last = [], 0
    for begin, end in places:
        parts.append(condition[last:begin])
        last = end
    return [*parts, condition[last:]]


def _top_level(text: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where words stand outside of parentheses and CASE, as positions of their begin and end."""
    found = []
    depth = place = 0
    for token in _TOKEN.findall(text):
        word = token.lower()
        depth += (word in ("(", "[", "case")) - (word in (")", "]", "end"))
        if not depth and word in words:
            found.append((place, place + len(token)))
        place += len(token)
    return found


def refused_nulls(source: str, arguments: Sequence[str] = ()) -> frozenset[str]:
    """Return the columns for which a trigger function raises an error on each INSERT of a row where they are NULL.

    What the function only does in some cases does not count, nor what comes after a RETURN that it may have taken, nor
    columns that it assigns before.

    Args:
        source: the body of a PL/pgSQL function.
        arguments: of the trigger.

    Example:
        >>> sorted(refused_nulls("BEGIN IF new.a IS NULL OR new.b IS NULL THEN RAISE 'no'; END IF; RETURN new; END"))
        ['a', 'b']
    """
    plain = re.sub(r"--[^\n]*|/\*.*?\*/", " ", source, flags=re.DOTALL)
    if _HANDLER.search(plain) or assigns_row(plain):
        return frozenset()
    tokens = _TOKEN.findall(plain)
    words = [token.lower() for token in tokens]
    at = words.index("begin") + 1 if "begin" in words else len(words)
    found: set[str] = set()
    assigned: set[str] = set()
    while at < len(words):
        word = words[at]
        if not word.strip():
            at += 1
        elif word == "if" and _INSERTING.fullmatch(_unwrapped("".join(tokens[at + 1 : _then(tokens, at)]))):
            at = _then(tokens, at) + 1
        elif word in _ENDS:
            end = _end_of_block(words, at)
            text = "".join(tokens[at:end])
            conditions = _raising(tokens[at:end])
            found |= {name for each in conditions for name in _null_in(each) if name not in assigned}
            if _OF_ARGUMENTS.match(text):
                found |= set(arguments) - assigned
            if "return" in words[at:end]:
                break
            assigned |= _assigned_in(text)
            at = end
        elif word == "end":
            at = _end_of_statement(tokens, at)
        elif word in ("return", "else", "elsif", "elseif", "begin", "exit", "<"):
            break
        else:
            end = _end_of_statement(tokens, at)
            assigned |= _assigned_in("".join(tokens[at:end]))
            at = end
    return frozenset(found) - {""}


def _end_of_block(words: Sequence[str], at: int) -> int:
    """The position after a statement that ends with END IF, END CASE or END LOOP."""
    depth = 0
    for place in range(at, len(words)):
        word = words[place]
        if word == "end":
            # END of a CASE within an expression ends what that CASE has begun.
            depth -= 1
            if not depth:
                return _end_of_statement(list(words), place)
        elif word in ("if", "case", "loop"):
            before = _word_of(words, range(place - 1, -1, -1))
            # IF EXISTS begins nothing, FOR and WHILE begin their LOOP.
            in_definition = word == "if" and before in ("table", "view", "index")
            following = _word_of(words, range(place + 1, len(words))) if in_definition else ""
            depth += before != "end" and following not in ("exists", "not")
    return len(words)


def _word_of(words: Sequence[str], places: range) -> str:
    return next((words[place] for place in places if words[place].strip()), "")


def _raising(tokens: list[str]) -> Iterator[str]:
    """The conditions of the first branches of an IF or a CASE, each of which raises an error and nothing else."""
    words = [token.lower() for token in tokens]
    at = 0
    if words[0] == "case":
        at = next((place for place in range(1, len(words)) if words[place].strip()), len(words))
        if at == len(words) or words[at] != "when":
            return
    while at < len(words) and words[at] in ("if", "elsif", "elseif", "when"):
        end = _then(tokens, at)
        place = next((each for each in range(end + 1, len(words)) if words[each].strip()), len(words))
        if place == len(words) or words[place] != "raise" or _next_word(tokens, place) in _NO_ERROR:
            return
        yield "".join(tokens[at + 1 : end])
        at = _end_of_statement(tokens, place)
        at = next((each for each in range(at, len(words)) if words[each].strip()), len(words))


def _null_in(condition: str) -> Iterator[str]:
    """The columns with which a condition is true where they are NULL."""
    for part in _split(_unwrapped(condition), "or"):
        match = next(filter(None, (form.fullmatch(_unwrapped(part)) for form in (_IS_NULL, _IS_EMPTY))), None)
        if match is not None:
            yield match[1].replace('""', '"') if match[1] else match[2].lower()


_NEW = r'new\s*\.\s*(?:"([^"]+)"|(\w+))'
_ASSIGNMENT = re.compile(rf"(?:^|;|\b(?:then|else|begin|loop)\b)\s*{_NEW}\s*:?=", re.IGNORECASE)
_INTO = re.compile(r"\binto\b(.*?)(?:\b(?:from|using)\b|;|$)", re.IGNORECASE | re.DOTALL)


def _assigned_in(text: str) -> set[str]:
    """The columns that statements may assign."""
    into = " ".join(_INTO.findall(text))
    names = (*_ASSIGNMENT.findall(text), *re.findall(_NEW, into, re.IGNORECASE))
    return {quoted or name.lower() for quoted, name in names}
