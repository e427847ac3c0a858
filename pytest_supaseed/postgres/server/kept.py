"""Notes of what sessions have kept of failing tests: servers that stay up, and databases on servers of the user's.

Each session that has kept something leaves a :class:`Note` in a folder of its own, in one folder for all sessions of
this user (:func:`notes_folder`). As long as the note is there, a watchdog process waits until the databases are to
go; a process that removes the note ends the wait. :func:`notes` reads the notes, :func:`write_note` writes one, and
:func:`remove_server` stops a server that was kept, and removes it with its note. :func:`remove_overdue` does so for
servers whose watchdog was killed, or that ended with the machine.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pytest_supaseed import clock
from pytest_supaseed.filesystem import OwnFolder, user
from pytest_supaseed.postgres.server.account import FOLDER_PREFIX
from pytest_supaseed.postgres.server.server import remove_of_another
from pytest_supaseed.postgres.server.watchdog import KEPT_FILE, ServerWatchdog, SharedFolders, remove

_PREFIX = "supaseed-kept"
_MOST_NOTES = 1000
# The file in a rootdir's cache with the folders in which there are notes, as TMPDIR differs between sessions.
_FOLDERS = "kept.folders"
_MOST_FOLDERS = 10
# The file by which a process claims that it removes a server.
_CLAIM = "removed"
_MOST_BYTES = 1 << 20
# A watchdog is at work this long after the time of its note at most.
_GRACE_SECONDS = 60.0
# The file with the password of a server of the user's, in the form of libpq's password files.
PASSWORD_FILE = "pgpass"  # noqa: S105 a name


@dataclass(frozen=True)
class KeptDatabase:
    """A database of a failing test that outlives the session.

    Attributes:
        name: of the database.
        test: the id of the test.
        state: in words, what it holds.
    """

    name: str
    test: str
    state: str


@dataclass(frozen=True)
class Note:
    """What one session has kept.

    Attributes:
        root: pytest's rootdir.
        until: the time at which it goes, in epoch seconds.
        databases: that were kept.
        folders: of the server that stays up; none for a server of the user's.
        url: of the maintenance database of a server of the user's, without its password; empty for a server of ours.
        libpq: the name of the :class:`~pytest_supaseed.libpq.Environment` of connections to that server.
    """

    root: str
    until: float
    databases: tuple[KeptDatabase, ...]
    folders: tuple[str, ...] = ()
    url: str = ""
    libpq: str = ""


def notes_folder() -> Path:
    """Return the path of the folder with the notes of all sessions of this user."""
    number = user()
    return Path(tempfile.gettempdir()).absolute() / (_PREFIX if number is None else f"{_PREFIX}-{number}")


def write_note(folder: Path, note: Note, *, password: str | None = None) -> None:
    """Write the note of a session.

    Args:
        folder: of this session, in :func:`notes_folder`.
        note: its content.
        password: a line for libpq's password file, which is written beside it; None for none.

    Raises:
        OSError: it cannot be written, or another user could read or replace it.
    """
    OwnFolder(folder.parent, make=True).close()
    with OwnFolder(folder, make=True) as opened:
        if password is not None:
            opened.write(PASSWORD_FILE, lambda file: file.write(password.encode()))
        content = json.dumps(asdict(note)).encode("utf-8", "surrogateescape")
        opened.write(KEPT_FILE, lambda file: file.write(content))


def notes(others: Iterable[Path] = ()) -> Iterator[tuple[Path, Note]]:
    """Yield the notes of all sessions of this user, each with its folder; what is no note of ours is left out.

    Args:
        others: more folders with notes: sessions before may have had another folder for temporary files.
    """
    for folder in dict.fromkeys([notes_folder(), *others]):
        yield from _notes_in(folder)


def _notes_in(notes_folder: Path) -> Iterator[tuple[Path, Note]]:
    try:
        OwnFolder(notes_folder).close()
        names = sorted(os.listdir(notes_folder))[:_MOST_NOTES]
    except OSError:
        # Nothing was kept, or the folder is not ours, and nothing in it.
        return
    for name in names:
        folder = notes_folder / name
        try:
            with OwnFolder(folder) as opened:
                found = _note(json.loads(opened.read(KEPT_FILE, _MOST_BYTES)))
        except (OSError, ValueError, RecursionError):
            continue
        if found is not None:
            yield folder, found


def _note(found: Any) -> Note | None:
    """Return a note as it was written; None for anything else."""
    if not isinstance(found, dict) or found.keys() != Note.__dataclass_fields__.keys():
        return None
    texts = [found[name] for name in ("root", "url", "libpq")]
    folders, databases = found["folders"], found["databases"]
    if not isinstance(folders, list) or not isinstance(databases, list):
        return None
    if not all(isinstance(text, str) for text in [*texts, *folders]) or not isinstance(
        found["until"], (int, float)
    ):
        return None
    if not all(_is_folder_of_server(folder) for folder in folders) or not all(map(_is_database, databases)):
        return None
    kept = tuple(KeptDatabase(**each) for each in databases)
    return Note(**{**found, "folders": tuple(folders), "databases": kept})


def _is_folder_of_server(path: str) -> bool:
    """Whether a path looks like that of a folder of a server: nothing else is removed."""
    return os.path.isabs(path) and os.path.basename(path).startswith(FOLDER_PREFIX)


def _is_database(found: Any) -> bool:
    return (
        isinstance(found, Mapping)
        and found.keys() == KeptDatabase.__dataclass_fields__.keys()
        and all(isinstance(text, str) for text in found.values())
    )


def remove_server(folder: Path, note: Note) -> None:
    """Stop a server that was kept, and remove it with its note.

    Args:
        folder: of the note.
        note: of a server that the plugin has started.

    Raises:
        ServerError: something could not be removed; the message says where it is.
    """
    # The watchdog notices that the server has ended, and does the same, which does no harm. The note goes last.
    remove_of_another([*(Path(each) for each in note.folders), folder])
    _remove_empty(folder.parent)


def remove_server_soon(folder: Path, note: Note) -> None:
    """Have a server that was kept stopped and removed by another process, without waiting for it.

    Args:
        folder: of the note.
        note: of a server that the plugin has started.
    """
    if not _claimed(folder):
        return
    with suppress(OSError):  # there is no room for a process: its watchdog stops it when its time is up
        ServerWatchdog([Path(each) for each in note.folders], SharedFolders(kept=folder)).clean_up_soon()


def _claimed(folder: Path) -> bool:
    """Whether no other process, such as another worker of pytest-xdist, removes a server just now."""
    path = folder / _CLAIM
    with suppress(OSError):  # there is no claim, or the server has just been removed
        if path.stat().st_mtime < clock.now() - _GRACE_SECONDS:
            path.unlink()
    try:
        path.touch(exist_ok=False)
    except OSError:
        return False
    return True


def remove_note(folder: Path) -> None:
    """Remove a note of databases on a server of the user's; what waits for their time ends."""
    remove(folder)
    _remove_empty(folder.parent)


