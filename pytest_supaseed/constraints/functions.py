"""Bodies of functions, as text: which trigger functions read and assign columns, and which functions vary between runs.

These are heuristics over the source, which is not parsed. :func:`columns_of_triggers`, :func:`values_of_triggers` and
:func:`assigned_by_triggers` are about the triggers of a table, :func:`trigger_targets` and :func:`inserts_into_itself`
about the tables that they insert into, :func:`tables_read` about those that they look into.

:class:`VaryingFunctions` tells which default expressions differ between runs, because they are random or depend on the
clock or session. An IMMUTABLE function never does. A built-in or C function does if it is VOLATILE, except for sequence
functions, or if it is a STABLE one that reads the clock or the session. A user-defined function does if its body calls
such a function, directly or not; otherwise it counts as repeatable even if it is VOLATILE, because it then counts or
reads tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pytest_supaseed.constraints.literals import NoConstantError, typed
from pytest_supaseed.model.schema import Schema, Table, TableName, Trigger


@lru_cache(maxsize=4_096)
def words_in(source: str) -> frozenset[str]:
    """Return the words of a function, in small letters.

    Example:
        >>> sorted(words_in("PERFORM 1 FROM Zone;"))
        ['1', 'from', 'perform', 'zone']
    """
    return frozenset(word.lower() for word in re.findall(r"\w+", source))


def columns_of_triggers(table: Table, context: str = "") -> tuple[str, ...]:
    """Return the columns that the INSERT triggers of a table mention as ``NEW.column``.

    Args:
        context: the CONTEXT of an error; where it names functions of triggers, only those triggers count.
    """
    called = _CALLED.findall(context)
    in_question = {t.name for t in table.triggers if t.function.rpartition(".")[2] in called}
    named = [
        name.lower() if quoted == "" else quoted
        for trigger in table.triggers
        if trigger.on_insert and (trigger.name in in_question or not in_question)
        for quoted, name in _mentioned(trigger.source)
    ]
    return tuple(dict.fromkeys(name for name in named if table.has_column(name)))


@lru_cache(maxsize=256)
def _mentioned(source: str) -> list[tuple[str, str]]:
    return re.findall(r'\bnew\.(?:"([^"]+)"|(\w+))', source, re.IGNORECASE)


_STRING = re.compile(r"'(?:[^']|'')*'")
_RETURN_NEW = re.compile(r"\breturn\s+new\s*;", re.IGNORECASE)
_ROW = re.compile(r"\b(?:new|execute|tg_argv|transition_table)\b", re.IGNORECASE)
_QUERY = re.compile(r"\b(?:from|join)\b", re.IGNORECASE)
_SETTING = re.compile(
    r"\bcurrent_setting\s*\(\s*'(?P<name>[\w.]+)'\s*(?:,\s*\w+\s*)?\)"
    r"(?:\s*,\s*'[^']*')?[\s)]*(?:::\s*(?P<type>\w+))?"
    r"(?:[\s)]*(?:=|<>|!=|is\s+(?:not\s+)?distinct\s+from)\s*'(?P<literal>[^']+)')?",
    re.IGNORECASE,
)
_OF_TYPE = {
    "uuid": ("00000000-0000-4000-8000-000000000001",),
    "date": ("2000-01-01",),
    "boolean": ("true",),
    "bool": ("true",),
}


def triggers_of(table: Table, context: str) -> tuple[Trigger, ...]:
    """Return the INSERT triggers of a table whose functions the CONTEXT of an error names."""
    called = set(_CALLED.findall(context))
    return tuple(
        trigger
        for trigger in table.triggers
        if trigger.on_insert and trigger.function.rpartition(".")[2] in called
    )


def reads_row(trigger: Trigger) -> bool:
    """Whether the function of a trigger may do otherwise for another row, by its text, which is PL/pgSQL.

    It reads ``NEW``, or it runs after the row is in the table and reads tables.

    Example:
        >>> reads_row(Trigger("closed", "public.closed", "BEGIN RAISE 'closed'; RETURN NEW; END", before=True))
        False
    """
    plain = _RETURN_NEW.sub(" ", _COMMENT.sub(" ", trigger.source))
    if not plain.strip() or _ROW.search(_STRING.sub(" ", plain)):
        return True
    return not trigger.before and _QUERY.search(plain) is not None


def settings_wanted(source: str) -> dict[str, tuple[str, ...]]:
    """Return the settings that a function reads with ``current_setting``, and for each values that it may accept.

    The values are those that it is compared with, one of the type that it is cast to, and ``1`` and ``on``.

    Example:
        >>> settings_wanted("IF current_setting('app.mode', true) <> 'load' THEN RAISE 'no'; END IF;")
        {'app.mode': ('load', '1', 'on')}
    """
    found: dict[str, tuple[str, ...]] = {}
    for match in _SETTING.finditer(_COMMENT.sub(" ", source)):
        values = [match["literal"]] if match["literal"] else []
        values += _OF_TYPE.get((match["type"] or "").lower(), ())
        known = found.get(match["name"], ())
        found[match["name"]] = tuple(dict.fromkeys((*known, *values)))
    return {name: tuple(dict.fromkeys((*values, "1", "on"))) for name, values in found.items()}


_INSERT = re.compile(r'\binsert\s+into\s+(?:only\s+)?((?:"(?:[^"]|"")+"|[\w.])+)', re.IGNORECASE)


def trigger_targets(schema: Schema, table: Table) -> frozenset[TableName]:
    """Return the other tables into which the insert triggers of a table insert, by the text of their functions."""
    return _targets(schema, table) - {table.name}


_MAY_WRITE = re.compile(r"\b(?:insert|execute|perform|call|select)\b", re.IGNORECASE)


def may_write(source: str) -> bool:
    """Whether a function may write rows, itself or by another function that it calls."""
    return _MAY_WRITE.search(source) is not None


_MAY_CHANGE = re.compile(r"\b(?:update|merge|execute|perform|call|select)\b|\bon\s+conflict\b", re.IGNORECASE)


def may_change(source: str) -> bool:
    """Whether a function may change rows that are there, itself or by another function that it calls."""
    return not source or _MAY_CHANGE.search(source) is not None


# EXECUTE format('INSERT INTO %I ...', tg_table_name), or the same by concatenation.
_INSERT_HERE = re.compile(
    r"\binsert\s+into\s+(?:%|'\s*\|\|)[^;]*\btg_(?:table_name|relid|relname)\b", re.IGNORECASE
)


def inserts_into_itself(schema: Schema, table: Table) -> bool:
    """Whether an insert into a table has triggers insert into it again, those of the tables that they fill included."""
    seen: set[TableName] = set()
    waiting = [table]
    while waiting:
        each = waiting.pop()
        if any(_INSERT_HERE.search(trigger.source) for trigger in each.triggers if trigger.on_insert):
            return True
        targets = _targets(schema, each) - seen
        if table.name in targets:
            return True
        seen |= targets
        waiting.extend(schema.table(name) for name in targets)
    return False


def _targets(schema: Schema, table: Table) -> frozenset[TableName]:
    sources = (_COMMENT.sub(" ", trigger.inserting) for trigger in table.triggers if trigger.on_insert)
    return _tables(schema, (match[1] for source in sources for match in _INSERT.finditer(source)))


_NAME = r'(?:"(?:[^"]|"")+"|[\w.])+'
_ALIAS = r"(?:\s+(?:as\s+)?\w+)?"
_READ = re.compile(
    rf"(?<!\bdelete\s)\b(?:from|join)\s+(?:only\s+)?({_NAME}(?:{_ALIAS}\s*,\s*{_NAME})*)", re.IGNORECASE
)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def tables_read(schema: Schema, table: Table) -> frozenset[TableName]:
    """Return the other tables that an insert into a table reads, by the text of its triggers' and CHECKs' functions."""
    checks = (*table.checks, *(check for column in table.columns for check in column.type.checks))
    sources = [trigger.source for trigger in table.triggers if trigger.on_insert]
    sources += [check.called for check in checks if check.called]
    return frozenset(name for source in sources for name in tables_in(schema, source)) - {table.name}


def tables_in(schema: Schema, source: str) -> tuple[TableName, ...]:
    """Return the tables that a function reads, by its text, each once, in the order of the text."""
    return tuple(dict.fromkeys(_found(schema, _names_read(source))))


@lru_cache(maxsize=4_096)
def _names_read(source: str) -> tuple[str, ...]:
    matches = _READ.finditer(_COMMENT.sub(" ", source))
    return tuple(dict.fromkeys(name for match in matches for name in _names_in(match[1])))


# Statements that are put together at run time, in PL/pgSQL and in the other usual languages.
_DYNAMIC = re.compile(r"\bexecute\b|\bspi_|\bplpy\.|\bplv8\.", re.IGNORECASE)


def reads_unseen(table: Table) -> bool:
    """Whether the text of the functions of a table's triggers and CHECKs does not show which tables they read."""
    sources = [trigger.source for trigger in table.triggers if trigger.on_insert]
    sources += [check.called for check in table.checks if check.called]
    return any(not source or _DYNAMIC.search(_COMMENT.sub(" ", source)) for source in sources)


