"""Effects of statements that end with their transaction: settings, temporary tables, cursors, locks.

PostgreSQL does not report which settings are local to a transaction, nor the ON COMMIT action of a temporary table.
:func:`effects_of` finds such effects in the text of a statement or a function body, and returns :class:`Effects`. A
false positive costs a round trip, and does not change a setting or a table that was not changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# Values of Effects.kinds, also below.
CURSORS, LOCKS, LABELS, LISTENS = "cursors", "locks", "labels", "listens"
UNNAMED_LOCAL, UNNAMED_LASTING, UNNAMED_TABLES = "unnamed local", "unnamed lasting", "unnamed tables"
DEFINES, SESSION_LOCKS, DEFERS = "defines", "session locks", "defers"
# A text without any of these words has no effect of interest; this test is cheaper than the patterns.
_WORDS = ("set_config", "local", "commit", "cursor", "open", "advisory", "alter", "listen", "defer", ";", "$")
_BEGINNINGS = ("set", "reset", "do", "create")
_SET_LOCAL = re.compile(
    r"\bset\s+local\s+(session\s+authorization\b|time\s+zone\b|\"?[a-z_][\w.$]*|)", re.IGNORECASE
)
# Only at the beginning of a statement in SQL, PL/pgSQL or an executed string, so not UPDATE ... SET.
_SET = re.compile(
    r"(?:\A|;|'|\$|\bbegin\b|\bthen\b|\belse\b|\bloop\b)\s*(?:set|reset)\s+(?!local\b|constraints\b|transaction\b)"
    r"(?:session\s+(?!authorization))?(session\s+authorization\b|time\s+zone\b|\"?[a-z_][\w.$]*)",
    re.IGNORECASE,
)
_SET_CONFIG = re.compile(r"\bset_config\s*\(", re.IGNORECASE)
_NAME = re.compile(r"e?'+([a-z_][\w.$]*)'+(?:\s*::\s*\w+)?", re.IGNORECASE)
# A name that is concatenated or contains a placeholder is not read: its group is empty.
_TEMPORARY = re.compile(
    r"\bcreate\s+(?:(?:global\s+|local\s+)?temp(?:orary)?\s+table\s+(?:if\s+not\s+exists\s+)?(?:pg_temp\s*\.\s*)?"
    r"|(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?pg_temp\s*\.\s*)"
    r"(?:(\"(?:[^\"]|\"\")+\"|[a-z_][\w$]*)(?![\w$%?])|)[^;]*?\bon\s+commit\s+(drop|delete\s+rows)\b",
    re.IGNORECASE,
)
_TEMPORARY_BEGINS = re.compile(r"\bcreate\s+(?:global\s+|local\s+)?temp|\bpg_temp\b", re.IGNORECASE)
# Dollar-quoted text is not included: a statement or function body, it is read like the text around it.
_LITERAL_OR_COMMENT = re.compile(
    r"""
    (?P<literal> \be'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*')
    | (?P<name> "(?:[^"]|"")*")
    | --[^\n]* | /\*.*?\*/
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_KINDS = {
    CURSORS: re.compile(r"\bcursor\b|\brefcursor\b|\bopen\s+\"?\w+", re.IGNORECASE),
    LOCKS: re.compile(r"\bpg_(?:try_)?advisory_xact_lock", re.IGNORECASE),
    SESSION_LOCKS: re.compile(r"\bpg_(?:try_)?advisory_lock", re.IGNORECASE),
    LABELS: re.compile(r"\balter\s+type\b[^;]*\badd\s+value\b", re.IGNORECASE),
    LISTENS: re.compile(r"(?:\A|;)\s*listen\s", re.IGNORECASE),
    DEFERS: re.compile(r"\bdeferrable\b|\binitially\s+deferred\b", re.IGNORECASE),
    DEFINES: re.compile(r"\bcreate\s+(?:or\s+replace\s+)?(?:function|procedure)\b", re.IGNORECASE),
}
_TRUE = frozenset(("true", "'true'", "'t'", "'yes'", "'on'", "'1'", "1"))
_FALSE = frozenset(("false", "'false'", "'f'", "'no'", "'off'", "'0'", "0"))
_CAST = re.compile(r"\s*::\s*bool(?:ean)?\Z")
_OF_TRANSACTIONS = frozenset(("transaction_isolation", "transaction_read_only", "transaction_deferrable"))
# Settings with a syntax of their own.
_SETTINGS = {
    "session authorization": "session_authorization",
    "time zone": "timezone",
    "schema": "search_path",
    "names": "client_encoding",
}


@dataclass(frozen=True)
class Effects:
    """What a text does that ends with its transaction, and what shows that an effect lasts longer.

    Attributes:
        local: settings made for the transaction.
        lasting: settings made for the session.
        tables: temporary tables by name, with True for ON COMMIT DROP and False for ON COMMIT DELETE ROWS.
        kinds: other effects, named by constants of this module.
    """

    local: frozenset[str] = frozenset()
    lasting: frozenset[str] = frozenset()
    tables: frozenset[tuple[str, bool]] = frozenset()
    kinds: frozenset[str] = frozenset()

    def __or__(self, other: Effects) -> Effects:
        """Return the union."""
        return Effects(
            self.local | other.local,
            self.lasting | other.lasting,
            self.tables | other.tables,
            self.kinds | other.kinds,
        )


