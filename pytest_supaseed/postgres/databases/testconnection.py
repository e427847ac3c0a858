"""psycopg2 connection of a test whose commits are savepoints in a transaction that is undone.

To the test it is an ordinary connection that begins, commits and rolls back. :meth:`TestConnection.enter` begins the
transaction and :meth:`TestConnection.undo` rolls it back. :class:`TestCursor` looks for statements with effects that
end with a transaction; a commit imitates the end of these effects, or records that it differs from a real one.

PostgreSQL does not report which settings are local to a transaction, nor the ON COMMIT action of a temporary table.
:func:`effects_of` finds such effects in the text of a statement or a function body, and returns :class:`Effects`. A
false positive costs a round trip, and does not change a setting or a table that was not changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import TRANSACTION_STATUS_INERROR
from psycopg2.extensions import connection as psycopg2_connection
from psycopg2.extensions import cursor as psycopg2_cursor

from pytest_supaseed.reflection.queries import count_as_usual

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
_TRUE = frozenset(("true", "'true'", "'t'", "'yes'", "'on'", "'1'", "1::boolean"))
_FALSE = frozenset(("false", "'false'", "'f'", "'no'", "'off'", "'0'", "0::boolean"))
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
    word = argument.lower()
    return word not in _FALSE, word not in _TRUE


_READS = re.compile(r"\bcurrent_setting\s*\(\s*'+([a-z_][\w$]*\.[\w.$]+)'+", re.IGNORECASE)


def settings_read(text: str) -> set[str]:
    """Return the customized settings that the text of functions, policies or views reads.

    Example:
        >>> settings_read("user_id = (current_setting('app.user'::text, true))::integer")
        {'app.user'}
    """
    return {name.lower() for name in _READS.findall(text)}


# Why not all of a test's transaction can be committed.
FAILED = "a statement had failed after it"
_SAVEPOINT = "supaseed_test"
_ENTER = f"SAVEPOINT {_SAVEPOINT}"
_ROLL_BACK = f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}"
_RELEASE = f"RELEASE SAVEPOINT {_SAVEPOINT}"
_CHECK = "SET CONSTRAINTS ALL IMMEDIATE"
# The constraints are looked up anew, because the test may have dropped or made some.
_DEFER = """
DO $supaseed$ DECLARE names text; BEGIN
    SELECT pg_catalog.string_agg(pg_catalog.format('%I.%I', n.nspname, c.conname), ', ') INTO names
    FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace WHERE c.condeferred;
    IF names IS NOT NULL THEN EXECUTE 'SET CONSTRAINTS ' || names || ' DEFERRED'; END IF;
END $supaseed$
"""
# All names first, because a loop over a query is a cursor itself.
_CLOSE_CURSORS = """
DO $supaseed$ DECLARE names text[]; each text; BEGIN
    SELECT pg_catalog.array_agg(name) INTO names FROM pg_catalog.pg_cursors WHERE NOT is_holdable;
    FOREACH each IN ARRAY COALESCE(names, '{}') LOOP EXECUTE pg_catalog.format('CLOSE %I', each); END LOOP;
END $supaseed$
"""
# A commit does not check who owns a table: these statements run as the connection's role, not as one that was set.
_END_TABLES = """
DO $supaseed$ DECLARE
    found text; role text := pg_catalog.current_setting('role'); login text := session_user;
BEGIN
    SELECT pg_catalog.string_agg(pg_catalog.format('pg_temp.%I', c.relname), ', ') INTO found
    FROM pg_catalog.pg_class c WHERE c.relnamespace = pg_catalog.pg_my_temp_schema() AND c.relkind IN ('r', 'p')
        AND c.relname = ANY ({names}::text[]);
    IF found IS NULL THEN RETURN; END IF;
    PERFORM pg_catalog.set_config('session_authorization', NULL, true), pg_catalog.set_config('role', 'none', true);
    EXECUTE {statement} || found || {also};
    IF login <> session_user THEN PERFORM pg_catalog.set_config('session_authorization', login, true); END IF;
    IF role <> 'none' THEN PERFORM pg_catalog.set_config('role', role, true); END IF;
