"""Fingerprints of schemas that are code, found again in later sessions by what their load depended on.

These dependencies are known only after a load. Therefore the template of such a schema has a random name, and a record
beside the archived cluster says what the load had read. A session in which all of that is unchanged takes the name, and
so finds the template. :meth:`KeptCode.identity` looks a schema up, :meth:`KeptCode.observed` records a load.
"""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, event

from pytest_supaseed.filesystem import OwnFolder
from pytest_supaseed.fingerprint import Identity, Reach, identity_of
from pytest_supaseed.postgres.server.archive import key_of
from pytest_supaseed.sources.digest import source_digest
from pytest_supaseed.sources.inputs import Inputs, Recorder, UnknownError, is_unchanged, surroundings
from pytest_supaseed.sources.migrations import is_redirecting, place_of
from pytest_supaseed.sources.source import SchemaSource

_SUFFIX = ".code"
# Per schema: another selection of tests imports other modules.
_MOST_RECORDS = 4
_MOST_FILES = 16
_MOST_BYTES = 16 << 20


class KeptCode:
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

    def identity(
        self, source: SchemaSource, version: tuple[int, ...], server: Identity
    ) -> tuple[Identity, Callable[[], bool]] | None:
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

        return Identity(f"code {name}", Reach.CONTENT), keep

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
                found = json.loads(folder.read(f"{key}{_SUFFIX}", _MOST_BYTES))
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
            folder.write(f"{key}{_SUFFIX}", lambda file: file.write(content))
            kept = sorted((s.st_mtime_ns, name) for name, s in folder.files() if name.endswith(_SUFFIX))
            for _, old in kept[:-_MOST_FILES]:
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
        function = identity_of(source.target)
        return function.text if function.reach >= Reach.RUN else None
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