NO_EFFECTS = Effects()


def effects_of(text: str) -> Effects:
    """Return the effects of a statement or function body in SQL or PL/pgSQL.

    Example:
        >>> effects_of("SELECT set_config('app.user', '7', true)").local
        frozenset({'app.user'})
    """
    lowered = text.lower()
    if lowered.lstrip().startswith(_BEGINNINGS) or any(map(lowered.__contains__, _WORDS)):
        return _read(text)
    return NO_EFFECTS


@lru_cache(maxsize=512)
def _read(text: str) -> Effects:
    local: set[str] = set()
    lasting: set[str] = set()
    tables: set[tuple[str, bool]] = set()
    kinds = {kind for kind, pattern in _KINDS.items() if pattern.search(text)}
    for words in _SET_LOCAL.findall(text):
        local.add(_setting(words))
    lasting.update(map(_setting, _SET.findall(text)))
    for arguments in _calls(text):
        is_local, is_lasting = _scope(arguments[2])
        name = _NAME.fullmatch(arguments[0])
        if is_local:
            local.add(name[1].lower() if name is not None else "")
        if is_lasting:
            lasting.add(name[1].lower() if name is not None else "")
    for table, action in _temporary(text) if "commit" in text.lower() else ():
        tables.add((_folded(table), action.lower() == "drop"))
    for names, kind in ((local, UNNAMED_LOCAL), (lasting, UNNAMED_LASTING)):
        if "" in names:
            kinds.add(kind)
    if any(not name for name, _ in tables):
        kinds.add(UNNAMED_TABLES)
    return Effects(
        frozenset(_ended_by_commit(local)),
        frozenset(_ended_by_commit(lasting)),
        frozenset(table for table in tables if table[0]),
        frozenset(kinds),
    )


def _ended_by_commit(names: Iterable[str]) -> Iterator[str]:
    # The effect of SET TRANSACTION ends with the savepoint, and cannot be reset before.
    return (name for name in names if name and name not in _OF_TRANSACTIONS)


def _setting(words: str) -> str:
    name = " ".join(words.lower().strip('"').split())
    return _SETTINGS.get(name, name)


def _folded(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()


def _temporary(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and ON COMMIT action of temporary tables, in statements and in string literals.

    A literal is usually executed, unless it is a DEFAULT or a comment. If it is concatenated, the name is empty.
    """
    literals: list[str] = []

    def emptied(found: re.Match[str]) -> str:
        if found["name"] is not None:
            return found["name"]
        if found["literal"] is None:
            return " "
        literals.append(found["literal"].strip("eE")[1:-1].replace("''", "'"))
        return "''"

    yield from _TEMPORARY.findall(_LITERAL_OR_COMMENT.sub(emptied, text))
    for place, literal in enumerate(literals):
        if _TEMPORARY_BEGINS.search(literal) is None:
            continue
        found = list(_temporary(literal))
        yield from found or _TEMPORARY.findall("?".join(literals[place:]))


def _calls(text: str) -> Iterator[list[str]]:
    """Yield the three arguments of each call of set_config()."""
    for call in _SET_CONFIG.finditer(text):
        arguments, depth, quoted, start = [], 0, False, call.end()
        for at in range(call.end(), len(text)):
            character = text[at]
            if character == "'":
                quoted = not quoted
            elif quoted:
                pass
            elif character in "([":
                depth += 1
            elif character in ")]" and depth:
                depth -= 1
            elif (character == "," and not depth) or character == ")":
                arguments.append(text[start:at].strip())
                start = at + 1
                if character == ")":
                    break
        if len(arguments) == 3:
            yield arguments


def _scope(argument: str) -> tuple[bool, bool]:
    """Whether set_config() acts on the transaction, and whether on the session; both where it does not tell."""
    word = _CAST.sub("", argument.lower())
    return word not in _FALSE, word not in _TRUE


_PLACEHOLDER = re.compile(r"%(?:\((?P<name>[^)]+)\))?[sbt]|\$(?P<number>\d+)|%%")


def with_values(text: str, values: Mapping[str, Any] | Sequence[Any]) -> str:
    """Return a statement with its values in the place of placeholders, as far as effects are read from them.

    Args:
        text: with placeholders as psycopg or asyncpg takes them: ``%s``, ``%(name)s``, ``$1``.
        values: of the placeholders; those that are neither texts nor truth values stay unknown.

    Example:
        >>> with_values("SELECT set_config(%s, %s, $3)", ["app.user", 7, True])
        "SELECT set_config('app.user', ?, true)"
    """
    by_name: Mapping[str, Any] = values if isinstance(values, Mapping) else {}
    in_sequence: Sequence[Any] = () if isinstance(values, Mapping) else values
    in_order = iter(in_sequence)

    def constant(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        try:
            if found["number"] is not None:
                value = in_sequence[int(found["number"]) - 1]
            elif found["name"] is not None:
                value = by_name[found["name"]]
            else:
                value = next(in_order, None)
        except LookupError:
            # The driver reports the mistake.
            return "?"
        if isinstance(value, bool):
            return "true" if value else "false"
        return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else "?"

    return _PLACEHOLDER.sub(constant, text)