END $supaseed$
"""
# What cannot be changed once a transaction has begun, by psycopg2's names.
_KEEPS = {
    "isolation_level": "keeps its isolation level",
    "readonly": "stays one that may write (SET TRANSACTION READ ONLY is for one transaction)",
    "deferrable": "is not deferrable",
}
# What RESET ALL does not reset.
_NOT_RESET = frozenset(("role", "session_authorization"))
_LEFT = (psycopg2.errors.InvalidSavepointSpecification, psycopg2.errors.NoActiveSqlTransaction)
# Queries that run with a commit in one round trip. A row made by this transaction is no older than it; labels made
# together with their type, by one command, can be used.
_NEW_LABELS = """(
    SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
    FROM pg_catalog.pg_enum e
    WHERE pg_catalog.age(e.xmin) <= pg_catalog.age(pg_catalog.pg_current_xact_id_if_assigned()::xid)
        AND EXISTS (
            SELECT FROM pg_catalog.pg_enum o
            WHERE o.enumtypid = e.enumtypid AND (pg_catalog.age(o.xmin) > pg_catalog.age(e.xmin)
                OR o.xmin = e.xmin AND o.cmin::text::bigint < e.cmin::text::bigint)
        )
)"""
_HELD_LOCKS = """(
    SELECT 'advisory' FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid() LIMIT 1
)"""
_NEW_TABLES = """(
    SELECT pg_catalog.string_agg(c.relname, ', ') FROM pg_catalog.pg_class c
    WHERE c.relnamespace = pg_catalog.pg_my_temp_schema() AND c.relkind = 'r'
)"""
# Differences from a real commit, by the kind of effect whose query finds them.
_DIFFERENCES = {
    LABELS: "the labels {} were added to an enum, and cannot be used before the transaction ends (error 55P04)",
    LOCKS: "pg_advisory_xact_lock() was called, and its lock is held until the test ends",
    LISTENS: "LISTEN was run, which begins when the transaction ends: notifications do not arrive",
    UNNAMED_TABLES: "temporary tables are left ({}), and the function that makes them with ON COMMIT tells no name",
    UNNAMED_LASTING: "settings that functions make both for the transaction and for the session are kept ({})",
}


class TestCursor(psycopg2_cursor):  # type: ignore[misc] # the driver has no types
    """The cursor of a test, which looks for effects that end with the transaction."""

    __test__ = False  # pytest must not collect it

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 the driver calls it so
        """Execute a statement."""
        connection = self.connection
        connection.catch_up()
        effects = _effects(self, query, vars)
        if effects is NO_EFFECTS:
            super().execute(query, vars)
            return
        connection.before(effects)
        super().execute(query, vars)
        connection.after(effects)

    def executemany(self, query: Any, vars_list: Any) -> None:
        """Execute a statement once for each item of `vars_list`."""
        values = list(vars_list)
        self.connection.catch_up()
        text = query if isinstance(query, str) else ""
        each_differs = not text or "set_config" in text.lower()
        found = [_effects(self, query, each) for each in (values if each_differs else values[:1])]
        effects = reduce(or_, found, NO_EFFECTS)
        self.connection.before(effects)
        super().executemany(query, values)
        self.connection.after(effects)

    def callproc(self, procname: str, parameters: Any = ()) -> Any:
        """Call a function."""
        self.connection.catch_up()
        values = list(parameters.values() if isinstance(parameters, Mapping) else parameters)
        effects = _effects(self, f"SELECT {procname}({', '.join(['%s'] * len(values))})", values)
        self.connection.before(effects)
        found = super().callproc(procname, parameters)
        self.connection.after(effects)
        return found


def _effects(cursor: Any, query: Any, values: Any) -> Effects:
    """Return the effects of a statement, with its values where they may matter."""
    if isinstance(query, bytes):
        query = query.decode(errors="replace")
    if not isinstance(query, str):
        return effects_of(cursor.mogrify(query, values).decode(errors="replace"))
    if values and "set_config" in query.lower():
        # The statement itself reports a mistake in its values.
        with suppress(Exception):
            return effects_of(cursor.mogrify(query, values).decode(errors="replace"))
    return effects_of(query)


class _NamedCursor:
    """Mixin for named cursors of a test: what looks like the end of its transaction closes them."""

    _transaction = -1
    name: str
    withhold: bool
    connection: Any

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 the driver calls it so
        super().execute(query, vars)  # type: ignore[misc]
        self._transaction = self.connection.transactions
        if not self.withhold:
            self.connection.before(_OPENS)

    @property
    def _gone(self) -> bool:
        return not self.withhold and self._transaction not in (-1, self.connection.transactions)

    def close(self) -> None:
        # Closing it twice would be an error of the server, which aborts the transaction.
        self._valid()
        super().close()  # type: ignore[misc]

    def _valid(self) -> None:
        if self._gone:
            # psycopg2's own message.
            raise psycopg2.ProgrammingError("named cursor isn't valid anymore")

    def fetchone(self) -> Any:
        self._valid()
        return super().fetchone()  # type: ignore[misc]

    def fetchmany(self, *args: Any, **kwargs: Any) -> Any:
        self._valid()
        return super().fetchmany(*args, **kwargs)  # type: ignore[misc]

    def fetchall(self) -> Any:
        self._valid()
        return super().fetchall()  # type: ignore[misc]

    def scroll(self, *args: Any, **kwargs: Any) -> Any:
        self._valid()
        return super().scroll(*args, **kwargs)  # type: ignore[misc]

    def __next__(self) -> Any:
        self._valid()
        return super().__next__()  # type: ignore[misc]


_OPENS = Effects(kinds=frozenset((CURSORS,)))


@lru_cache(maxsize=64)
def _watched(factory: type, *, named: bool) -> type:
    """Return a subclass of a cursor class that behaves as a test's cursor."""
    bases: tuple[type, ...] = (factory,) if issubclass(factory, TestCursor) else (TestCursor, factory)
    if named:
        bases = (_NamedCursor, *bases)
    return factory if bases == (factory,) else type(f"Test{factory.__name__}", bases, {"__test__": False})