_CLOCK = (
    r"(?:now\(\)|current_timestamp|current_date|localtimestamp|(?:clock|statement|transaction)_timestamp\(\))"
    r"(?:\s*::\s*\w+)?(?:\s*[-+]\s*(?:interval\s*'[^']*'|\w+))?"
)


def reads_clock(source: str) -> bool:
    """Whether a function asks what time it is, by its text.

    Example:
        >>> reads_clock("IF new.day < current_date THEN RAISE 'over'; END IF;")
        True
    """
    plain = _STRING.sub("''", _COMMENT.sub(" ", source))
    return re.search(rf"(?<!\w){_CLOCK}", plain, re.IGNORECASE) is not None


_DELETE = re.compile(
    rf"\bdelete\s+from\s+(?:only\s+)?(?P<table>{_NAME})(?:{_ALIAS}(?<!\bwhere))?\s+where\s+(?P<where>[^;]*)",
    re.IGNORECASE,
)
_BEFORE_CLOCK = re.compile(rf"(?:\w+\.)?(?P<column>\w+)\s*(?P<operator><=?|>=?)\s*{_CLOCK}", re.IGNORECASE)
_AFTER_CLOCK = re.compile(rf"{_CLOCK}\s*(?P<operator><=?|>=?)\s*(?:\w+\.)?(?P<column>\w+)", re.IGNORECASE)
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@lru_cache(maxsize=4_096)
def _deletions(source: str) -> tuple[re.Match[str], ...]:
    """The DELETE statements of a function; triggers share functions."""
    return tuple(_DELETE.finditer(_COMMENT.sub(" ", source)))


