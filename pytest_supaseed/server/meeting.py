"""Where the processes of one run, such as pytest-xdist's workers, agree on one server: a folder with two locks.

The locks are the operating system's, and end with the process that holds them, whichever way it ends. Everybody
who uses the server shares the lock ``users``; who has the lock ``turn`` may start or stop it.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pytest_supaseed.errors import ServerError
from pytest_supaseed.filesystem import OwnFolder
from pytest_supaseed.server.guardian import TURN, USERS, close_in_children

try:
    import fcntl
except ModuleNotFoundError:  # Windows, where each process has a server of its own
    fcntl = None  # type: ignore[assignment]

_SERVER = "server.json"
_MOST_BYTES = 1 << 16
_TEXT_OR_NONE = (str, type(None))
_FORM: Mapping[str, type | tuple[type, ...]] = {
    "host": str,
    "port": int,
    "user": str,
    "password": _TEXT_OR_NONE,
    "options": str,
    "maintenance": str,
    "folders": list,
    "room": dict,
    "datadir": str,
    "secret": str,
    "socket folder": str,
    "command": list,
    "template": _TEXT_OR_NONE,
    "pack": _TEXT_OR_NONE,
}


def can_meet() -> bool:
    """Tell whether processes can meet on this system."""
    return fcntl is not None


class Meeting:
    """The folder, as one process uses it.

    Args:
        run: what the processes have in common, and nobody else knows.

    Attributes:
        folder: where it is.
    """

    def __init__(self, run: str) -> None:
        self.folder = Path(tempfile.gettempdir()).absolute() / f"supaseed-run-{run}"
        self._turn: int | None = None
        self._users: int | None = None

    def take_turn(self, *, wait: bool) -> bool:
        """Be the process that may start or stop the server, until :meth:`end_turn`.

        Args:
            wait: whether to wait for another process that is.

        Returns:
            Whether this process is it now.

        Raises:
            ServerError: another user has made the folder.
        """
        if self._turn is not None:
            return True
        while True:
            try:
                OwnFolder(self.folder, make=True).close()
            except FileNotFoundError:  # the last one out has just removed it
                continue
            except OSError as error:
                raise ServerError(
                    f"The processes of this run cannot meet: {error}.\n"
                    "Set the environment variable TMPDIR to a folder that only you can write to."
                ) from error
            with suppress(FileNotFoundError):  # the last one out has just removed the folder
                turn = _locked(self.folder / TURN, wait=wait)
                if turn is None:
                    return False
                if _is_still(turn, self.folder / TURN):
                    self._turn = turn
                    return True
                os.close(turn)

    def end_turn(self) -> None:
        """Let others have their turn."""
        if self._turn is not None:
            os.close(self._turn)
        self._turn = None

    def server(self) -> Mapping[str, Any] | None:
        """Use the server that another process has started; only in one's turn.

        Returns:
            What that process has said of it; None where there is none, or it is going, or what stands there is not
            what :meth:`announce` writes.
        """
        try:
            with OwnFolder(self.folder) as folder:
                found = _announced(folder.read(_SERVER, _MOST_BYTES))
        except OSError:
            return None
        if found is None:
            return None
        self._users = _locked(self.folder / USERS, shared=True)
        return found

    def join(self) -> None:
        """Use the server that this process starts, before it does; only in one's turn."""
        self._users = _locked(self.folder / USERS, shared=True)

    def announce(self, server: Mapping[str, Any]) -> None:
        """Tell others of the server that this process has started; only in one's turn.

        Args:
            server: what they have to know; JSON can hold it.
        """
        content = json.dumps(server).encode()
        if _announced(content) is None:
            # Each process would start a server of its own.
            raise ValueError(f"a server is announced in another form than it is read in: {sorted(server)}")
        with OwnFolder(self.folder) as folder:
            folder.write(_SERVER, lambda file: file.write(content))

    def leave(self) -> bool:
        """Use the server no longer; only in one's turn, and whoever is the last stops it before that ends.

        Returns:
            Whether nobody else uses it.
        """
        if self._users is None:
            return True
        os.close(self._users)
        self._users = None
        alone = _locked(self.folder / USERS, wait=False)
        if alone is None:
            return False
        os.close(alone)
        return True


def _announced(content: bytes) -> Mapping[str, Any] | None:
    """What one process has told others, if it is that."""
    try:
        found = json.loads(content)
    except (RecursionError, ValueError):
        return None
    if not isinstance(found, dict) or found.keys() != _FORM.keys():
        return None
    if not all(isinstance(value, _FORM[name]) for name, value in found.items()):
        return None
    folders = found["folders"]
    return found if all(isinstance(folder, str) and os.path.isabs(folder) for folder in folders) else None


def _locked(path: Path, *, shared: bool = False, wait: bool = True) -> int | None:
    """Open a file and lock it; None where another process has."""
    found = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    close_in_children(found)
    try:
        fcntl.flock(found, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(found)
        return None
    except BaseException:
        os.close(found)
        raise
    return found


def _is_still(opened: int, path: Path) -> bool:
    """Whether a file has not been removed meanwhile."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(opened), path.stat())
    return False
