"""What statements and functions do that lasts until their transaction ends, read from their text.

PostgreSQL does not tell which settings were made for a transaction only, nor what a temporary table is to do at a
commit. Reading too much of a text costs a question to the server; what is read wrongly changes nothing that was not
changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

# Of Effects.kinds.
CURSORS, LOCKS, LABELS, LISTENS = "cursors", "locks", "labels", "listens"


UNNAMED_LOCAL, UNNAMED_LASTING, UNNAMED_TABLES = "unnamed local", "unnamed lasting", "unnamed tables"


DEFINES, SESSION_LOCKS, DEFERS = "defines", "session locks", "defers"


# A text without any of these has no effect that is looked for; to look for them is cheaper than to match patterns.
_WORDS = ("set_config", "local", "commit", "cursor", "open", "advisory", "alter", "listen", "defer", ";", "$")


_BEGINNINGS = ("set", "reset", "do", "create")


_SET_LOCAL = re.compile(
    r"\bset\s+local\s+(session\s+authorization\b|time\s+zone\b|\"?[a-z_][\w.$]*|)", re.IGNORECASE
)


# Not of UPDATE ... SET: only where a statement begins, in SQL, in PL/pgSQL or in a text that is executed.
_SET = re.compile(
    r"(?:\A|;|'|\$|\bbegin\b|\bthen\b|\belse\b|\bloop\b)\s*(?:set|reset)\s+(?!local\b|constraints\b|transaction\b)"
    r"(?:session\s+(?!authorization))?(session\s+authorization\b|time\s+zone\b|\"?[a-z_][\w.$]*)",
    re.IGNORECASE,
)


_SET_CONFIG = re.compile(r"\bset_config\s*\(", re.IGNORECASE)


_NAME = re.compile(r"e?'+([a-z_][\w.$]*)'+(?:\s*::\s*\w+)?", re.IGNORECASE)


# A name that a text is put after, or that a placeholder is a part of, is none that can be read.
_TEMPORARY = re.compile(
    r"\bcreate\s+(?:(?:global\s+|local\s+)?temp(?:orary)?\s+table\s+(?:if\s+not\s+exists\s+)?(?:pg_temp\s*\.\s*)?"
    r"|(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?pg_temp\s*\.\s*)"
    r"(?:(\"(?:[^\"]|\"\")+\"|[a-z_][\w$]*)(?![\w$%?])|)[^;]*?\bon\s+commit\s+(drop|delete\s+rows)\b",
    re.IGNORECASE,
)


_TEMPORARY_BEGINS = re.compile(r"\bcreate\s+(?:global\s+|local\s+)?temp|\bpg_temp\b", re.IGNORECASE)


# Of texts between dollars, the inside is a statement or the body of a function, and is read as what is around them.
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


_TRUE = frozenset(("true", "'true'", "'t'", "'yes'", "'on'", "'1'", "1::boolean"))


_FALSE = frozenset(("false", "'false'", "'f'", "'no'", "'off'", "'0'", "0::boolean"))


_OF_TRANSACTIONS = frozenset(("transaction_isolation", "transaction_read_only", "transaction_deferrable"))


# SQL has words of its own for some settings.
_SETTINGS = {
    "session authorization": "session_authorization",
    "time zone": "timezone",
    "schema": "search_path",
    "names": "client_encoding",
}


@dataclass(frozen=True)
class Effects:
    """What a text does that lasts until its transaction ends, or that tells what of it lasts longer.

    Attributes:
        local: settings that are made for the transaction.
        lasting: settings that are made for the session.
        tables: temporary tables that a commit drops (True) or empties (False), by their names.
        kinds: what else there is.
    """

    local: frozenset[str] = frozenset()
    lasting: frozenset[str] = frozenset()
    tables: frozenset[tuple[str, bool]] = frozenset()
    kinds: frozenset[str] = frozenset()

    def __or__(self, other: Effects) -> Effects:
        """Return what both do."""
        return Effects(
            self.local | other.local,
            self.lasting | other.lasting,
            self.tables | other.tables,
            self.kinds | other.kinds,
        )


NO_EFFECTS = Effects()


def effects_of(text: str) -> Effects:
    """Read what a statement does, or a function's body.

    Args:
        text: SQL or PL/pgSQL.

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
    # What SET TRANSACTION sets ends with the savepoint, and cannot be set back before.
    return (name for name in names if name and name not in _OF_TRANSACTIONS)


def _setting(words: str) -> str:
    name = " ".join(words.lower().strip('"').split())
    return _SETTINGS.get(name, name)


def _folded(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()


def _temporary(text: str) -> Iterator[tuple[str, str]]:
    """The names of temporary tables that end with a transaction, and how: those of statements, and of texts in them.

    What a text says is executed as a rule, a DEFAULT or a comment aside. One that is put together of several names no
    table.
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
    """The three arguments of each call of set_config()."""
    for call in _SET_CONFIG.finditer(text):
        arguments, depth, quoted, start = [], 0, False, call.end()
        for at in range(call.end(), len(text)):
            character = text[at]
            if character == "'":
                quoted = not quoted
            elif quoted:
                continue
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
    """Whether a setting is made for the transaction, and whether for the session; both where that is not said."""
    word = argument.lower()
    return word not in _FALSE, word not in _TRUE


_READS = re.compile(r"\bcurrent_setting\s*\(\s*'+([a-z_][\w$]*\.[\w.$]+)'+", re.IGNORECASE)


def settings_read(text: str) -> set[str]:
    """Return the settings of the application that a text asks for.

    Args:
        text: of functions, policies, views.

    Example:
        >>> settings_read("user_id = (current_setting('app.user'::text, true))::integer")
        {'app.user'}
    """
    return {name.lower() for name in _READS.findall(text)}