def _kept(name: str) -> property:
    """Return a property for a transaction characteristic, which cannot be set within a test."""
    own = getattr(psycopg2_connection, name)

    def read(connection: TestConnection) -> Any:
        return own.__get__(connection)

    def write(connection: TestConnection, value: Any) -> None:
        connection._refuse(_KEEPS[name])
        own.__set__(connection, value)

    return property(read, write)


class TestConnection(psycopg2_connection):  # type: ignore[misc] # the driver has no types
    """psycopg2 connection of a test, whose work can be undone.

    Attributes:
        may_defer: whether the schema has deferrable constraints.
        left: whether the test has ended the transaction by a statement of its own.
        undone: whether everything since :meth:`enter` is known to be undone.
        lazy: whether a rollback may wait for the next statement, which may never come.
        spoilt: whether it has settings that no rollback resets, so that the next test needs another connection.
        transactions: the number of transactions that the test has ended, as it sees them.
        differences: how the test's commits differed from real ones.
    """

    __test__ = False  # pytest must not collect it

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cursor_factory = TestCursor
        self.may_defer = False
        self.left = False
        self.undone = True
        self.lazy = False
        self.spoilt = False
        self._inside = False
        # The transaction has ended, but the driver has not been told, because that costs a round trip.
        self._idle = False
        self._waiting = False
        self.transactions = 0
        self.differences: dict[str, None] = {}
        # Possible effects: of the schema's functions alone, and with those of the test's statements so far.
        self._schema = self._seen = NO_EFFECTS
        # Settings that functions defined by the test make for the session.
        self._defined: frozenset[str] = frozenset()
        # Values that a commit restores: those before the test, those of the last commit, and those that the present
        # transaction has found or made.
        self._initial: Mapping[str, str | None] = {}
        self._settings_before: dict[str, str | None] = {}
        self._learnt: dict[str, str | None] = {}

    def expect(self, effects: Effects, settings: Mapping[str, str | None]) -> None:
        """Set the effects of the schema's functions.

        Args:
            effects: those that end with a transaction.
            settings: the settings that they make for it, with their values outside of it.
        """
        self._schema, self._initial = effects, settings
        self._begin_watching()

    def _begin_watching(self) -> None:
        self._seen, self._settings_before, self._defined = self._schema, dict(self._initial), frozenset()
        self._learnt.clear()
        self.differences.clear()

    def enter(self, query: str) -> Any:
        """Begin the transaction that is undone: from now on a commit is a savepoint.

        Args:
            query: runs in the same round trip; its row is returned.
        """
        begin = "BEGIN; " if self._idle else ""
        self._idle = False
        row = self._row(f"{begin}{_ENTER}; {query}")
        self._inside, self.left, self.undone, self.lazy, self._waiting = True, False, False, False, False
        self._begin_watching()
        return row

    def undo(self, query: str = "SELECT") -> Any:
        """Undo everything since :meth:`enter`, unless the test has left the transaction, and return to real commits.

        Args:
            query: runs in the same round trip; its row is returned, or None if the test has left the transaction.
        """
        row = None
        self._inside = self._waiting = False
        self.transactions += 1
        made = {name for name in {*self._settings_before, *self._learnt} if name not in self._initial}
        # After a rollback, a setting that did not exist is empty instead of undefined.
        if any(self._learnt.get(name, self._settings_before.get(name)) is None for name in made):
            self.spoilt = True
        if not self.left:
            try:
                row = self._row(f"{_ROLL_BACK}; ROLLBACK; {query}")
            except _LEFT:
                self.left = True
            except psycopg2.Error:
                if not self.closed:
                    super().rollback()
                raise
        if self.left:
            super().rollback()
        self.undone = self._idle = not self.left
        return row

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        """Open a cursor."""
        self.catch_up()
        if not args and not kwargs and self.cursor_factory is TestCursor:
            return super().cursor()
        names = dict(zip(("name", "cursor_factory", "withhold", "scrollable"), args, strict=False)) | kwargs
        factory = names.get("cursor_factory") or self.cursor_factory
        # psycopg2's own class is used by this module only.
        if factory is not psycopg2_cursor and isinstance(factory, type) and self._inside:
            names["cursor_factory"] = _watched(factory, named=names.get("name") is not None)
        return super().cursor(**names)

    def catch_up(self) -> None:
        """Run a rollback that was deferred, or tell the driver that the transaction has ended."""
        if self._idle:
            self._idle = False
            super().rollback()
        elif self._waiting:
            self._waiting = False
            self._within(_ROLL_BACK)

    def ask(self, query: str) -> Any:
        """Return the row of a query, run in a transaction of its own; not within a test."""
        try:
            return self._row(query)
        finally:
            super().rollback()

    def close(self) -> None:
        """Close the connection, after finding out whether the test has left the transaction."""
        if self._inside and not self.closed:
            # If this fails, it stays unknown whether the test has left it.
            with suppress(psycopg2.Error):
                self.undo()
        super().close()

    def commit(self) -> None:
        """Commit as the test sees it."""
        self.catch_up()
        if not self._inside:
            super().commit()
        elif self.get_transaction_status() == TRANSACTION_STATUS_INERROR:
            # PostgreSQL, too, treats COMMIT of a failed transaction as ROLLBACK.
            self.rollback()
        else:
            statements = self._end_of_transaction()
            asked = self._questions()
            if asked:
                statements.append(f"SELECT {', '.join(asked.values())}")
            try:
                found = self._within("; ".join(statements))
            except psycopg2.Error:
                if not self.closed:
                    self.rollback()
                raise
            self.transactions += 1
            self._settings_before.update(self._learnt)
            self._learnt.clear()
            for kind, value in zip(asked, found or (), strict=False):
                if value is not None:
                    self.differences[_DIFFERENCES[kind].format(value)] = None

    def keep(self, *savepoints: str) -> str:
        """Commit what the test has done for good, and begin another transaction that is undone.

        Args:
            savepoints: names of those that the test's code has set, to be set again; the outermost first.

        Returns:
            Why only what had been done at the test's last commit is committed; empty if all of it is.
        """
        self.catch_up()
        reason = ""
        try:
            self._run(_CHECK)
        except psycopg2.Error as error:
            if self.closed:
                raise
            failed = isinstance(error, psycopg2.errors.InFailedSqlTransaction)
            reason = FAILED if failed else str(error).strip().partition("\n")[0]
            self._run(_ROLL_BACK)
        super().commit()
        self.transactions += 1
        self._learnt.clear()
        quoted = [sql.SQL("SAVEPOINT {}").format(sql.Identifier(name)).as_string(self) for name in savepoints]
        self._run("; ".join([_ENTER, *quoted]))
        return reason

    def rollback(self) -> None:
        """Roll back to the test's last commit."""
        if self._inside:
            self._learnt.clear()
            self.transactions += 1
            self._waiting = self.lazy
            if not self.lazy:
                self._within(_ROLL_BACK)
        elif not self._idle:
            super().rollback()

    def _within(self, statement: str) -> Any:
        """Run statements that need the savepoint, note whether the test has left it, and return the last row."""
        try:
            return self._run(statement)
        except _LEFT:
            self.left = True
            super().rollback()
            self._run(_ENTER)
            return None

    def before(self, effects: Effects) -> None:
        """Prepare for a statement: read settings before it makes them for the transaction."""
        if effects is NO_EFFECTS or not self._inside:
            return
        self._seen |= effects
        if DEFINES in effects.kinds:
            self._defined |= effects.lasting
        if self.get_transaction_status() != TRANSACTION_STATUS_INERROR:
            self._learn(effects.local - self._settings_before.keys() - self._learnt.keys())

    def after(self, effects: Effects) -> None:
        """Read settings that an executed statement has made for the session, so that a commit keeps them."""
        if effects.lasting and self._inside:
            known = self._settings_before.keys() | self._learnt.keys()
            self._learn(known - _NOT_RESET if "all" in effects.lasting else effects.lasting & known)

    def _learn(self, names: AbstractSet[str]) -> None:
        if names:
            ordered = sorted(names)
            calls = [
                sql.SQL("pg_catalog.current_setting({}, true)").format(sql.Literal(name)) for name in ordered
            ]
            values = self._row(sql.SQL("SELECT {}").format(sql.SQL(", ").join(calls)).as_string(self))
            self._learnt.update(zip(ordered, values, strict=True))

    def _end_of_transaction(self) -> list[str]:
        """Return statements that imitate a commit as far as possible, and begin the next transaction."""
        # The test may have made the first deferrable constraint.
        may_defer = self.may_defer or DEFERS in self._seen.kinds
        statements = [_CHECK] if may_defer else []
        settings = {**self._settings_before, **self._learnt}
        calls = [
            sql.SQL(
                "CASE WHEN pg_catalog.current_setting({name}, true) IS DISTINCT FROM {value} "
                "THEN pg_catalog.set_config({name}, {text}, true) END"
            ).format(name=sql.Literal(name), value=sql.Literal(value), text=sql.Literal(value or ""))
            # The role first: the present one may lack privileges.
            for name, value in sorted(settings.items(), key=lambda each: (each[0] != "role", each[0]))
            if name not in self._unclear
        ]
        if calls:
            statements.append(sql.SQL("SELECT {}").format(sql.SQL(", ").join(calls)).as_string(self))
        if CURSORS in self._seen.kinds:
            statements.append(_CLOSE_CURSORS)
        statements += [_RELEASE, _ENTER]
        # After the release, which ends SET TRANSACTION READ ONLY. Then another savepoint, because a rollback also
        # undoes which constraints are deferred.
        later = [
            sql.SQL(_END_TABLES)
            .format(names=sql.Literal(names), statement=sql.Literal(statement), also=sql.Literal(also))
            .as_string(self)
            # CASCADE, because a commit also drops the views on a table.
            for statement, also, drop in (("DROP TABLE ", " CASCADE", True), ("TRUNCATE ", "", False))
            if (names := sorted(name for name, dropped in self._seen.tables if dropped is drop))
        ]
        if may_defer:
            later.append(_DEFER)
        return [*statements, *later, *([_RELEASE, _ENTER] if later else [])]

    @property
    def _unclear(self) -> AbstractSet[str]:
        """Settings that functions make, or may make, both for the transaction and for the session."""
        if UNNAMED_LASTING in self._schema.kinds:
            return self._seen.local
        return self._seen.local & (self._schema.lasting | self._defined)

    def _questions(self) -> dict[str, str]:
        """Return the queries for differences from a real commit, by kind of effect."""
        kinds = self._seen.kinds
        questions = {}
        if LABELS in kinds:
            questions[LABELS] = _NEW_LABELS
        if LOCKS in kinds and SESSION_LOCKS not in kinds:
            questions[LOCKS] = _HELD_LOCKS
        if LISTENS in kinds:
            questions[LISTENS] = "'news'"
        if UNNAMED_TABLES in kinds:
            questions[UNNAMED_TABLES] = _NEW_TABLES
        if self._unclear:
            changed = [
                sql.SQL(
                    "CASE WHEN pg_catalog.current_setting({name}, true) IS DISTINCT FROM {value} THEN {name} END"
                ).format(
                    name=sql.Literal(name),
                    value=sql.Literal(self._learnt.get(name, self._settings_before.get(name))),
                )
                for name in sorted(self._unclear)
            ]
            joined = sql.SQL("NULLIF(pg_catalog.concat_ws(', ', {}), '')").format(sql.SQL(", ").join(changed))
            questions[UNNAMED_LASTING] = joined.as_string(self)
        return questions

    @property
    def autocommit(self) -> bool:
        """Whether each statement is a transaction; cannot be set within a test."""
        return bool(super().autocommit)

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        if value:
            self._refuse("has no AUTOCOMMIT")
        psycopg2_connection.autocommit.__set__(self, value)

    def set_isolation_level(self, level: Any) -> None:
        """Set the isolation level; refused within a test, whose transaction has begun."""
        self._refuse("has no AUTOCOMMIT" if level == 0 else _KEEPS["isolation_level"])
        super().set_isolation_level(level)

    def set_session(self, *args: Any, **kwargs: Any) -> None:
        """Set transaction characteristics; refused within a test, whose transaction has begun."""
        given = dict(zip((*_KEEPS, "autocommit"), args, strict=False)) | kwargs
        if given.get("autocommit"):
            self._refuse("has no AUTOCOMMIT")
        for name, keeps in _KEEPS.items():
            if given.get(name) is not None:
                self._refuse(keeps)
        super().set_session(*args, **kwargs)

    isolation_level = _kept("isolation_level")
    readonly = _kept("readonly")
    deferrable = _kept("deferrable")

    def tpc_begin(self, xid: Any) -> None:
        """Begin a transaction with two-phase commit; refused within a test."""
        self._refuse("has no two-phase commits")
        super().tpc_begin(xid)

    def reset(self) -> None:
        """Roll back to the test's last commit, and reset all settings of the session."""
        if not self._inside:
            super().reset()
            return
        self.rollback()
        with self.cursor() as cursor:
            cursor.execute("RESET ALL; SET SESSION AUTHORIZATION DEFAULT")
        self.commit()

    def _refuse(self, what: str) -> None:
        if self._inside:
            raise psycopg2.ProgrammingError(
                f"this connection works inside a transaction that is rolled back after the test, so it {what}: let "
                "the test ask for seeded_engine or seeded_url, which have a database of their own"
            )

    def _run(self, statement: str) -> Any:
        self.catch_up()
        with super().cursor(cursor_factory=psycopg2_cursor) as cursor:
            cursor.execute(statement)
            return cursor.fetchone() if cursor.description is not None else None

    def _row(self, statement: str) -> Any:
        self.catch_up()
        with super().cursor(cursor_factory=psycopg2_cursor) as cursor:
            count_as_usual(cursor)
            cursor.execute(statement)
            return cursor.fetchone()
