"""Extension stubs, which ``CREATE EXTENSION`` runs on a server that lacks the extension.

A stub is a ``.sql`` file with the functions that schemas call. It is executed in the place of the statement;
nothing is installed on the server. :class:`Extensions` replaces statements while a schema is loaded,
:func:`stubbed_in_engines` those of SQLAlchemy's engines, and :func:`report_header` lists the stubs in the report
header.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.sources.migration_folders import read_folder
from pytest_supaseed.sources.projects import read_project

if TYPE_CHECKING:
    import psycopg2


# Stubs for every schema; kinds of projects have more in folders of their own.
GENERAL = Path(__file__).parent / "stubs"
_NAME = r"(?:\"(?:[^\"]|\"\")+\"|[^\W\d][\w$]*)"
_CREATE = re.compile(
    rf"\bCREATE\s+EXTENSION\s+(?P<lenient>IF\s+NOT\s+EXISTS\s+)?(?P<name>{_NAME})"
    rf"(?P<options>(?:\s+(?:WITH|SCHEMA\s+{_NAME}|VERSION\s+(?:'[^']*'|{_NAME})|CASCADE))*)\s*(?=;|\Z)",
    re.IGNORECASE,
)
_SCHEMA = re.compile(rf"\bSCHEMA\s+({_NAME})", re.IGNORECASE)
# Statements about an extension, which are left out for one that a stub replaces.
_ABOUT = re.compile(
    rf"\s*(?:COMMENT\s+ON\s+EXTENSION|ALTER\s+EXTENSION|DROP\s+EXTENSION(?:\s+IF\s+EXISTS)?)\s+(?P<name>{_NAME})",
    re.IGNORECASE,
)
_MOVED = re.compile(rf"\s*ALTER\s+EXTENSION\s+{_NAME}\s+SET\s+SCHEMA\s+({_NAME})", re.IGNORECASE)
_MENTIONS = re.compile(r"\bEXTENSION\b", re.IGNORECASE)
_NEEDS = re.compile(r"^-- needs: (.+)$", re.MULTILINE)
_TAG, _INNER_TAG = "$supaseed_stub$", "$supaseed$"
_DO_TAG, _LOAD_TAG = "$supaseed_do$", "$supaseed_load$"


class Extensions:
    """The extensions of a server, and the stubs in the place of missing ones, while one schema is loaded."""

    def __init__(self, folders: Iterable[Path] = (GENERAL,)) -> None:
        self._folders = tuple(folders)
        self._available: frozenset[str] | None = None
        self._standing_in: dict[str, str] = {}
        self._replaced: set[str] = set()

    @property
    def standing_in(self) -> frozenset[str]:
        """The names of the extensions whose creation stubs have taken the place of."""
        return frozenset(self._replaced)

    def understood(self, statement: str, cursor: psycopg2.extensions.cursor) -> str:
        """Replace the creation of missing extensions in a statement by their stubs.

        Args:
            statement: of a ``.sql`` file; it may be a DO block that creates extensions.

        Returns:
            The SQL to execute; empty where there is nothing to do.
        """
        if not _MENTIONS.search(statement):
            return statement
        about = _ABOUT.match(statement)
        if about and _plain(about["name"]) in self._standing_in:
            # DROP is ignored, as the stub's functions may have dependents; SET SCHEMA runs the stub again.
            moved = _MOVED.match(statement)
            return self._text(_plain(about["name"]), moved[1], cursor) if moved else ""
        whole = _CREATE.match(statement)

        def instead(found: re.Match[str]) -> str:
            text = self._stub(found, cursor)
            if text is None or whole:
                return found[0] if text is None else text
            # Within a DO block, in PL/pgSQL, which is most likely quoted with $$ itself.
            return f"EXECUTE {_TAG}{text.replace('$$', _INNER_TAG)}{_TAG}"

        return _CREATE.sub(instead, statement)

    def _stub(self, found: re.Match[str], cursor: psycopg2.extensions.cursor) -> str | None:
        """The SQL in the place of a CREATE EXTENSION; None for the statement itself."""
        name = _plain(found["name"])
        if stub_of(name, self._folders) is None or name in self._on(cursor):
            return None
        if name in self._standing_in and found["lenient"]:
            return "SELECT"
        self._replaced.add(name)
        given = _SCHEMA.search(found["options"])
        schema = given[1] if given else _current_schema(cursor)
        return self._text(name, schema, cursor)

    def _text(self, name: str, schema: str, cursor: psycopg2.extensions.cursor) -> str:
        """A stub, after the stubs that it needs."""
        if name in self._on(cursor):
            return f'CREATE EXTENSION IF NOT EXISTS "{name}" WITH SCHEMA {schema};\n'
        path = stub_of(name, self._folders)
        assert path is not None  # noqa: S101 for the type checker
        self._standing_in[name] = schema
        text = path.read_text(encoding="utf-8")
        needed = _NEEDS.search(text)
        others = (
            [other for other in needed[1].split(", ") if other not in self._standing_in] if needed else []
        )
        before = "".join(self._text(other, schema, cursor) for other in others)
        # Some stubs are a comment only, and psycopg2 refuses an empty query.
        return f"{before}{text.replace('@extschema@', schema)}SELECT;\n"

    def _on(self, cursor: psycopg2.extensions.cursor) -> frozenset[str]:
        if self._available is None:
            cursor.execute("SELECT name FROM pg_catalog.pg_available_extensions")
            self._available = frozenset(name for (name,) in cursor.fetchall())
        return self._available


@contextmanager
def stubbed_in_engines(description: str, tell: Callable[[str], None]) -> Iterator[None]:
    """Have stubs take the place of missing extensions in whatever SQLAlchemy's engines execute in the block.

    Args:
        description: of the schema's source.
        tell: takes a line that names the stubs.
    """
    # Imported late: the report header needs only the names of the stubs.
    from sqlalchemy import Engine, event

    extensions = Extensions()

    def executing(
        connection: Any, cursor: Any, statement: str, parameters: Any, context: object, executemany: bool
    ) -> tuple[str, Any]:
        if not _MENTIONS.search(statement):
            return statement, parameters
        # A cursor of its own: what is asked of the server must not replace the rows of this one.
        other = connection.connection.cursor()
        try:
            found = extensions.understood(statement, other)
            if found != statement:
                # One statement, for some drivers take no more; without parameters, which would make of % a placeholder.
                if found.strip():
                    other.execute(f"DO {_DO_TAG} BEGIN EXECUTE {_LOAD_TAG}{found}{_LOAD_TAG}; END {_DO_TAG}")
                return "SELECT 1", ()
        finally:
            other.close()
        return statement, parameters

    event.listen(Engine, "before_cursor_execute", executing, retval=True)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", executing)
        if extensions.standing_in:
            names = ", ".join(sorted(extensions.standing_in))
            tell(f"{description}: stubs stand in for extensions that the server lacks: {names}")


def stub_of(name: str, folders: Iterable[Path] = (GENERAL,)) -> Path | None:
    """Return the file of an extension's stub; None where there is none.

    Example:
        >>> stub_of("pgcrypto").name, stub_of("postgis")
        ('pgcrypto.sql', None)
    """
    return next((files[name] for folder in folders if name in (files := _files(folder))), None)


def asked_for(text: str) -> list[str]:
    """Return the names of the extensions that a ``.sql`` file creates, in their order.

    Example:
        >>> asked_for('CREATE EXTENSION IF NOT EXISTS "uuid-ossp";')
        ['uuid-ossp']
    """
    return [_plain(found["name"]) for found in _CREATE.finditer(text)]


def without_stubs(text: str, folders: Iterable[Path] = (GENERAL,)) -> str:
    """Remove the creation of extensions that have stubs from a statement."""
    return _CREATE.sub(lambda found: "" if stub_of(_plain(found["name"]), folders) else found[0], text)


@cache
def _files(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.glob("*.sql"))}


def _plain(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()


def _current_schema(cursor: psycopg2.extensions.cursor) -> str:
    cursor.execute("SELECT quote_ident(coalesce(current_schema(), 'public'))")
    [(schema,)] = cursor.fetchall()
    return str(schema)


# Only the beginning of a file is searched: a dump creates its extensions before tables and rows.
_MOST_BYTES = 1 << 20
# Of migrations in Python, which are read to choose among several servers.
_MOST_FILES = 2000
_NOT_OURS = frozenset(("__pycache__", "node_modules", "site-packages"))
_CREATE_IN_CODE = re.compile(
    r"(?i:\bCREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?)[\\\"']*([\w-]+)|\bCreateExtension\(\s*[\"']([\w-]+)"
)
_DJANGO = re.compile(r"\b(\w+)Extension\(")
# Classes of django.contrib.postgres.operations, and of pgvector.
_OF_DJANGO = {
    "Bloom": "bloom", "BtreeGin": "btree_gin", "BtreeGist": "btree_gist", "CIText": "citext",
    "Crypto": "pgcrypto", "HStore": "hstore", "Trigram": "pg_trgm", "Unaccent": "unaccent", "Vector": "vector",
}  # fmt: skip
_SHARES = (
    "../share/extension",
    "../share/postgresql/extension",
    "../share/postgresql/{major}/extension",
    "/usr/share/postgresql/{major}/extension",
    "/usr/pgsql-{major}/share/extension",
)


def report_header(schema: str, root: Path, bin_folder: Path | None, major: int) -> str:
    """Return a line for the report header: the project of a schema, and its extensions with stubs on a server.

    Args:
        schema: the ini option's value.
        bin_folder: of the server's programs; None for a server elsewhere.

    Returns:
        The line; empty where there is neither.
    """
    project, asked, folders = _named(schema, root)
    installed = _installed(bin_folder, major)
    lacking = [name for name in asked if stub_of(name, folders) and name not in (installed or ())]
    stubs = ""
    if lacking:
        where = "" if installed is not None else ", as far as the server lacks them"
        stubs = f"stubs for {', '.join(sorted(lacking))}{where}"
    return "; ".join(filter(None, (project, stubs)))


@dataclass(frozen=True)
class CreatedExtensions:
    """The extensions that a schema creates.

    Attributes:
        names: of them all.
        stubs: those of them that stubs stand in for where a server lacks them.
    """

    names: tuple[str, ...] = ()
    stubs: frozenset[str] = frozenset()


def created_extensions(schema: str, root: Path) -> CreatedExtensions:
    """Return the extensions that a schema creates, as far as its files say.

    Args:
        schema: the ini option's value.
        root: pytest's rootdir.
    """
    _, asked, folders = _named(schema, root)
    for line in filter(None, map(str.strip, schema.splitlines())):
        asked += _of_code(line, root)
    stubs = frozenset(name for name in asked if stub_of(name, folders))
    return CreatedExtensions(tuple(dict.fromkeys(asked)), stubs)


def _of_code(line: str, root: Path) -> list[str]:
    """The extensions that migrations in Python create, of Alembic or of Django."""
    if line == "django":
        folder, name = root, "migrations"
    elif line.endswith(".ini"):
        folder, name = (root / line).parent, "versions"
    else:
        return []
    found = []
    for path in islice(_modules(folder, name), _MOST_FILES):
        with suppress(OSError):  # loading raises the error
            found += asked_in_code(path.read_text(encoding="utf-8", errors="replace"))
    return found


def _modules(folder: Path, name: str) -> Iterator[Path]:
    """The modules in folders of a name, without those of installed packages."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if each not in _NOT_OURS and not each.startswith("."))
        if Path(place).name == name:
            yield from (Path(place, each) for each in sorted(files) if each.endswith(".py"))


