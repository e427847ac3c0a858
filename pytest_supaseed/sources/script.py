"""SQL scripts: ``.sql`` files split into statements as psql splits them, and executed.

:func:`split` follows psql's scanner (psqlscan.l): a semicolon ends a statement outside of quotes, comments,
parentheses and the ``BEGIN ATOMIC ... END`` body of a routine; statements are neither changed nor parsed any
further. :func:`read` adds included files and refuses unsupported commands of psql, :func:`run` executes the
result.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Literal

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from pytest_supaseed.errors import SchemaError, SupaseedWarning
from pytest_supaseed.filesystem import exists
from pytest_supaseed.notation import notation
from pytest_supaseed.sources.database_statements import SessionSettings, keep, named_databases
from pytest_supaseed.sources.extensions import Extensions
from pytest_supaseed.sources.migration_folders import applied
from pytest_supaseed.sources.projects import missing
from pytest_supaseed.sources.psql_variables import CONDITIONS, Branches, ElsewhereError, Variables
from pytest_supaseed.tracebacks import hint

# For PostgreSQL every byte outside ASCII is a letter, no-break spaces included.
_LETTER = r"A-Za-z_\x80-\U0010ffff"
_PLAIN = r"'[^']*(?:''[^']*)*(?:'|\Z)"
_ESCAPED = r"'[^'\\]*(?:(?:\\.|'')[^'\\]*)*(?:'|\\?\Z)"
# A string may continue on the next line, with the same meaning of backslashes.
_NEXT_LINE = r"[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*"
_CONTINUED = f"{_ESCAPED}(?:{_NEXT_LINE}{_ESCAPED})*"
# Up to the end of the line, or to the next backslash: two of them return to SQL, one begins the next command.
_ARGUMENTS = r"""(?:'(?:[^'\\\n\r]|\\[^\n\r]|'')*'|"[^"\n\r]*"|`[^`\n\r]*`|[^\\\n\r])*"""
_META_COMMAND = rf"\\(?:(?:!|copy\b)[^\n\r]*|{_ARGUMENTS})"


@cache
def _scanner(plain: str) -> re.Pattern[str]:
    """The pattern of one token of SQL; `plain` is that of a string without a prefix."""
    # Compiled on demand: it takes longer than the start of a server.
    return re.compile(
        rf"""
          (?P<blank> [ \t\n\r\f\v]+ | --[^\n\r]* )
        | (?P<comment> /\* )
        | (?P<string> [eE]{_CONTINUED} | {plain} )
        | (?P<quoted> "[^"]*(?:""[^"]*)*(?:"|\Z) )
        | (?P<dollar> \$(?P<tag>(?:[{_LETTER}][{_LETTER}0-9]*)?)\$ .*? (?:\$(?P=tag)\$|\Z) )
        | (?P<word> [{_LETTER}][{_LETTER}0-9$]* )
        | (?P<operator> ::|:= )
        | (?P<variable> : (?: [{_LETTER}0-9]+ | '[{_LETTER}0-9]+' | "[{_LETTER}0-9]+"
                            | \{{\?[{_LETTER}0-9]+\}} ) )
        | (?P<semicolon> ; )
        | (?P<open> \( )
        | (?P<close> \) )
        | (?P<escape> \\[;:] )
        | (?P<backslash> (?P<command>{_META_COMMAND}) (?:\\\\)? )
        | (?P<other> [0-9,.\[\]=<>+*%]+ | . )
        """,
        re.VERBOSE | re.DOTALL,
    )