def _remove_empty(folder: Path) -> None:
    """Remove a folder of notes, if there is none."""
    with suppress(OSError):
        folder.rmdir()


def remember_folder(cache: Path | None, folder: Path) -> None:
    """Remember, for later sessions of a rootdir, in which folder there are notes.

    Args:
        cache: the folder that its sessions share; None for none.
        folder: of a note.
    """
    if cache is None:
        return
    known = [str(each) for each in remembered_folders(cache) if each != folder.parent and each.exists()]
    lines = [str(folder.parent), *known[: _MOST_FOLDERS - 1]]
    # A full or read-only disk only leaves them to the watchdog.
    with suppress(OSError), OwnFolder(cache, make=True) as opened:
        content = json.dumps(lines).encode("utf-8", "surrogateescape")
        opened.write(_FOLDERS, lambda file: file.write(content))


def remembered_folders(cache: Path | None) -> list[Path]:
    """Return the folders in which sessions of a rootdir have left notes.

    Args:
        cache: the folder that these sessions share; None for none.
    """
    if cache is None:
        return []
    try:
        with OwnFolder(cache) as opened:
            found = json.loads(opened.read(_FOLDERS, _MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return []
    texts = found if isinstance(found, list) else []
    return [Path(each) for each in texts if isinstance(each, str) and os.path.isabs(each)]


def remove_overdue() -> None:
    """Remove the servers that were kept, and whose time has been up for a while, of all rootdirs.

    There are some where the machine was restarted, or a watchdog was killed with the process that would replace it.
    """
    for folder, note in notes():
        if note.folders and note.until + _GRACE_SECONDS < clock.now():
            remove_server_soon(folder, note)
