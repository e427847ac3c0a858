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

from pytest_supaseed.server.guardian import TURN, USERS, close_in_children

try:
    import fcntl
except ModuleNotFoundError:  # Windows, where each process has a server of its own
    fcntl = None  # type: ignore[assignment]

_SERVER = "server.json"


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
        """
        if self._turn is not None:
            return True
        while True:
            self.folder.mkdir(mode=0o700, exist_ok=True)
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
            What that process has said of it; None where there is none, or it is going.
        """
        try:
            found: Mapping[str, Any] = json.loads((self.folder / _SERVER).read_text("utf-8"))
        except FileNotFoundError:
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
        path = self.folder / _SERVER
        path.touch(mode=0o600)
        path.write_text(json.dumps(server), "utf-8")

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
