"""Files and objects that users name: configurations, SQL, schema sources: each is read, or refused in words."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import URL, MetaData, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.sources.digest import source_fingerprint
from pytest_supaseed.sources.source import load, resolve
from pytest_supaseed.supabase.from_supaseed import SupaseedFile
from pytest_supaseed.wording import printable

DIGITS = "9" * 10_000
RECURSIVE: list[Any] = []
RECURSIVE.append(RECURSIVE)

# The bytes of a supa-seed.config.json, and what is said; an empty text where it is read.
JSON: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\t", "is empty"),
    "a byte order mark alone": (b"\xef\xbb\xbf", "is empty"),
    "a byte order mark": (b'\xef\xbb\xbf{"userCount": 1}', ""),
    "UTF-16": ('{"userCount": 1}'.encode("utf-16"), "it is no UTF-8"),
    "UTF-16 without a mark": ('{"userCount": 1}'.encode("utf-16-le"), "no JSON"),
    "UTF-32": ('{"userCount": 1}'.encode("utf-32"), "it is no UTF-8"),
    "latin-1": ('{"emailDomain": "ä.de"}'.encode("latin-1"), "it is no UTF-8"),
    "a NUL": (b'{"userCount": 1}\0', "no JSON"),
    "a NUL in a text": (b'{"emailDomain": "a\0b"}', "no JSON"),
    "an escaped NUL": (
        b'{"userCount": 1,\n"emailDomain": "a\\u0000b"}',
        ":2: emailDomain has the character NUL",
    ),
    "an escaped NUL in a key": (b'{"tables": {"a\\u0000b": {"count": 1}}}', "has the character NUL"),
    "half a character": (b'{"emailDomain": "\\ud83d"}', "has half of a character"),
    "both halves": (b'{"userCount": 1, "emailDomain": "\\ud83d\\ude00.de"}', ""),
    "an array": (b"[1]", "an object has to stand here"),
    "a number": (b"5", "an object has to stand here"),
    "null": (b"null", "an object has to stand here"),
    "a text": (b'"a"', "an object has to stand here"),
    "two objects": (b"{} {}", "no JSON"),
    "cut off": (b'{"userCount": ', "no JSON"),
    "a comment": (b'{"userCount": 1 /* all */}', "no JSON"),
    "a trailing comma": (b'{"userCount": 1,}', "no JSON"),
    "single quotes": (b"{'userCount': 1}", "no JSON"),
    "NaN": (b'{"userCount": NaN}', "code"),
    "Infinity": (b'{"userCount": -Infinity}', "code"),
    "a huge number": (f'{{\n"userCount": {DIGITS}}}'.encode(), ":2: a number of 10000 characters"),
    "a huge exponent": (b'{"userCount": 1e400}', "write a whole number"),
    "2**63": (b'{"userCount": 9223372036854775808}', ""),
    "a negative count": (b'{"userCount": -1}', "cannot be negative"),
    "a fraction": (b'{"userCount": 1.5}', "write a whole number"),
    "true": (b'{"userCount": true}', "write a whole number"),
    "a list for a count": (b'{"userCount": [1]}', "write a whole number"),
    "a key twice": (b'{"userCount": 1, "userCount": 2}', "twice"),
    "deep objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
    "deep arrays": (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
    "tables of a list": (b'{"tables": [1]}', "write an object"),
    "tables of numbers": (b'{"tables": {"a": {"count": {"count": 1}}}}', "write a whole number"),
    "no rows": (b'{"verbose": true}', "asks for no rows"),
    "an empty object": (b"{}", "asks for no rows"),
    "a password that is too long": (b'{"userCount": 1, "testUserPassword": "%s"}' % (b"x" * 100), "too long"),
}


def said_of(path: Path, root: Path) -> str:
    found = SupaseedFile(path, root).read(root)
    message = printable("\n".join(found.problems))
    assert len(message) < 2000
    assert bool(message) is not bool(found.tables)
    return message


@pytest.mark.parametrize("case", JSON)
def test_configurations_are_read_or_refused(case: str, tmp_path: Path) -> None:
    content, fragment = JSON[case]
    path = tmp_path / "supa-seed.config.json"
    path.write_bytes(content)
    message = said_of(path, tmp_path)
    assert fragment in message if fragment else not message, message


def test_what_is_no_configuration_file(tmp_path: Path) -> None:
    names = ("folder.json", "fifo.json", "dangling.json", "circular.json", "zero.json", "x" * 300 + ".json")
    folder, fifo, dangling, circular, zero, long = (tmp_path / name for name in names)
    folder.mkdir()
    os.mkfifo(fifo)
    dangling.symlink_to(tmp_path / "nowhere")
    circular.symlink_to(circular)
    zero.symlink_to("/dev/zero")
    for path in (
        folder,
        fifo,
        dangling,
        circular,
        zero,
        long,
        Path("~nosuchuser/x.json"),
        Path("\udc80.json"),
        Path("\0.json"),
    ):
        assert "no file" in said_of(path, tmp_path)
    other = tmp_path / "a.toml"
    other.write_text("a = 1")
    assert "is no .json and no .js file" in said_of(other, tmp_path)
    for written in (None, 5, "", b"a.json", [], object()):
        assert SupaseedFile(written, tmp_path).read(tmp_path).problems, written  # type: ignore[arg-type]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_configuration_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("{}")
    path.chmod(0)
    assert "cannot be read: Permission denied" in said_of(path, tmp_path)


# The bytes of schema.sql, and what is said; an empty text where it is loaded.
SQL: dict[str, tuple[bytes, str]] = {
    "empty": (b"", ""),
    "blank": (b"\n \t\r\n", ""),
    "a comment": (b"-- nothing\n/* and /* less */ */", ""),
    "semicolons": (b";;;\n;", ""),
    "a byte order mark": (b"\xef\xbb\xbfCREATE TABLE a (b int);", ""),
    "CRLF": (b"CREATE TABLE a (\r\nb int);\r\nINSERT INTO a\r\nVALUES (1);\r\n", ""),
    "CR": (b"CREATE TABLE a (b int);\rINSERT INTO a VALUES (1);\r", ""),
    "UTF-16": ("CREATE TABLE a (b int);".encode("utf-16"), "is not text in UTF-8"),
    "UTF-16 without a mark": ("CREATE TABLE a (b int);".encode("utf-16-le"), "is not text in UTF-8"),
    "a NUL": (b"CREATE TABLE a (b int);\0", "is not text in UTF-8"),
    "latin-1": ("COMMENT ON SCHEMA public IS 'ä';".encode("latin-1"), "invalid byte sequence"),
    "latin-1, as it says": (b"SET client_encoding = 'latin1'; COMMENT ON SCHEMA public IS '\xe4';", ""),
    "an archive": (b"PGDMP\0", "is an archive of pg_dump"),
    "a quote": (b"SELECT 'a", "unterminated quoted string"),
    "a quoted name": (b'SELECT "a', "unterminated quoted identifier"),
    "a dollar quote": (b"SELECT $a$ b", "unterminated dollar-quoted string"),
    "a comment that does not end": (b"/* a", ""),
    "a comment in a statement": (b"SELECT 1 /* a", ""),
    "a parenthesis": (b"SELECT (1;", "syntax error at end of input|syntax error"),
    "a COPY without an end": (b"CREATE TABLE a (b int);\nCOPY a FROM stdin;\n1\n2", ""),
    "a COPY without data": (b"CREATE TABLE a (b int);\nCOPY a FROM stdin;", ""),
    "a COPY of texts": (
        b"CREATE TABLE a (b int);\nCOPY a FROM stdin;\nx\n\\.\n",
        "schema.sql:3: invalid input",
    ),
    "a COPY from a file": (b"CREATE TABLE a (b int); COPY a FROM '/no/such/file';", "could not open file"),
    "a COPY to stdout": (b"COPY (SELECT 1) TO STDOUT;", "COPY"),
    "nonsense": (b"\x89PNG\r\n\x1a\n", "syntax error|invalid byte|not supported"),
    "words": (b"hello world", "syntax error"),
    "HTML": (b"<!DOCTYPE html><p>", "syntax error"),
    r"\i of itself": (b"\\i schema.sql", "includes a file that is being included already"),
    r"\i of nothing": (b"\\i nope.sql", "there is no file"),
    r"\i": (b"\\i", "there is no file"),
    r"\i of a user who is not there": (b"\\i ~nosuchuser/a.sql", "no file can be found"),
    r"\i of a long name": (b"\\i " + b"x" * 300, "no file can be found: File name too long"),
    r"\i of a folder": (b"\\i .", "there is no file"),
    r"\i of a link that leads to itself": (b"\\i circular.sql", "no file"),
    r"\i of a FIFO": (b"\\i fifo.sql", "there is no file"),
    r"\!": (b"\\! rm -rf /", "psql's \\! is not supported"),
    r"\copy": (b"\\copy a from 'b'", "psql's \\copy is not supported"),
    r"\gexec": (b"SELECT 'CREATE TABLE a ()' \\gexec", ""),
    r"\gexec of DROP DATABASE": (b"SELECT 'DROP DATABASE postgres' \\gexec", ""),
    r"\gset": (b"SELECT 1 AS a \\gset", "psql's \\gset is not supported"),
    r"\if": (b"\\if true\nSELECT 1;\n\\endif", ""),
    r"\if without \endif": (b"\\if true\nSELECT 1;\n", "has an \\if without its \\endif"),
    r"\set": (b"\\set a 1\nSELECT :a;", ""),
    r"\set of a program": (b"\\set a `rm -rf /`\nSELECT :a;", "no program is run here"),
    r"\nope": (b"\\nope", "psql's \\nope is not supported"),
    "a backslash": (b"\\", "psql's \\ is not supported"),
    "a variable": (b"SELECT :a;", "syntax error"),
    r"\connect": (b"\\connect other\nCREATE TABLE a ();", ""),
    "DROP DATABASE": (b"DROP DATABASE postgres;", ""),
    "DROP DATABASE in a block": (
        b"DO $$ BEGIN EXECUTE 'DROP DATABASE postgres'; END $$;",
        "cannot be executed from",
    ),
    "a transaction that is left open": (
        b"BEGIN; CREATE TABLE a ();",
        "begins a transaction that the file does not end",
    ),
    "a transaction that failed": (b"BEGIN; SELECT 1/0; COMMIT;", "division by zero"),
    "a transaction that is prepared": (
        b"BEGIN; PREPARE TRANSACTION 'a';",
        "prepared transactions are disabled",
    ),
    "a rollback": (b"ROLLBACK;", ""),
    "a role that is set": (b"SET ROLE nobody_at_all;", "does not exist"),
    "a role that is left set": (b"SET ROLE pg_read_all_data;", ""),
    "the end of the connection": (
        b"SELECT pg_terminate_backend(pg_backend_pid());",
        "terminating connection|closed the connection",
    ),
    "a timeout": (b"SET statement_timeout = 1; SELECT pg_sleep(5);", "statement timeout"),
    "a search path of nothing": (b"SET search_path = ''; CREATE TABLE public.a ();", ""),
    "a read-only session": (
        b"SET default_transaction_read_only = on; CREATE TABLE a ();",
        "read-only transaction",
    ),
    "a LISTEN": (b"LISTEN a; NOTIFY a;", ""),
    "a cursor": (b"BEGIN; DECLARE a CURSOR FOR SELECT 1; COMMIT;", ""),
    "a line of four megabytes": (b"SELECT '" + b"x" * (1 << 22) + b"';", ""),
    "a name that is too long": (b"CREATE TABLE " + b"a" * 100 + b" ();", ""),
    "deep parentheses": (
        b"SELECT " + b"(" * 20_000 + b"1" + b")" * 20_000,
        "stack depth|memory exhausted|parser",
    ),
    "many statements": (b"SELECT 1;" * 2000, ""),
    "percent signs": (b"SELECT '%s %(a)s %%' LIKE '%';", ""),
}


@pytest.fixture(scope="module")
def schema_url(create_database: Callable[[], URL]) -> URL:
    """A database for all files: what they create is dropped after each."""
    return create_database()


@pytest.fixture
def emptied(schema_url: URL) -> Iterator[URL]:
    yield schema_url
    engine = create_engine(schema_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")


def loaded(value: object, root: Path, url: URL) -> str:
    """What is said of a source, when it is loaded; nothing of one that is fine."""
    try:
        source = resolve(value, root)
        source_fingerprint(source, (15, 0)).digest("run")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            load(source, url)
    except SchemaError as error:
        str(error).encode("utf-8", "surrogateescape")
        return str(error)
    return ""


@pytest.mark.parametrize("case", SQL)
def test_sql_is_loaded_or_refused(case: str, tmp_path: Path, emptied: URL) -> None:
    content, fragment = SQL[case]
    path = tmp_path / "schema.sql"
    path.write_bytes(content)
    (tmp_path / "circular.sql").symlink_to(tmp_path / "circular.sql")
    os.mkfifo(tmp_path / "fifo.sql")
    message = loaded("schema.sql", tmp_path, emptied)
    assert any(each in message for each in fragment.split("|")) if fragment else not message, message
    assert len(message) < 3000


def test_files_that_include_one_another_very_often(tmp_path: Path, emptied: URL) -> None:
    for number in range(200):
        (tmp_path / f"{number}.sql").write_text(f"\\i {number + 1}.sql\n")
    (tmp_path / "200.sql").write_text("SELECT 1;")
    assert "more than 100 deep" in loaded("0.sql", tmp_path, emptied)


def test_what_is_no_schema_folder(tmp_path: Path, emptied: URL) -> None:
    for name in ("empty", "files", "files/a.sql"):
        (tmp_path / name).mkdir()
    os.mkfifo(tmp_path / "files" / "b.sql")
    (tmp_path / "files" / "c.sql").symlink_to("c.sql")
    (tmp_path / "files" / "d.sql").symlink_to("nowhere")
    (tmp_path / "files" / "e.sql").symlink_to("/dev/zero")
    (tmp_path / "circular").symlink_to("circular")
    for name in (
        "empty",
        "files",
        "files/a.sql",
        "circular",
        "files/b.sql",
        "files/c.sql",
        "files/d.sql",
        "files/e.sql",
    ):
        message = loaded(name, tmp_path, emptied)
        assert message.startswith(f"supaseed_schema is {name!r}, "), message
    (tmp_path / "files" / "f.sql").write_text("SELECT 1;")
    assert loaded("files", tmp_path, emptied) == ""


# A module of the user's, what supaseed_schema names of it, and what is said; an empty text where it is loaded.
MODULES: dict[str, tuple[str, str, str]] = {
    "a module that raises": ("raise ValueError('no')", "a", "cannot be imported: ValueError: no\n  at "),
    "a module that exits": ("import sys; sys.exit(3)", "a", "cannot be imported: SystemExit: 3"),
    "a module with an error of syntax": ("a = (", "a", "cannot be imported: SyntaxError"),
    "a module that is no text": ("\0", "a", "cannot be imported: "),
    "a module that imports itself": ("from {module} import nope", "a", "cannot be imported: ImportError"),
    "a module that is not there": ("import nope_at_all", "a", "cannot be imported: ModuleNotFoundError"),
    "no such name": ("metadata = 1", "metadta", "has no metadta (did you mean 'metadata'?)"),
    "no name": ("a = 1", "", "a name is missing"),
    "a name of two words": ("a = 1", "a b", "a name is missing"),
    "a number": ("a = 1", "a", "which creates no tables"),
    "None": ("a = None", "a", "which creates no tables"),
    "a property that raises": ("class A:\n @property\n def b(self): raise OSError('no')\na = A()", "a.b",
                               "its b cannot be read: OSError: no\n  at "),
    "a property that lacks something": ("class A:\n @property\n def b(self): return self.c\na = A()", "a.b",
                                        "its b cannot be read: AttributeError: "),
    "a __getattr__ that raises": ("def __getattr__(name): raise OSError('no')", "a", "cannot be read: OSError: no"),
    "a metadata that raises": ("class A:\n @property\n def metadata(self): raise OSError('no')\na = A()", "a",
                               "cannot be read: OSError: no"),
    "no text": ("class A:\n def __repr__(self): raise OSError('no')\na = A()", "a", "which creates no tables"),
    "a class": ("class A: pass", "A", "which creates no tables"),
    "a function without arguments": ("def a(): pass", "a", "cannot be called with one argument"),
    "a function of two": ("def a(b, c): pass", "a", "cannot be called with one argument"),
    "an async function": ("async def a(b): pass", "a", "which is async"),
    "a generator": ("def a(b): yield", "a", "which is a generator"),
    "a function that raises": ("def a(b): raise ValueError('no')", "a", "could not be loaded: ValueError: no\n  at "),
    "a function that exits": ("def a(b): raise SystemExit", "a", "could not be loaded: SystemExit"),
    "a function that says nothing": ("class E(Exception):\n def __str__(self): raise OSError\ndef a(b): raise E", "a",
                                     "could not be loaded: E: (its str() raises OSError)"),
    "a function that closes": ("def a(b): b.close()", "a", "closed the connection"),
    "a function that returns a coroutine": ("async def c(): pass\ndef a(b): return c()", "a", "returned an awaitable"),
    "a function that fails in SQL": ("from sqlalchemy import text\ndef a(b): b.execute(text('SELECT nope'))", "a",
                                     'column "nope" does not exist'),
    "a function that never ends its calls": ("def a(b): a(b)", "a", "could not be loaded: RecursionError"),
    "a function that returns something": ("def a(b): return object()", "a", ""),
    "a lambda": ("a = lambda b: None", "a", ""),
    "a name that is no ASCII": ("def ä(b): pass", "ä", ""),
    "a mock": ("from unittest.mock import MagicMock\na = MagicMock()", "a", ""),
}  # fmt: skip


@pytest.mark.parametrize("number", range(len(MODULES)), ids=list(MODULES))
def test_objects_are_loaded_or_refused(
    number: int, tmp_path: Path, emptied: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, name, fragment = list(MODULES.values())[number]
    module = f"hostile_schema_{number}"
    (tmp_path / f"{module}.py").write_text(code.replace("{module}", module), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    message = loaded(f"{module}:{name}", tmp_path, emptied)
    assert fragment in message if fragment else not message, message


class Unspeakable:
    def __repr__(self) -> str:
        raise ValueError("no repr")


# What a fixture supaseed_schema returns, and what is said of it.
SOURCES: dict[str, tuple[Any, str]] = {
    "a number": (5, "supaseed_schema is 5, which creates no tables"),
    "a huge number": (10**10_000, "a number of 10001 digits, which creates no tables"),
    "True": (True, "which creates no tables"),
    "bytes": (b"schema.sql", "which creates no tables"),
    "a dict": ({"a": 1}, "which creates no tables"),
    "a set": ({"a"}, "which creates no tables"),
    "an object": (object(), "which creates no tables"),
    "what cannot be shown": (Unspeakable(), "whose repr() raises ValueError"),
    "a generator": ((each for each in "a"), "which creates no tables"),
    "a namespace": (SimpleNamespace(metadata=5), "which creates no tables"),
    "an empty MetaData": (MetaData(), "has no tables"),
    "the class MetaData": (MetaData, "which creates no tables"),
    "an engine": (create_engine("sqlite://"), "which creates no tables"),
    "a connection that is closed": (create_engine("sqlite://").connect(), "which creates no tables"),
    "a list that contains itself": (RECURSIVE, "a list that contains itself"),
    "a list of a number": (["", 5], "supaseed_schema is 5"),
    "a path to nowhere": (Path("nowhere.sql"), "there is no file or folder"),
    "a path of half a character": (Path("\udc80.sql"), "there is no file or folder|nothing can be read"),
    "a path of NUL": (Path("a\0b.sql"), "nothing can be read"),
    "a text of NUL": ("a\0b", "nothing can be read"),
    "half a character": ("\udc80:a", "there is no file or folder|nothing can be read"),
    "a user who is not there": ("~nosuchuser/x", "nothing can be read"),
    "a path of a user who is not there": (Path("~nosuchuser/x"), "nothing can be read"),
    "a long name": ("x" * 5000, "nothing can be read: File name too long"),
    "SQL": ("CREATE TABLE a (b int);", "there is no file or folder"),
    "a URL": ("https://example.com/schema.sql", "there is no file or folder"),
    "a device": ("/dev/zero", "a file of another kind"),
    "the root": ("/", "there are no .sql files in /"),
    "None": (None, ""),
    "nothing": ("", ""),
    "an empty list": ([], ""),
    "a list of nothing": ([None, "", [None, ()]], ""),
    "a builtin": (len, "could not be loaded: TypeError"),
    "a lambda": (lambda connection: None, ""),
}  # fmt: skip


@pytest.mark.parametrize("case", SOURCES)
def test_schema_sources_are_loaded_or_refused(case: str, tmp_path: Path, emptied: URL) -> None:
    value, fragment = SOURCES[case]
    message = loaded(value, tmp_path, emptied)
    assert any(each in message for each in fragment.split("|")) if fragment else not message, message
    assert len(re.sub("x+", "x", message)) < 3000