def expiring(table: Table) -> dict[str, str]:
    """Return the columns whose rows the table's INSERT triggers delete once the clock has passed them.

    Returns:
        By column, the comparison with the clock for which a row is deleted: ``<`` or ``<=`` for one in the past, ``>``
        or ``>=`` for one in the future.

    Example:
        >>> expiring(invites)  # doctest: +SKIP
        {'expires': '<'}
    """
    found: dict[str, str] = {}
    for trigger in table.triggers:
        for match in _deletions(trigger.source) if trigger.on_insert else ():
            *schema, name = [_as_stored(part) for part in re.findall(r'"(?:[^"]|"")+"|\w+', match["table"])]
            if name != table.name.name or (schema and schema != [table.name.schema]):
                continue
            for each in _BEFORE_CLOCK.finditer(match["where"]):
                found[each["column"].lower()] = each["operator"]
            for each in _AFTER_CLOCK.finditer(match["where"]):
                found.setdefault(each["column"].lower(), _TURNED[each["operator"]])
    return found


@dataclass(frozen=True)
class Lookup:
    """A table that a function reads, and what the function compares with its columns.

    Attributes:
        table: its name as the function spells it.
        pairs: a column of that table, and the column of the new row that it is compared with; empty for a parameter or
            a variable of the function.
    """

    table: str
    pairs: tuple[tuple[str, str], ...]


