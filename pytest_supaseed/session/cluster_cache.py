"""What a session keeps for later ones: its throwaway server's cluster, and what the load of a schema in code has read.

:meth:`ClusterCache.keep` archives the cluster, with the templates made on it, when the session ends;
:meth:`ClusterCache.fetch` extracts a template's files when they are needed. A cluster is archived only when nothing
but the load of the schema has changed what its databases share: a role that a test has created would be there in
the next session.

A later session finds a template by its schema's fingerprint. What the load of a schema that is code depends on is known
only after the load. Therefore the template of such a schema has a random name, and a record beside the archived cluster
says what the load had read. A session in which all of that is unchanged takes the name, and so finds the template.
:meth:`CodeRecords.fingerprint` looks a schema up, :meth:`CodeRecords.observed` records a load.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import URL, Engine, event

from pytest_supaseed.errors import ServerError
from pytest_supaseed.filesystem import OwnFolder, opened_folder
from pytest_supaseed.fingerprint import CacheScope, Fingerprint, fingerprint_of
from pytest_supaseed.postgres.databases.database import OVERFLOW, Databases
from pytest_supaseed.postgres.databases.maintenance import Maintenance
from pytest_supaseed.postgres.databases.templates import CreatedDatabase, Templates
from pytest_supaseed.postgres.server.archive import DamagedArchiveError, key_of
from pytest_supaseed.postgres.server.launch import Launch
from pytest_supaseed.rng import token
from pytest_supaseed.sources.digest import source_digest
from pytest_supaseed.sources.inputs import Inputs, Recorder, UnknownError, is_unchanged, surroundings
from pytest_supaseed.sources.migrations import is_redirecting, place_of
from pytest_supaseed.sources.source import SchemaSource

# A seed costs some 100 KB in an archive, which stores once what clones of a schema have in common.
_MOST_TEMPLATES = 64
_MOST_BYTES = 512 << 20
_STATE = """
SELECT md5(concat_ws(E'\\n',
  (SELECT string_agg(CASE WHEN oid = 10 THEN (to_jsonb(a) - 'rolpassword')::text ELSE a::text END, E'\\n' ORDER BY oid)
    FROM pg_authid a),
  (SELECT string_agg(m::text, E'\\n' ORDER BY m::text) FROM pg_auth_members m),
  (SELECT string_agg(s::text, E'\\n' ORDER BY s::text) FROM pg_db_role_setting s
    WHERE setdatabase = 0 OR setdatabase IN (SELECT oid FROM pg_database WHERE datname IN ('postgres', 'template1'))),
  (SELECT string_agg(t::text, E'\\n' ORDER BY oid) FROM pg_tablespace t),
  (SELECT string_agg(concat_ws(' ', datname, datallowconn, datconnlimit, datacl::text), E'\\n' ORDER BY oid)
    FROM pg_database WHERE datname IN ('postgres', 'template0', 'template1')),
  (SELECT string_agg(concat_ws(' ', name, setting), E'\\n' ORDER BY seqno) FROM pg_file_settings
    WHERE sourcefile LIKE '%postgresql.auto.conf'),
  (SELECT string_agg(concat_ws(' ', tup_inserted, tup_updated, tup_deleted), E'\\n' ORDER BY datid)
    FROM pg_stat_database WHERE datname IN ('postgres', 'template1'))
))
"""


def cluster_state(maintenance: Maintenance) -> str:
    """Return a digest of what a cluster's databases share, and of its initial databases; needs a superuser."""
    [(state,)] = maintenance.query(_STATE)
    return str(state)


