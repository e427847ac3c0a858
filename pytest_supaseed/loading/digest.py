"""A digest of what loading a schema executes: while it is the same, so is what is loaded."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from pytest_supaseed import clock
from pytest_supaseed.errors import SchemaError
from pytest_supaseed.libpq import set_variables
from pytest_supaseed.loading.dependence import depends_on_outside, depends_on_time, is_suspect
from pytest_supaseed.loading.extensions import GENERAL, without_stand_ins
from pytest_supaseed.loading.source import SchemaSource
from pytest_supaseed.session.identity import Identity, Reach, identity_of, together


def source_digest(source: SchemaSource, server_version: tuple[int, ...] | None = None) -> str | None:
    """Return a digest of everything that loading a source executes.

    It stands for the content, wherever the project is. A schema that asks for the time gets another one each
    day, in UTC, which is the server's time zone: rows or partitions that it makes may be that old.

    Args:
        source: as :func:`pytest_supaseed.loading.source.resolve` returns it.
        server_version: of PostgreSQL, such as ``(18, 6)``; models have no digest without it.

    Returns:
        64 hexadecimal digits; None where what is loaded depends on more than could be read: on a function
        of the user's, on Alembic's migrations, on files of the server, on extensions that are not
        PostgreSQL's own; or where something cannot be read, of which loading will tell.

    Example:
        >>> source_digest(resolve("schema.sql", Path("/project")))  # doctest: +SKIP
        '3fdba35f04dc8c462986c992bcf875546257113072a909c162f7e470e581e278'
    """
    # With what a session reads literals; what a service says is in a file.
    variables = [each for each in set_variables() if each.for_sessions and os.environ[each.name]]
    if any(each.keyword == "service" for each in variables):
        return None
    settings = (f"{each.name}={os.environ[each.name]}" for each in variables)
    content = _content(source, server_version)
    if content is None:
        return None
    return _hashed((source.kind, *settings, content))


def source_identity(source: SchemaSource, server_version: tuple[int, ...]) -> Identity:
    """Return by what others know what loading a source executes.

    Args:
        source: as :func:`pytest_supaseed.loading.source.resolve` returns it.
        server_version: of PostgreSQL, such as ``(18, 6)``.
    """
    digest = source_digest(source, server_version)
    if digest is not None:
        return Identity(digest)
    if source.kind == "several":
        return together(*(source_identity(part, server_version) for part in source.parts))
    if source.kind == "callable":
        return identity_of(source.target)
    # The workers of a run import the same modules and read the same files.
    named = source.kind != "metadata" or ":" in source.description
    which = source.description if named else id(source.target)
    return Identity(
        f"{source.root} {source.kind} {which} {source.paths}", Reach.RUN if named else Reach.PROCESS
    )


def _content(source: SchemaSource, server_version: tuple[int, ...] | None) -> str | None:
    if source.kind == "none":
        return ""
    if source.kind == "several":
        parts = [_content(part, server_version) for part in source.parts]
        known = [part for part in parts if part is not None]
        return _hashed(known) if len(known) == len(parts) else None
    if source.kind in ("file", "folder"):
        return _of_files(source.paths, source.root)
    if source.project_kind is not None:
        return _of_files(source.paths, source.root, source.project_kind.stand_ins)
    if source.kind == "metadata" and server_version is not None:
        return _of_models(source, server_version)
    return None


def _of_files(paths: Iterable[Path], root: Path, stand_ins: tuple[Path, ...] = (GENERAL,)) -> str | None:
    parts: list[bytes | str] = []
    for path in paths:
        try:
            content = path.read_bytes()
            texts = (
                list(_executed(path, root, stand_ins))
                if is_suspect(_known(content, stand_ins))
                else [content]
            )
        except (OSError, SchemaError):
            return None  # loading will tell
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        parts += ["file", name, *texts, *_day(texts)]
    return _hashed(parts)


def _known(text: bytes, stand_ins: tuple[Path, ...]) -> bytes:
    """A text without the extensions that are the server's own, or else ours."""
    if b"extension" not in text.lower():
        return text
    decoded = text.decode("utf-8", "surrogateescape")
    return without_stand_ins(decoded, stand_ins).encode("utf-8", "surrogateescape")


def _executed(path: Path, root: Path, stand_ins: tuple[Path, ...]) -> Iterator[bytes]:
    """What a file that includes others has executed; it takes longer than reading it."""
    with warnings.catch_warnings():
        # Loading will warn of the same.
        warnings.simplefilter("ignore")
        from pytest_supaseed.loading import script

        steps = script.read(path, root)
    for step in steps:
        statement = step.statement
        text = statement.text.encode("utf-8", "surrogateescape")
        if depends_on_outside(_known(text, stand_ins)):
            raise SchemaError(f"{step} reads what is outside of the database")
        yield statement.kind.encode()
        yield text
        yield statement.data.encode("utf-8", "surrogateescape")


def _of_models(source: SchemaSource, server_version: tuple[int, ...]) -> str | None:
    from pytest_supaseed.loading.ddl import ddl_of

    ddl = ddl_of(source, server_version)
    if ddl is None:
        return None
    texts = [statement.encode("utf-8", "surrogatepass") for statement in ddl.statements]
    if any(depends_on_outside(text) for text in texts):
        return None
    return _hashed([*texts, *(() if ddl.plain else _day(texts))])


def _day(texts: Iterable[bytes]) -> list[str]:
    """Today, where a text asks for the time: what is loaded then is not for ever."""
    return [_today().isoformat()] if any(depends_on_time(text) for text in texts) else []


def _today() -> date:
    return clock.today()


def _hashed(parts: Iterable[bytes | str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        # The length keeps apart what would be equal when put together.
        digest.update(b"%d:" % len(content))
        digest.update(content)
    return digest.hexdigest()