_NEW = r'new\.(?:"(?P<{0}_quoted>[^"]+)"|(?P<{0}>\w+))'
_VALUE = rf"(?:{_NEW}|\$\d+|(?:\w+\.)?\w+)"
_COLUMN = r"(?<!\w)(?<!\bnew\.)(?!new\.)(?:\w+\.)?(?P<{0}>\w+)"
# column = value, value = column, value BETWEEN column AND ..., value IN (SELECT column FROM the table ...).
_COMPARISONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_COLUMN.format('column')}\s*(?:=|\bis\s+not\s+distinct\s+from\b)\s*{_VALUE.replace('{0}', 'own')}",
        rf"{_VALUE.replace('{0}', 'own')}\s*(?:=|\bbetween\b)\s*{_COLUMN.format('column')}",
    )
)
_IN_SELECT = re.compile(
    rf"{_VALUE.replace('{0}', 'own')}\s+(?:not\s+)?in\s*\(\s*select\s+(?:distinct\s+)?"
    rf"{_COLUMN.format('column')}\s+from\s+(?:only\s+)?(?P<table>{_NAME})",
    re.IGNORECASE,
)


def lookups_in(source: str) -> tuple[Lookup, ...]:
    """Return what a function looks up, by its text; a pair may name what is no column of the table.

    Example:
        >>> lookups_in("SELECT EXISTS (SELECT FROM area a WHERE a.code = new.place)")
        (Lookup(table='area', pairs=(('code', 'place'),)),)
    """
    plain = _COMMENT.sub(" ", source)
    found: dict[str, dict[tuple[str, str], None]] = {}
    for match in _IN_SELECT.finditer(plain):
        found.setdefault(match["table"], {})[match["column"].lower(), _own(match)] = None
    for match in _READ.finditer(plain):
        condition = plain[match.end() :].partition(";")[0]
        for name in _names_in(match[1]):
            pairs = found.setdefault(name, {})
            for comparison in _COMPARISONS:
                pairs.update(
                    ((each["column"].lower(), _own(each)), None) for each in comparison.finditer(condition)
                )
    return tuple(Lookup(name, tuple(pairs)) for name, pairs in found.items() if pairs)


def _names_in(listed: str) -> list[str]:
    """The names of tables that stand behind FROM or JOIN, without their aliases."""
    return [name for name, _ in re.findall(rf"(?:^|,)\s*({_NAME})({_ALIAS})", listed, re.IGNORECASE)]


def _own(match: re.Match[str]) -> str:
    return match["own_quoted"] or (match["own"] or "").lower()


def _tables(schema: Schema, names: Iterable[str]) -> frozenset[TableName]:
    """The tables of names as they stand in SQL."""
    return frozenset(_found(schema, names))


def _found(schema: Schema, names: Iterable[str]) -> Iterator[TableName]:
    """The tables of names as they stand in SQL, in their order."""
    for name in names:
        parts = [_as_stored(part) for part in re.findall(r'"(?:[^"]|"")+"|\w+', name)]
        found = schema.find(".".join(parts))
        if found is not None:
            yield found.name


def deferred_targets(schema: Schema) -> frozenset[TableName]:
    """Return the tables into which the triggers of tables with a deferrable trigger insert."""
    deferrable = [table for table in schema.tables if any(trigger.deferrable for trigger in table.triggers)]
    return frozenset(target for table in deferrable for target in trigger_targets(schema, table))