_CONFORMING = re.compile(
    r"SET\s+(?:SESSION\s+|LOCAL\s+)?standard_conforming_strings\s*(?:=|\bTO\b)\s*'?(\w+)", re.IGNORECASE
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_END_OF_DATA = re.compile(r"^\\\.\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Statement:
    r"""One statement of a file, or one command of psql.

    Attributes:
        text: the statement, with its semicolon if it has one; the command without its end of line.
        line: of its first character, from 1.
        kind: ``"sql"``, ``"copy"`` for ``COPY ... FROM stdin``, ``"gexec"`` for a query whose results are executed,
            ``"meta"`` for any other backslash command.
        data: the lines that follow a COPY, without the ``\.``; for a backslash command the unfinished
            statement in front of it, as in ``SELECT ... \gexec``.
        data_line: of the first character of that unfinished statement; 0 where there is none.
    """

    text: str
    line: int
    kind: Literal["sql", "copy", "gexec", "meta"]
    data: str = ""
    data_line: int = 0


@dataclass
class _Unfinished:
    """The state of a statement while its tokens are read."""

    start: int
    line: int
    end: int = 0
    parentheses: int = 0
    blocks: int = 0
    first_words: list[str] = field(default_factory=list)
    previous: str = ""
    copies: bool = False
    backslashes: list[int] = field(default_factory=list)

    def take(self, match: re.Match[str]) -> bool:
        """Add a token; return whether it ends the statement."""
        kind, self.end = match.lastgroup, match.end()
        if kind == "word":
            self._take_word(match[0].upper())
            return False
        self.previous = ""
        if kind == "open":
            self.parentheses += 1
        elif kind == "close":
            self.parentheses = max(self.parentheses - 1, 0)
        elif kind == "escape":
            self.backslashes.append(match.start())
            if match[0] == r"\;":
                self.first_words.clear()
        return kind == "semicolon" and not self.parentheses and not self.blocks

    def _take_word(self, word: str) -> None:
        previous, self.previous = self.previous, word
        if len(self.first_words) < 4:
            self.first_words.append(word)
        if self.parentheses:
            return
        if self.first_words[0] == "COPY":
            self.copies = self.copies or (previous, word) == ("FROM", "STDIN")
        elif self._defines_routine():
            # BEGIN alone may be a name. Within the body only CASE has an END of its own.
            opens = word == "CASE" if self.blocks else (previous, word) == ("BEGIN", "ATOMIC")
            self.blocks += 1 if opens else -1 if self.blocks and word == "END" else 0

    def _defines_routine(self) -> bool:
        words = [word for word in self.first_words if word not in ("OR", "REPLACE")]
        return words[0] == "CREATE" and words[1:2] in (["FUNCTION"], ["PROCEDURE"])

    def text(self, source: str) -> str:
        r"""The statement, with ``\;`` replaced by a semicolon."""
        edges = [self.start, *(edge for cut in self.backslashes for edge in (cut, cut + 1)), self.end]
        return "".join(source[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))


def split(text: str) -> tuple[Statement, ...]:
    """Split the content of a ``.sql`` file into statements.

    Args:
        text: of the file, with any line ends, and with or without a byte order mark.

    Returns:
        The statements in their order, without those of comments only. If a quote or a parenthesis is never
        closed, the rest of the file is one statement, which PostgreSQL refuses.

    Example:
        >>> split("CREATE TABLE a (b text DEFAULT ';'); -- c")
        (Statement(text="CREATE TABLE a (b text DEFAULT ';');", line=1, kind='sql', data=''),)
    """
    return tuple(_statements(text.removeprefix("\ufeff"), 1))


def variables(text: str) -> Iterator[re.Match[str]]:
    """Find what psql could take for variables: ``:a``, ``:'a'``, ``:"a"`` and ``:{?a}``.

    Args:
        text: one statement.

    Example:
        >>> [found[0] for found in variables("SELECT :a, b::text, ':c'")]
        [':a']
    """
    return (match for match in _tokens(text) if match.lastgroup == "variable")


def _tokens(text: str) -> Iterator[re.Match[str]]:
    position = 0
    standard = _scanner(_PLAIN)
    while match := standard.match(text, position):
        position = _comment_end(text, match.end()) if match.lastgroup == "comment" else match.end()
        yield match


def _statements(text: str, line: int) -> Iterator[Statement]:
    scanner, unfinished = _scanner(_PLAIN), None
    position = counted = 0
    while match := scanner.match(text, position):
        start, position, kind = match.start(), match.end(), match.lastgroup
        if kind == "comment":
            position = _comment_end(text, position)
        if kind in ("blank", "comment") or (kind == "semicolon" and unfinished is None):
            continue
        if kind == "backslash" or unfinished is None:
            line, counted = line + text.count("\n", counted, start), start
        if kind == "backslash":
            before = (unfinished.text(text), unfinished.line) if unfinished else ("", 0)
            yield Statement(match["command"].rstrip(), line, "meta", *before)
            unfinished = None
            continue
        unfinished = unfinished or _Unfinished(start, line)
        if not unfinished.take(match):
            continue
        done = unfinished.text(text)
        if unfinished.copies:
            # As in psql, the data begin on the next line, and the rest of this line comes after them.
            rest, data, following = _copy_data(text, position)
            yield Statement(done, line, "copy", data)
            yield from _statements(rest, line + text.count("\n", unfinished.start, position))
            position = following
        else:
            yield Statement(done, line, "sql")
            setting = _CONFORMING.match(done)
            if setting:
                # With this setting off, as in old dumps, backslashes are escapes in every string.
                backslashes = setting[1].lower() in ("off", "false", "no", "0")
                scanner = _scanner(_CONTINUED if backslashes else _PLAIN)
        unfinished = None
    if unfinished:
        yield Statement(unfinished.text(text), unfinished.line, "copy" if unfinished.copies else "sql")


def _copy_data(text: str, position: int) -> tuple[str, str, int]:
    """The rest of the line at `position`, the data below it, and the position after the data."""
    newline = text.find("\n", position)
    begin = newline + 1 if newline >= 0 else len(text)
    end = _END_OF_DATA.search(text, begin)
    data = text[begin : end.start() if end else None]
    return text[position:begin], data, end.end() if end else len(text)


def _comment_end(text: str, position: int) -> int:
    """The end of the comment that begins before `position`; comments nest."""
    depth = 1
    for edge in _COMMENT_EDGE.finditer(text, position):
        depth += 1 if edge[0] == "/*" else -1
        if not depth:
            return edge.end()
    return len(text)


_META = re.compile(r"\\(?P<name>!|[^\s;]*)\s*(?P<arguments>.*)", re.DOTALL)
# Commands that change nothing in a database.
_HARMLESS = re.compile(
    r"""a|C|conninfo|copyright|d\S*|echo|errverbose|f|h|H|help|html|l\+?|list\+?|o|out|p|print
       |pset|qecho|r|reset|restrict|s|setenv|sf\+?|sv\+?|t|T|timing|unrestrict|w|warn|write|x|z|\?
    """,
    re.VERBOSE,
)
_INCLUDE = ("i", "include", "ir", "include_relative")
_INSTEAD = {
    "!": "Run the program yourself, from a callable that {} names.",
    "copy": "Write COPY ... FROM stdin; with the data below it and \\. in a line of its own, or INSERT.",
    "encoding": "Write SET client_encoding = '...'; in its place.",
    "g": "End the statement with a semicolon, and write it a second time if it is to run again.",
    "gset": "Write the values themselves, or use a DO block.",
    "if": "Write the statements of the branch that is wanted, or use a DO block.",
}
_SAME = {"elif": "if", "else": "if", "endif": "if", "gx": "g"}
_ASSIGNING = ("set", "unset", "getenv")
_FINISHING: dict[str, Literal["sql", "gexec"]] = {"g": "sql", "gx": "sql", "gexec": "gexec"}
_OF_DATABASES = re.compile(
    r"(?:CREATE|DROP|ALTER|COMMENT\s+ON)\s+DATABASE\b|(?:GRANT|REVOKE)\b[^;']*\bON\s+DATABASE\b",
    re.IGNORECASE,
)
_OF_DATABASE = re.compile(r"(?:ALTER|GRANT|REVOKE)\b.*?\bDATABASE\b", re.IGNORECASE | re.DOTALL)
# Of no interest for a database that is created for one test: left out without a warning if `tolerant`.
_OF_PRIVILEGES = re.compile(r"(?:GRANT|REVOKE|COMMENT)\b", re.IGNORECASE)
# The only setting in every dump of pg_dump 17 and later that earlier servers lack; 0 is the default.
_UNKNOWN_TO_EARLIER = re.compile(r"SET transaction_timeout = 0\s*;?\s*$", re.IGNORECASE)
_TRANSACTION_TIMEOUT_SINCE = 170000
# Statements that cannot run in a transaction block: their file is executed without one.
_ALONE = re.compile(
    r"\s*(?:VACUUM\b|ALTER\s+SYSTEM\b|(?:CREATE|DROP)\s+TABLESPACE\b"
    r"|(?:CREATE\s+(?:UNIQUE\s+)?|DROP\s+|RE)INDEX\b[^;]*?\bCONCURRENTLY\b)",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"\s*(?:BEGIN|START\s+TRANSACTION)\b", re.IGNORECASE)
# Statements that do nothing outside of a transaction block, or are refused there.
_TOGETHER = re.compile(
    r"\s*(?:LOCK\b|SET\s+(?:LOCAL|CONSTRAINTS)\b|SAVEPOINT\b|DECLARE\b"
    r"|SELECT\s+(?:pg_catalog\.)?set_config\s*\(.*,\s*(?:true|'t(?:rue)?'|'on')\s*\)\s*;?\s*$"
    r"|CREATE\s+(?:LOCAL\s+|GLOBAL\s+)?TEMP(?:ORARY)?\b.*\bON\s+COMMIT\s+(?:DROP|DELETE)\b)",
    re.IGNORECASE | re.DOTALL,
)
# What a new database has already, and old scripts and dumps create.
_THERE_ALREADY = re.compile(
    r"""CREATE\s+(?:(?:OR\s+REPLACE\s+|TRUSTED\s+|PROCEDURAL\s+)*LANGUAGE\s+["']?(?P<language>plpgsql)["']?
        |SCHEMA\s+"?(?P<schema>public)"?)\s*;?\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_IS_THERE = """
SELECT EXISTS (SELECT FROM pg_catalog.pg_language WHERE lanname = pg_catalog.lower(%(language)s))
    OR EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = pg_catalog.lower(%(schema)s))
"""
_COPY_LINE = re.compile(r"COPY .*?, line (\d+)")
_EXCERPT = 100
# psql has no limit; here each level is a level of Python's recursion.
_MOST_INCLUDED = 100


@dataclass(frozen=True)
class Step:
    """A statement and the file that contains it.

    Attributes:
        file: as messages name it.
        statement: of the file.
        databases: beginnings and ends of names of databases in it, which stand for the loaded one.
        optional: whether it is left out without a warning where the server refuses it.
    """

    file: str
    statement: Statement
    databases: tuple[tuple[int, int], ...] = ()
    optional: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.statement.line}"

    @property
    def excerpt(self) -> str:
        """The first line of the statement, for a message."""
        return _excerpt(self.statement.text.splitlines()[0])

    def text(self, database: str) -> str:
        """Return the statement with the name of the loaded database, as SQL quotes it, for those that it names."""
        text, parts, done = self.statement.text, [], 0
        for start, end in self.databases:
            parts += [text[done:start], database]
            done = end
        return "".join([*parts, text[done:]])

    @property
    def command(self) -> str:
        """The name of a backslash command, without its backslash; empty for SQL."""
        found = _META.match(self.statement.text) if self.statement.kind == "meta" else None
        return found["name"] if found else ""

    @property
    def arguments(self) -> str:
        """What follows the name of a backslash command, as it is written."""
        found = _META.match(self.statement.text)
        return found["arguments"] if found else ""


def read(path: Path, root: Path, *, tolerant: bool = False) -> tuple[Step, ...]:
    r"""Read a file and those that it includes, and refuse what cannot be executed before anything is.

    Args:
        root: the folder that ``\i`` is relative to; ``\ir`` is relative to the file that contains it.
        tolerant: whether privileges on databases that the server refuses are left out without a warning.

    Returns:
        The statements to execute, in their order.

    Raises:
        SchemaError: a file cannot be read, or has a command of psql that is not supported.
        SupaseedWarning: as a warning, about statements that are left out.
    """
    steps: list[Step] = []
    left_out: list[Step] = []
    for step in map(_with_databases, _steps(path, root, (), Variables())):
        if not step.databases and (
            step.command in ("c", "connect") or _OF_DATABASES.match(step.statement.text)
        ):
            if not (tolerant and _OF_PRIVILEGES.match(step.statement.text)):
                left_out.append(step)
        else:
            steps.append(replace(step, optional=True) if tolerant and step.databases else step)
    if left_out:
        listing = "".join(f"\n  {step}: {step.excerpt}" for step in left_out)
        warnings.warn(
            "Left out of the schema, because the tests' databases are made and chosen for them:" + listing,
            SupaseedWarning,
            stacklevel=2,
        )
    return tuple(steps)


def run(
    steps: tuple[Step, ...],
    parameters: dict[str, object],
    extensions: Extensions | None = None,
    *,
    last: bool = True,
    migration: bool = False,
) -> None:
    """Execute statements in a new session, each in a transaction of its own unless the file begins one.

    A file with statements that mean something in a transaction only, such as SET LOCAL, is executed in one.

    Args:
        steps: as :func:`read` returns them.
        parameters: of :func:`psycopg2.connect`.
        extensions: of the server, shared by several files; None for this file alone.
        last: whether no other file follows, so that SET at its end is meant for later sessions.
        migration: whether a migration tool would run it, which commits what a file leaves open.

    Raises:
        SchemaError: PostgreSQL refused a statement, or a transaction was left open.
    """
    connection = psycopg2.connect(**{**parameters, "client_encoding": "UTF8"})
    settings = SessionSettings(of_application_only=not last)
    try:
        connection.autocommit = True
        together = begun_together(connection, steps)
        began = execute(connection, steps, extensions or Extensions(), settings)
        if began is not None and (together or migration):
            commit(connection, began)
        elif began is not None:
            raise SchemaError(
                f"{began} begins a transaction that the file does not end: everything since then would be "
                f"lost. Add COMMIT; at its end.\n  {began.excerpt}"
            )
        with connection.cursor() as cursor:
            keep(cursor, settings.values(cursor), steps[-1].file if steps else "")
    finally:
        connection.close()


def begun_together(
    connection: psycopg2.extensions.connection, steps: tuple[Step, ...], *, always: bool = False
) -> bool:
    """Begin a transaction for all statements of a file, and return whether it was begun.

    Args:
        connection: in autocommit mode.
        steps: of the file.
        always: whether one is begun as well where no statement needs it.
    """
    texts = [step.statement.text for step in steps]
    needed = any(map(_TOGETHER.match, texts)) and not any(map(_BEGINS.match, texts))
    if not (always or needed) or any(map(_ALONE.match, texts)):
        return False
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
    return True


def commit(connection: psycopg2.extensions.connection, began: Step) -> None:
    """Commit the transaction of a file.

    Raises:
        SchemaError: a deferred constraint or trigger failed.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("COMMIT")
    except psycopg2.Error as error:
        raise SchemaError(f"{began.file}: {str(error).strip()}") from error


def execute(
    connection: psycopg2.extensions.connection,
    steps: tuple[Step, ...],
    extensions: Extensions,
    settings: SessionSettings | None = None,
) -> Step | None:
    """Execute statements, one after another.

    Args:
        connection: in autocommit mode.
        steps: as :func:`read` returns them.
        settings: takes note of the statements; None where SET is not meant for later sessions.

    Returns:
        The statement that began the transaction that is still open; None where none is.

    Raises:
        SchemaError: PostgreSQL refused a statement.
    """
    began: Step | None = None
    with connection.cursor() as cursor:
        for step in steps:
            _execute(cursor, step, extensions)
            if settings is not None:
                settings.saw(step.statement.text)
            idle = connection.info.transaction_status == TRANSACTION_STATUS_IDLE
            began = None if idle else began or step
    return began


def _execute(cursor: psycopg2.extensions.cursor, step: Step, extensions: Extensions) -> None:
    statement = step.statement
    earlier = cursor.connection.info.server_version < _TRANSACTION_TIMEOUT_SINCE
    if earlier and _UNKNOWN_TO_EARLIER.match(statement.text):
        return
    try:
        created = _THERE_ALREADY.match(statement.text)
        if created is not None:
            cursor.execute(_IS_THERE, created.groupdict())
            if cursor.fetchone() == (True,):
                return
        if statement.kind == "copy":
            sql = statement.text.encode("utf-8", "surrogateescape")
            cursor.copy_expert(sql, io.BytesIO(statement.data.encode("utf-8", "surrogateescape")))
            return
        if step.databases:
            _execute_of_database(cursor, step)
            return
        # As the file's bytes, whose encoding may be set by SET client_encoding.
        sql = extensions.understood(statement.text, cursor).encode("utf-8", "surrogateescape")
        if sql:
            cursor.execute(sql)
        if statement.kind == "gexec":
            _execute_results(cursor, extensions)
    except psycopg2.Error as error:
        version = cursor.connection.info.parameter_status("server_version") or ""
        raise _failure(step, error, version) from error


def _execute_results(cursor: psycopg2.extensions.cursor, extensions: Extensions) -> None:
    """Execute what a query has returned, row by row, but for statements about other databases."""
    for text in [value for row in cursor.fetchall() for value in row if value is not None]:
        sql = "" if _OF_DATABASES.match(text) else extensions.understood(text, cursor)
        if sql:
            cursor.execute(sql.encode("utf-8", "surrogateescape"))


def _execute_of_database(cursor: psycopg2.extensions.cursor, step: Step) -> None:
    """Execute a statement about settings or privileges of the database; one that the server refuses is left out."""
    name = sql.Identifier(cursor.connection.info.dbname).as_string(cursor)
    inside = cursor.connection.info.transaction_status != TRANSACTION_STATUS_IDLE
    if inside:
        cursor.execute("SAVEPOINT supaseed_database")
    try:
        cursor.execute(step.text(name).encode("utf-8", "surrogateescape"))
    except (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.UndefinedObject) as error:
        # Another role, or a server of another version: what the file creates does not depend on it.
        if inside:
            cursor.execute("ROLLBACK TO SAVEPOINT supaseed_database")
        if not (step.optional and _OF_PRIVILEGES.match(step.statement.text)):
            reason = error.diag.message_primary or str(error).strip()
            warnings.warn(
                f"Left out of the schema, because the server refuses it: {step}: {step.excerpt}: {reason}",
                SupaseedWarning,
                stacklevel=2,
            )
    if inside:
        cursor.execute("RELEASE SAVEPOINT supaseed_database")


def _failure(step: Step, error: psycopg2.Error, version: str) -> SchemaError:
    """PostgreSQL's error, with its file and line."""
    statement, diag = step.statement, error.diag
    message = diag.message_primary or str(error).strip()
    lines = statement.text.split("\n")
    index = statement.text.count("\n", 0, int(diag.statement_position or 1) - 1)
    copied = _COPY_LINE.match(diag.context or "") if statement.kind == "copy" else None
    if copied:
        # The data begin on the line after the statement.
        lines, index = lines + statement.data.split("\n"), len(lines) + int(copied[1]) - 1
    said = [f"{step.file}:{statement.line + index}: {message}", f"  {step.excerpt}"]
    if index and index < len(lines):
        said.append(f"  line {statement.line + index}: {_excerpt(lines[index].strip())}")
    for name, text in (
        ("DETAIL", diag.message_detail),
        ("HINT", diag.message_hint),
        ("CONTEXT", diag.context),
    ):
        if text:
            said.append(f"  {name}: {text}")
    advice = hint(message, version.split(" ")[0], missing)
    return SchemaError("\n".join([*said, advice] if advice else said))


def _with_databases(step: Step) -> Step:
    """The step with the places at which it names databases."""
    text = step.statement.text
    if step.statement.kind != "sql" or not _OF_DATABASE.match(text):
        return step
    return replace(step, databases=named_databases(list(_tokens(text))))


def _steps(path: Path, root: Path, including: tuple[Path, ...], values: Variables) -> Iterator[Step]:
    """The statements of a file and of the files that it includes, without harmless commands of psql."""
    file = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    if len(including) > _MOST_INCLUDED:
        raise SchemaError(
            f"{file} is included by files that include one another, more than {_MOST_INCLUDED} deep: name the files in "
            f"{notation().schema}, one a line."
        )
    branches = Branches(values)
    for statement in split(_text(path, file)):
        step = Step(file, statement)
        name = step.command
        if name in CONDITIONS and not statement.data:
            branches.obey(name, step.arguments, partial(_refused, step, f"{step}: psql's \\{name}"))
        elif not branches.run:
            continue
        elif name in _FINISHING and statement.data and not step.arguments.strip():
            # \g ends a statement like a semicolon; no other command may follow an unfinished one.
            finished = Statement(statement.data, statement.data_line, _FINISHING[name])
            yield from _with_values(Step(file, finished), values)
        elif statement.kind != "meta":
            yield from _with_values(step, values)
        elif name in ("c", "connect") and not statement.data:
            yield step
        elif name in _ASSIGNING and not statement.data:
            values.obey(name, step.arguments, str(step))
        elif name in _INCLUDE and not statement.data:
            included = _included(step, root if name in _INCLUDE[:2] else path.parent, values)
            if included in (*including, path):
                raise SchemaError(f"{step}: {statement.text} includes a file that is being included already.")
            yield from _steps(included, root, (*including, path), values)
        elif name in ("q", "quit") and not statement.data:
            return
        elif statement.data or not _harmless(step):
            instead = _INSTEAD.get(
                _SAME.get(name, name), "Remove it, or do it in a callable that {} names."
            ).replace("{}", notation().schema)
            raise SchemaError(
                f"{step}: psql's \\{name} is not supported in a schema. {instead}\n  {step.excerpt}"
            )
    if branches.unclosed:
        raise SchemaError(
            f"{file} has an \\if without its \\endif: what it decides would go on in other files."
        )


def _refused(step: Step, beginning: str, why: str) -> SchemaError:
    return SchemaError(f"{beginning} {why}\n  {step.excerpt}")


def _with_values(step: Step, values: Variables) -> Iterator[Step]:
    """The statements that a statement is, once the values of psql's variables are in their places."""
    statement = step.statement
    if not values:
        yield step
        return
    text = values.replaced(statement.text, variables(statement.text), partial(_refused, step, str(step)))
    if text == statement.text or statement.kind != "sql":
        yield replace(step, statement=replace(statement, text=text))
        return
    # A value may end one statement and begin the next, as psql reads it where the variable stands.
    for each in split(text):
        yield replace(step, statement=replace(each, line=statement.line + each.line - 1))


def _harmless(step: Step) -> bool:
    if step.command == "encoding":
        return step.arguments.strip().strip("'").upper().replace("-", "") in ("", "UTF8", "UNICODE")
    return _HARMLESS.fullmatch(step.command) is not None


def _included(step: Step, folder: Path, values: Variables) -> Path:
    r"""The file that an ``\i`` names."""
    try:
        name, *_ = values.arguments(step.arguments.rstrip("; ")) or [""]
    except ElsewhereError as error:
        raise _refused(step, str(step), f"names {error}. Write the file itself.") from None
    try:
        path = (folder / Path(name).expanduser()).resolve()
        found = exists(path) and path.is_file()
    except (OSError, RuntimeError, ValueError) as error:
        # An unknown ~user, a symbolic link to itself, or a name that is too long.
        reason = str(getattr(error, "strerror", None) or error).rstrip(".")
        raise SchemaError(
            f"{step}: {_excerpt(step.statement.text)}: no file can be found: {reason}."
        ) from error
    if not found:
        raise SchemaError(
            f"{step}: {step.statement.text}: there is no file {path}. "
            f"\\i is relative to {notation().root}, \\ir to the file that it is in."
        )
    return path


def _text(path: Path, file: str) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SchemaError(f"{file} cannot be read: {error.strerror or error}.") from error
    if content.startswith(b"PGDMP"):
        raise SchemaError(
            f"{file} is an archive of pg_dump, and not SQL. Make SQL of it: "
            f"pg_restore --file=schema.sql {file}"
        )
    if b"\0" in content:
        raise SchemaError(f"{file} is not text in UTF-8; PowerShell's > writes UTF-16. Save it as UTF-8.")
    # What takes a migration back is in the same file with some tools.
    return applied(content.decode("utf-8", "surrogateescape"))


def _excerpt(line: str) -> str:
    shown = line.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return shown if len(shown) <= _EXCERPT else f"{shown[:_EXCERPT]}..."