class ClusterCache:
    """What was archived of an earlier server's cluster, and what will be archived of this one's."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._damaged = False

    def fetch(self, created: CreatedDatabase) -> bool:
        """Make the files of a template available, which is about to be cloned.

        Args:
            created: the template, which the server lists; no other process fetches it meanwhile.

        Returns:
            Whether the files are there; otherwise the template has to be made anew.
        """
        if self._launch.room.overflowed(created.oid):
            return True
        datadir, archive = self._launch.datadir, self._launch.archive
        name = str(created.oid)
        place = f"base/{name}/"
        aside = datadir.parent / f"fetched-{token(4)}"
        try:
            # The folder's owner may plant links in it, also while the server runs.
            with opened_folder(datadir, "base", owner=self._launch.owner) as base:
                if _is_folder(datadir / "base" / name if base is None else name, base):
                    return True
                if archive is None:
                    # Another process has started the server from an archive that no longer exists.
                    return False
                aside.mkdir(mode=0o700)
                archive.extract(aside, self._launch.account, wanted=lambda path: path.startswith(place))
                # Moved as a whole, so that a killed process leaves all of it or nothing.
                os.rename(
                    aside / "base" / name, datadir / "base" / name if base is None else name, dst_dir_fd=base
                )
        except (DamagedArchiveError, OSError):
            self._damaged = True
            return False
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        return True

    def keep(self, databases: Databases, templates: Templates, shut_down: Callable[[], bool]) -> bool:
        """Archive the cluster for later sessions, unless that is of no use or a test has left a database in it.

        Args:
            databases: on the server, which no other process uses any more; their connection is closed.
            shut_down: stops the server.

        Returns:
            Whether the server was stopped.
        """
        launch = self._launch
        if launch.archives is None or launch.template is None:
            return False
        created = {each.name: each for each in templates.all() if each.notes is not None}
        schema = created.get(launch.template)
        lasting = [
            each
            for each in created.values()
            if each.notes
            and each.notes.get("lasting")
            and each.notes.get("schema") == launch.template
            # A cluster with tablespaces cannot be archived.
            and not launch.room.overflowed(each.oid)
        ]
        known = launch.archive.templates if launch.archive and not self._damaged else {}
        if schema is None or schema not in lasting:
            # The template's name does not tell what was loaded: a file has changed meanwhile, or the load depends on
            # more.
            return False
        if all(known.get(str(each.oid)) == each.name for each in lasting):
            return False
        try:
            kept = self._worth_keeping(lasting)
            if not drop_others(databases, templates, {*kept.values()}):
                return False
            if launch.password:
                # A later server gets a password of its own.
                databases.maintenance.query("ALTER ROLE CURRENT_USER PASSWORD NULL")
            if schema.notes is None or cluster_state(databases.maintenance) != schema.notes.get("cluster"):
                return False
        except (OSError, psycopg2.Error, ServerError):
            # A test may have changed anything on this server, so it is not archived.
            return False
        finally:
            databases.close()
        if shut_down():
            launch.archives.save(launch.key, launch.datadir, {"templates": kept})
            launch.remember()
        return True

    def _worth_keeping(self, lasting: list[CreatedDatabase]) -> dict[str, str]:
        """Return the templates to archive by oid: the schema, then the newest seeds."""
        kept: dict[str, str] = {}
        size = 0
        newest_first = sorted(
            lasting, key=lambda each: (each.name == self._launch.template, each.oid), reverse=True
        )
        for each in newest_first[:_MOST_TEMPLATES]:
            if not self.fetch(each):
                continue
            size += self._size_of(each)
            if size > _MOST_BYTES:
                break
            kept[str(each.oid)] = each.name
        return kept

    def _size_of(self, created: CreatedDatabase) -> int:
        datadir, name = self._launch.datadir, str(created.oid)
        with (
            opened_folder(datadir, "base", name, owner=self._launch.owner) as folder,
            os.scandir(datadir / "base" / name if folder is None else folder) as entries,
        ):
            return sum(entry.stat(follow_symlinks=False).st_size for entry in entries)


def _is_folder(path: str | Path, folder: int | None) -> bool:
    try:
        return stat.S_ISDIR(os.stat(path, dir_fd=folder, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return False


def drop_others(databases: Databases, templates: Templates, kept: set[str]) -> bool:
    """Drop this run's databases on its own server, except some.

    Args:
        kept: the names of those that stay.

    Returns:
        Whether no other database is left: one that a test has created is not dropped.
    """
    present = {name for (name,) in databases.maintenance.query("SELECT datname FROM pg_database")}
    created = {each.name for each in templates.all()}
    # Databases of killed workers are marked by their names alone.
    named = re.compile(rf"{re.escape(databases.shared_prefix)}(_gw\d+)?_(\d+|tmpl)")
    ours = {name for name in present - kept if name in created or named.fullmatch(name)}
    if present - ours - kept - {"postgres", "template0", "template1"}:
        return False
    for name in ours:
        databases.drop_unused(name)
    databases.maintenance.query(sql.SQL("DROP TABLESPACE IF EXISTS {}").format(sql.Identifier(OVERFLOW)))
    return True


_RECORD_SUFFIX = ".code"
# Per schema: another selection of tests imports other modules.
_MOST_RECORDS = 4
_MOST_RECORD_FILES = 16
_MOST_RECORD_BYTES = 16 << 20


class CodeRecords:
    """The records of schemas that are code.

    Args:
        folder: where they are kept; None to keep none.
        run: token of this run, equal in all its processes.
        recorder: records what the process reads.
        tests: files of the test modules.
        tell: takes a line about a schema that cannot be kept.
    """

    def __init__(
        self,
        folder: Path | None,
        run: str,
        recorder: Recorder,
        tests: frozenset[str],
        tell: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._folder = folder
        self._run = run
        self._recorder = recorder
        self._tests = tests
        self._tell = tell

    def fingerprint(
        self, source: SchemaSource, version: tuple[int, ...], server: Fingerprint
    ) -> tuple[Fingerprint, Callable[[], bool]] | None:
        """Return a schema's fingerprint, and a function that keeps it for later sessions.

        Args:
            source: as :func:`pytest_supaseed.sources.source.resolve` returns it.
            version: of PostgreSQL, such as ``(18, 6)``.
            server: fingerprint of what an archived cluster depends on besides.

        Returns:
            The fingerprint, and the function to call after a load, which returns whether the fingerprint holds for what
            was loaded. None for a schema that cannot be kept.
        """
        named = _named(source, version)
        if self._folder is None or named is None:
            return None
        # Alembic finds migrations itself, without what test modules define.
        tests = self._tests if _only_migrations(source) else frozenset()
        key = key_of({"schema": named, "root": str(source.root), "server": server.text})
        before = surroundings(tests)
        for record in self._read(key):
            if is_unchanged(record[1], before, record[0]):
                name = record[0]
                break
        else:
            # The same in all workers of the run.
            name = hashlib.sha256(f"{self._run} {key}".encode()).hexdigest()[:32]

        def keep() -> bool:
            try:
                inputs = self._recorder.inputs(before, tests, name)
            except UnknownError as error:
                self._tell(
                    f"{source.description} is not kept for later sessions, for its load depends on {error}"
                )
                return False
            self._save(key, name, inputs)
            return True

        return Fingerprint(f"code {name}", CacheScope.CONTENT), keep

    @contextmanager
    def observed(self, url: URL) -> Iterator[None]:
        """Record what a load depends on.

        Args:
            url: of the database that it loads into.
        """
        parameters = dict(url.get_dialect()().create_connect_args(url)[1])
        ours = place_of(parameters)

        def connecting(dialect: object, record: object, arguments: list[Any], given: dict[str, Any]) -> None:
            # SQLAlchemy calls this listener first, so the listener sees where env.py would have connected to.
            if not is_redirecting() and place_of(given, arguments) != ours:
                self._recorder.unknown["a connection to another database"] = None

        def executing(connection: object, cursor: object, statement: str, *rest: object) -> None:
            self._recorder.note_statement(statement)

        event.listen(Engine, "do_connect", connecting)
        event.listen(Engine, "before_cursor_execute", executing)
        try:
            with self._recorder.loading(_addresses(str(ours.host), int(ours.port or 5432))):
                yield
        finally:
            event.remove(Engine, "do_connect", connecting)
            event.remove(Engine, "before_cursor_execute", executing)

    def _read(self, key: str) -> list[tuple[str, Inputs]]:
        """Return the records of a schema, newest first; a malformed record counts as missing."""
        assert self._folder is not None  # noqa: S101 for the type checker
        try:
            with OwnFolder(self._folder) as folder:
                found = json.loads(folder.read(f"{key}{_RECORD_SUFFIX}", _MOST_RECORD_BYTES))
        except (OSError, ValueError, RecursionError):
            return []
        records = found if isinstance(found, list) else []
        return [record for each in records if (record := _record(each)) is not None]

    def _save(self, key: str, name: str, inputs: Inputs) -> None:
        assert self._folder is not None  # noqa: S101 for the type checker
        others = [each for each in self._read(key) if each[0] != name]
        records = [{"name": name, **asdict(inputs)} for name, inputs in [(name, inputs), *others]]
        content = json.dumps(records[:_MOST_RECORDS]).encode()
        # A full or read-only disk only makes the next session slower.
        with suppress(OSError), OwnFolder(self._folder, make=True) as folder:
            folder.write(f"{key}{_RECORD_SUFFIX}", lambda file: file.write(content))
            kept = sorted(
                (s.st_mtime_ns, name) for name, s in folder.files() if name.endswith(_RECORD_SUFFIX)
            )
            for _, old in kept[:-_MOST_RECORD_FILES]:
                folder.remove(old)


def _named(source: SchemaSource, version: tuple[int, ...]) -> str | None:
    """Return text that tells a source from others, wherever its code comes from; None where nothing does."""
    if source.kind == "several":
        parts = [_named(part, version) for part in source.parts]
        return None if None in parts else repr(parts)
    digest = source_digest(source, version)
    if digest is not None:
        return digest
    if source.kind == "alembic":
        return f"alembic {source.paths}"
    if source.kind in ("callable", "metadata") and ":" in source.description:
        return f"{source.kind} {source.description}"
    if source.kind == "callable":
        function = fingerprint_of(source.target)
        return function.text if function.scope >= CacheScope.RUN else None
    return None


def _only_migrations(source: SchemaSource) -> bool:
    return all(part.kind not in ("callable", "metadata") for part in (source, *source.parts))


def _addresses(host: str, port: int) -> Iterator[object]:
    """Yield the addresses of a server, as sockets take them."""
    if host.startswith(("/", "@")):
        yield f"{host}/.s.PGSQL.{port}"
        return
    yield host, port
    with suppress(OSError):
        for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            yield address[:2]


def _record(found: object) -> tuple[str, Inputs] | None:
    """Return a record as it was saved; None for anything else."""
    if not isinstance(found, dict) or set(found) != {"name", *Inputs.__dataclass_fields__}:
        return None
    texts = [found[each] for each in ("name", "surroundings", "environment", "day")]
    lists = [found["modules"], found["mentioned"]]
    mappings = [found["files"], found["folders"]]
    if not all(isinstance(each, list) for each in lists) or not all(
        isinstance(each, dict) for each in mappings
    ):
        return None
    texts += [*lists[0], *lists[1], *(text for each in mappings for text in each.values())]
    if not all(isinstance(text, str) for text in texts):
        return None
    name = found.pop("name")
    return name, Inputs(**{**found, "modules": tuple(lists[0]), "mentioned": tuple(lists[1])})