def asked_in_code(text: str) -> list[str]:
    """Return the names of the extensions that a migration in Python creates.

    Example:
        >>> asked_in_code("operations = [CryptoExtension(), CreateExtension('vector')]")
        ['vector', 'pgcrypto']
        >>> asked_in_code('op.execute("CREATE EXTENSION IF NOT EXISTS vector")')
        ['vector']
    """
    names = [found[1] or found[2] for found in _CREATE_IN_CODE.finditer(text)]
    return names + [_OF_DJANGO[found[1]] for found in _DJANGO.finditer(text) if found[1] in _OF_DJANGO]


def _named(schema: str, root: Path) -> tuple[str, list[str], tuple[Path, ...]]:
    """The project of a schema in words, the extensions that its SQL creates, and the folders of stubs for them."""
    asked: dict[str, None] = {}
    project = ""
    folders: tuple[Path, ...] = (GENERAL,)
    for line in filter(None, map(str.strip, schema.splitlines())):
        try:
            path = (root / Path(line).expanduser()).resolve()
            found = read_project(path) if path.is_dir() else None
            if found is not None:
                name, kind, read = found
                project, folders = f"{name.title()} project of {read.contents}", kind.stubs
                asked.update(dict.fromkeys(kind.extensions))
                asked.update(dict.fromkeys(_asked(read.paths)))
                continue
            asked.update(dict.fromkeys(_asked(_sql_files(path))))
        except (OSError, RuntimeError, ValueError, SchemaError):
            continue  # loading raises the error
    return project, list(asked), folders


def _sql_files(path: Path) -> Sequence[Path]:
    if path.is_dir():
        return read_folder(path).paths
    return [path] if path.suffix.lower() == ".sql" and path.is_file() else []


def _asked(paths: Iterable[Path]) -> list[str]:
    found = []
    for path in paths:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES)
        if b"extension" in content.lower():
            found += asked_for(content.decode("utf-8", "replace"))
    return found


def _installed(bin_folder: Path | None, major: int) -> frozenset[str] | None:
    """The extensions of a server; None where its folders do not tell."""
    if bin_folder is None:
        return None
    for share in _SHARES:
        folder = bin_folder.resolve() / share.format(major=major)
        if (folder / "plpgsql.control").is_file():
            return frozenset(path.stem for path in folder.glob("*.control"))
    return None