def _as_stored(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()


_CALLED = re.compile(r'\bfunction (?:"?\w+"?\.)?"?(\w+)"?\(')


def functions_named(text: str) -> frozenset[str]:
    """Return the names of the functions that the message or the CONTEXT of an error names, without their schemas.

    Example:
        >>> functions_named("in: trigger judges, PL/pgSQL function app.judge() line 1 at RAISE")
        frozenset({'judge'})
    """
    return frozenset(_CALLED.findall(text))


_FLAGS = re.IGNORECASE | re.DOTALL
_OPERATOR = r"(?:=|<>|!=|\bnot\s+in\b|\bin\b|\blike\b|\bis\s+distinct\s+from\b)"
_LITERAL = r"'((?:[^']|'')*)'"


def values_of_triggers(table: Table) -> dict[str, tuple[str, ...]]:
    """Return the constants that the INSERT triggers of a table compare its columns with, by column.

    ``CASE NEW.kind WHEN 'a' THEN ... ELSE RAISE`` and ``IF NEW.kind NOT IN ('a', 'b')`` show the values of ``kind``.
    What the type of a column does not take, such as a part of a sequence's name, is left out.
    """
    found: dict[str, dict[str, None]] = {}
    for trigger in table.triggers:
        for name in columns_of_triggers(table) if trigger.on_insert else ():
            for literal in _compared(trigger.source, name):
                value = literal.replace("''", "'")
                with suppress(NoConstantError):
                    typed(value, table.column(name).type)
                    found.setdefault(name, {})[value] = None
    return {name: tuple(values) for name, values in found.items()}


def _compared(source: str, name: str) -> Iterator[str]:
    """Yield the constants that a function compares with a column, or with a variable that has its value."""
    column = rf'\bnew\.(?:"{re.escape(name)}"|{re.escape(name)}\b)'
    # In a declaration the type follows the variable; in an assignment another word may precede the variable.
    assigned = re.findall(rf"\b(\w+)\s+(?:(\w+)\s*)?:=\s*{column}\s*;", source, re.IGNORECASE)
    variables = [word for words in assigned for word in words if word]
    subject = "(?:" + "|".join([column, *(rf"(?<!\.)\b{variable}\b" for variable in variables)]) + ")"
    for body in re.findall(rf"\bcase\s+{subject}(.*?)\bend\b\s*(?:case\b|;)", source, _FLAGS):
        for when in re.findall(rf"\bwhen\s+({_LITERAL}(?:\s*,\s*{_LITERAL})*)", body, _FLAGS):
            yield from re.findall(_LITERAL, when[0])
    for body in re.findall(rf"{subject}(?:::\w+)?\s*{_OPERATOR}(.*?)(?:\bthen\b|;)", source, _FLAGS):
        yield from re.findall(_LITERAL, body)


# An assignment of the whole row: "=" is one at the beginning of a statement only, elsewhere a comparison.
_WHOLE_ROW = re.compile(
    r"\bnew\s*:=|\binto\s+new\b(?!\.)|(?:^|;|\b(?:then|else|begin|loop)\b)(?:\s|--[^\n]*\n)*new\s*=",
    re.IGNORECASE,
)


def assigns_row(source: str) -> bool:
    """Whether a trigger function assigns the whole new row."""
    return _WHOLE_ROW.search(source) is not None


def assigned_by_triggers(table: Table) -> set[str]:
    """Return the columns that BEFORE INSERT triggers assign."""
    sources = [trigger.source for trigger in table.triggers if trigger.on_insert and trigger.before]
    return assigned_in(sources, [column.name for column in table.columns])


_OF_NEW = r'new\.(?:"[^"]+"|\w+)'
# new.a := 1; new.b[1] = 2; SELECT a, b INTO STRICT new.a, new.b.
_ASSIGNED = re.compile(
    rf'(?:^|[;\n]|\b(?:then|else|begin|loop))\s*({_OF_NEW})\s*(?:\[[^\]]*\]\s*|\.\s*"?\w+"?\s*)*:?=(?!=)'
    rf"|\binto\s+(?:strict\s+)?((?:[\w.\"]+\s*,\s*)*{_OF_NEW}(?:\s*,\s*[\w.\"]+)*)",
    re.IGNORECASE,
)
_COLUMN_OF_NEW = re.compile(r'\bnew\.(?:"([^"]+)"|(\w+))', re.IGNORECASE)


def assigned_in(sources: Iterable[str], columns: Iterable[str]) -> set[str]:
    """Return the columns of the new row that functions assign.

    Args:
        sources: the bodies of the functions.
        columns: all columns of the row.
    """
    sources = list(sources)
    if any(map(assigns_row, sources)):
        return set(columns)
    return {
        quoted or name.lower()
        for source in sources
        for match in _ASSIGNED.finditer(source)
        for quoted, name in _COLUMN_OF_NEW.findall(match[1] or match[2])
    }


# Functions by OID. The body is in pg_proc.prosqlbody for SQL-standard syntax, else in prosrc.
CALLED = """
SELECT p.oid, p.proname AS name, p.provolatile::text AS volatility, l.lanname AS language,
       coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) AS body, n.nspname <> 'pg_catalog' AS own
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
WHERE p.oid = ANY (%(relations)s)
"""
# All functions that the body of a user-defined function may call in turn.
BODIES = """
SELECT p.oid, p.proname AS name, p.provolatile::text AS volatility, l.lanname AS language,
       coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) AS body, true AS own
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
WHERE n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema' AND p.provolatile <> 'i'
ORDER BY p.oid
"""
VARYING = re.compile(
    r"\b(now|current_(date|time|timestamp|user|role|setting|catalog|database|query)|session_user|localtime|"
    r"(clock|statement|transaction)_timestamp|timeofday|random|gen_random_|gen_salt|uuid_generate_|uuidv\d|"
    r"currval|lastval|txid_current|pg_current_|pg_backend_pid|pg_postmaster_|inet_(client|server)_|version\(\))",
    re.IGNORECASE,
)
_CURRENT_SETTING = re.compile(r"\bcurrent_setting\b", re.IGNORECASE)
_COUNTING = ("nextval", "currval", "lastval", "setval")
_CALLS = re.compile(r":(?:opfuncid|funcid) (\d+)")
# Node of CURRENT_DATE, CURRENT_USER and the like.
_OF_THE_SESSION = "{SQLVALUEFUNCTION "
_Record = Mapping[str, Any]


def functions_in(tree: str) -> tuple[int, ...]:
    """Return the OIDs of the functions that an expression tree (``pg_attrdef.adbin``) calls."""
    return tuple(dict.fromkeys(map(int, _CALLS.findall(tree))))


_READS = re.compile(r"\bcurrent_setting\s*\(\s*'+([a-z_][\w$]*\.[\w.$]+)'+", re.IGNORECASE)


def settings_read(text: str) -> set[str]:
    """Return the customized settings that the text of functions, policies or views reads.

    Example:
        >>> settings_read("user_id = (current_setting('app.user'::text, true))::integer")
        {'app.user'}
    """
    return {name.lower() for name in _READS.findall(text)}


class VaryingFunctions:
    """The functions that return different values in different runs.

    Args:
        called: rows of :data:`CALLED` for the functions that defaults call.
        bodies: rows of :data:`BODIES`; not needed where no function is user-defined.
    """

    def __init__(self, called: Iterable[_Record], bodies: Iterable[_Record] = ()) -> None:
        known = self._known = {record["oid"]: record for record in (*bodies, *called)}
        self._found = {oid for oid, record in known.items() if _varies(record)}
        names = {known[oid]["name"] for oid in self._found if known[oid]["own"]}
        # Transitive closure over the callers.
        while names:
            calling = re.compile(rf"\b({'|'.join(map(re.escape, sorted(names)))})\"?\s*\(")
            more = [
                oid
                for oid, record in known.items()
                if oid not in self._found and _judged_by_body(record) and calling.search(record["body"] or "")
            ]
            self._found.update(more)
            names = {known[oid]["name"] for oid in more}

    def in_tree(self, tree: str | None) -> bool:
        """Whether an expression may have another value in another run.

        Args:
            tree: the expression as in ``pg_attrdef.adbin``, None for no expression.
        """
        return tree is not None and (
            _OF_THE_SESSION in tree or not self._found.isdisjoint(functions_in(tree))
        )

    def settings_in(self, tree: str | None, text: str | None) -> set[str]:
        """Return the settings that alone decide what an expression gives; none where something else varies as well.

        Args:
            tree: the expression as in ``pg_attrdef.adbin``, None for no expression.
            text: the same as SQL.
        """
        if tree is None or text is None or _OF_THE_SESSION in tree:
            return set()
        called = [self._known[oid] for oid in functions_in(tree) if oid in self._known]
        texts = [text, *(record["body"] or "" for record in called if _judged_by_body(record))]
        if any(VARYING.search(_CURRENT_SETTING.sub("", each)) for each in texts):
            return set()
        return set().union(*map(settings_read, texts))


def _judged_by_body(record: _Record) -> bool:
    return bool(record["own"] and record["volatility"] != "i" and record["language"] not in ("c", "internal"))


def _varies(record: _Record) -> bool:
    if record["volatility"] == "i":
        return False
    if _judged_by_body(record):
        return VARYING.search(record["body"] or "") is not None
    # The body of a C function is unknown; a VOLATILE one of an extension is most likely random.
    volatile = record["volatility"] == "v" and record["name"] not in _COUNTING
    return volatile or VARYING.match(f"{record['name']}()") is not None
