"""Launching a throwaway server, or sharing one among the processes of a run, such as pytest-xdist's workers.

Begin with :func:`launched`. :class:`Launch` starts the server from a cluster archive or with initdb, or
attaches to the one that another process has started; it restarts a killed server, and archives the cluster
for later sessions.

:class:`Rendezvous` is the rendezvous of the processes: a folder with two lock files. All that use the server
hold a shared lock on ``users``; the holder of the exclusive lock on ``turn`` may start or stop the server.
The operating system releases the locks at the end of a process, however it ends.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_supaseed.errors import GoneError, ServerError
from pytest_supaseed.filesystem import OwnFolder, user
from pytest_supaseed.postgres.server.account import Account, server_account
from pytest_supaseed.postgres.server.archive import ClusterArchive, ClusterArchives, key_of
from pytest_supaseed.postgres.server.cluster import Cluster, Proof
from pytest_supaseed.postgres.server.kept import Note, remove_overdue, write_note
from pytest_supaseed.postgres.server.programs import Installation
from pytest_supaseed.postgres.server.server import (
    Server,
    ServerSettings,
    halt_of_another,
    remove_of_another,
    start_again,
)
from pytest_supaseed.postgres.server.space import Room
from pytest_supaseed.postgres.server.watchdog import (
    START_STOP,
    USERS,
    ServerWatchdog,
    SharedFolders,
    close_in_children,
    processes,
    remove,
)
from pytest_supaseed.settings import Run

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


def can_share_server() -> bool:
    """Whether processes can share a server on this system."""
    return fcntl is not None


class Rendezvous:
    """The rendezvous folder, as one process uses it.

    Args:
        run: a token that the processes of the run share, and that other users cannot guess.

    Attributes:
        folder: its path.
    """

    def __init__(self, run: str) -> None:
        self.folder = Path(tempfile.gettempdir()).absolute() / f"supaseed-run-{run}"
        self._lock: int | None = None
        self._users: int | None = None

    def lock(self, *, wait: bool) -> bool:
        """Take the start/stop lock, until :meth:`unlock`.

        Args:
            wait: whether to wait for another process that holds it.

        Returns:
            Whether this process holds it now.

        Raises:
            ServerError: another user has created the folder.
        """
        if self._lock is not None:
            return True
        while True:
            try:
                OwnFolder(self.folder, make=True).close()
            except FileNotFoundError:  # the last user has just removed it
                continue
            except OSError as error:
                raise ServerError(
                    f"The processes of this run cannot meet: {error}.\n"
                    "Set the environment variable TMPDIR to a folder that only you can write to."
                ) from error
            with suppress(FileNotFoundError):  # the last user has just removed the folder
                lock = _locked(self.folder / START_STOP, wait=wait)
                if lock is None:
                    return False
                if _is_still(lock, self.folder / START_STOP):
                    self._lock = lock
                    return True
                os.close(lock)

    def unlock(self) -> None:
        """Release the start/stop lock."""
        if self._lock is not None:
            os.close(self._lock)
        self._lock = None

    def server(self) -> Mapping[str, Any] | None:
        """Use the server that another process has started. Requires the start/stop lock.

        Returns:
            What that process has announced; None where there is no server, where it is being removed, or
            where the file is not as :meth:`announce` writes it.
        """
        try:
            with OwnFolder(self.folder) as folder:
                found = _announcement(folder.read(_SERVER, _MOST_BYTES))
        except OSError:
            return None
        if found is None:
            return None
        self._users = _locked(self.folder / USERS, shared=True)
        return found

    def join(self) -> None:
        """Take the users lock before this process starts the server. Requires the start/stop lock."""
        self._users = _locked(self.folder / USERS, shared=True)

    def announce(self, server: Mapping[str, Any]) -> None:
        """Publish the server that this process has started. Requires the start/stop lock.

        Args:
            server: what the others have to know, for JSON.

        Raises:
            ValueError: its fields are not those that :meth:`server` reads.
        """
        content = json.dumps(server).encode()
        if _announcement(content) is None:
            # The others could not read it, and each would start a server of its own.
            raise ValueError(f"a server is announced in another form than it is read in: {sorted(server)}")
        with OwnFolder(self.folder) as folder:
            folder.write(_SERVER, lambda file: file.write(content))

    def leave(self) -> bool:
        """Release the users lock. Requires the start/stop lock.

        Returns:
            Whether no other process uses the server; then the caller stops it before it releases the
            start/stop lock.
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


def _announcement(content: bytes) -> Mapping[str, Any] | None:
    """The announcement of another process; None if it does not have the expected fields."""
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
    """Open a file and lock it; None where another process holds the lock."""
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
    """Whether the path still leads to an open file."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(opened), path.stat())
    return False


_LAST = ".last"
_MOST_GUESS_BYTES = 1 << 10
# The limit for crash recovery.
_RECOVERY_SECONDS = 60.0
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Workload:
    """What a throwaway server is started for.

    Attributes:
        made_by: what an archived cluster depends on beside the server and its settings.
        schema: how the user names the schema.
        seeds: how many different seeds the server will hold.
        kept: the folder for the note that it stays up after the session; None for a server that does not.
    """

    made_by: str
    schema: str = ""
    seeds: int = 0
    kept: Path | None = None


def launched(installation: Installation, settings: ServerSettings, run: Run, workload: Workload) -> Launch:
    """Begin to start a throwaway server.

    Args:
        installation: the programs to run.
        settings: the user's options for the server.
        run: what the processes of this run have in common.

    Raises:
        ServerError: it cannot be started.
    """
    folder = run.cache()
    rendezvous = Rendezvous(run.token) if run.worker and can_share_server() else None
    # Without Unix sockets, the password is set by initdb, and an archived cluster would have an old one.
    kept = None if os.name == "nt" else folder
    launch = Launch(installation, settings, workload, kept, rendezvous)
    launch.begin()
    return launch


class Launch:
    """The launch of a throwaway server, and the server in use.

    Args:
        installation: the programs to run.
        settings: the user's options for the server.
        workload: what the server is started for.
        folder: of the cluster archives; None for no archives.
        rendezvous: the rendezvous of the processes of this run; None for a server of this process alone.

    Attributes:
        archives: the cluster archives; None for none.
        archive: the archive that the server was started from; None for a new cluster.
        server: the server, if this process has started it.
        found: the announcement of the server, if another process has started it.
        template: the template with the schema that the server was started for.
        base: the archive key of the cluster before anything is loaded into it.
    """

    def __init__(
        self,
        installation: Installation,
        settings: ServerSettings,
        workload: Workload,
        folder: Path | None,
        rendezvous: Rendezvous | None,
    ) -> None:
        self.archives = ClusterArchives(folder) if folder is not None else None
        self._folder = folder
        self.archive: ClusterArchive | None = None
        self.server: Server | None = None
        self.found: Mapping[str, Any] | None = None
        self.template: str | None = None
        self._installation = installation
        self._settings = settings
        self._rendezvous = rendezvous
        self._workload = workload
        self.base = key_of({
            "made by": workload.made_by,
            "server": [installation.version, installation.origin, str(installation.bin)],
            "settings": [settings.user, settings.postgres_options, settings.options],
            "machine": platform.machine(),
        })  # fmt: skip
        self._guess = ""
        # The postmaster of a server that another process had started, that was killed, and that this process
        # restarted.
        self._again: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Begin to start the server, unless another process does.

        The archive that a schema of the same name had last time is the first guess.

        Raises:
            ServerError: it cannot be started.
        """
        self._guess = key_of({"base": self.base, "schema": self._workload.schema}) + _LAST
        if self.archives is not None:
            self.archives.tidy()
        remove_overdue()
        if self._rendezvous is None or (self._rendezvous.lock(wait=False) and not self._attach()):
            self._start(self._find(self._remembered()))

    def finish(self, template: str | None) -> None:
        """Wait for the server.

        Args:
            template: the template that will be asked for; None where no archive can have it.

        Raises:
            ServerError: it cannot be started.
        """
        try:
            if self.server is None and self.found is None and self._rendezvous is not None:
                self._rendezvous.lock(wait=True)
                if not self._attach():
                    self._start(self._find(self._key_for(template)))
            if self.server is not None:
                self._finish(self.server, template)
        finally:
            if self._rendezvous is not None:
                self._rendezvous.unlock()

    def _finish(self, server: Server, template: str | None) -> None:
        self.template = template
        self._choose(server, self._key_for(template))
        unfit = None
        if (
            self.archive is not None
            and not server.lifecycle.initialising
            and not (server.lifecycle.comes_up() and server.is_whole())
        ):
            # The archive is incomplete despite its checksums, of another PostgreSQL build, or for locales
            # that this machine lacks.
            unfit, self.archive = self.archive, None
            server.lifecycle.begin_again(None)
        if server.lifecycle.initialised():
            if self.archives is not None and self.archive is not None:
                # initdb ran despite the archive: it was damaged, or there was no room for it.
                self.archives.discard(self.archive)
                self.archive = None
            if self.archives is not None:
                self.archives.save(self.base, server.lifecycle.cluster.datadir, {"templates": {}})
            server.lifecycle.run()
        server.ready()
        if self.archives is not None and unfit is not None:
            self.archives.discard(unfit)
        if self._rendezvous is not None:
            self._rendezvous.announce({
                "host": server.host,
                "port": server.port,
                "user": server.user,
                "password": server.password,
                "options": server.options,
                "maintenance": server.maintenance_dbname,
                "folders": [str(folder) for folder in server.lifecycle.folders],
                "room": server.room.notes(),
                "datadir": str(server.lifecycle.cluster.datadir),
                "secret": server.proof.secret,
                "socket folder": server.lifecycle.cluster.socket_folder,
                "command": server.lifecycle.command,
                "template": template,
                "pack": self.archive.key if self.archive else None,
            })  # fmt: skip

    def _choose(self, server: Server, wanted: str) -> None:
        """Replace the guessed cluster where there is a better one."""
        if self.archive is not None and self.archive.key == wanted:
            return
        better = self._find(wanted)
        if self.archive is not None and better is not None and better.key == self.archive.key:
            better.close()
        elif self.archive is not None or better is not None:
            self.close()
            self.archive = better
            server.lifecycle.begin_again(better)

    def _attach(self) -> bool:
        assert self._rendezvous is not None  # noqa: S101 for the type checker
        self.found = self._rendezvous.server()
        if self.found is None:
            return False
        self._rendezvous.unlock()
        self.template = self.found["template"]
        if self.archives is not None and self.found["pack"] is not None:
            self.archive = self.archives.find(self.found["pack"])
        return True

    def _start(self, archive: ClusterArchive | None) -> None:
        if self._rendezvous is not None:
            self._rendezvous.join()
        self.archive = archive
        try:
            self.server = Server(self._installation, self._settings, self._shared, self._workload.seeds)
            self.server.lifecycle.begin(archive)
        except BaseException:
            # The session goes on without a server, and has nothing that would close the archive.
            self.close()
            raise

    @property
    def _shared(self) -> SharedFolders:
        rendezvous = None if self._rendezvous is None else self._rendezvous.folder
        return SharedFolders(rendezvous, self._workload.kept)

    @property
    def initialising(self) -> bool:
        """Whether this process runs initdb."""
        return self.server is not None and self.server.lifecycle.initialising

    @property
    def version(self) -> str:
        """PostgreSQL's version."""
        return self._installation.version

    @property
    def dbname(self) -> str:
        """The beginning of the database names."""
        return self._settings.dbname or "tests"

    @property
    def datadir(self) -> Path:
        """The data folder of the server."""
        if self.found is not None:
            return Path(self.found["datadir"])
        assert self.server is not None  # noqa: S101 for the type checker
        return self.server.lifecycle.cluster.datadir

    @property
    def proof(self) -> Proof:
        """The identity check of the server."""
        if self.found is not None:
            return Proof(self.datadir, self.found["secret"])
        assert self.server is not None  # noqa: S101 for the type checker
        return self.server.proof

    @property
    def password(self) -> str | None:
        """The superuser's password; None where the server asks for none."""
        if self.found is not None:
            return str(self.found["password"] or "") or None
        assert self.server is not None  # noqa: S101 for the type checker
        return self.server.password

    @property
    def draws_password(self) -> bool:
        """Whether the password, if there is one, was drawn for this server, and not given by the user."""
        return not self._settings.password

    @property
    def room(self) -> Room:
        """The memory and disk space that the server may take."""
        if self.found is not None:
            return Room(**self.found["room"])
        assert self.server is not None  # noqa: S101 for the type checker
        return self.server.room

    @property
    def account(self) -> Account | None:
        """The user that the server runs as; None for the current one."""
        return server_account()

    @property
    def owner(self) -> int | None:
        """The user ID of the data folder's owner; None on Windows."""
        account = self.account
        return user() if account is None else account.uid

    @property
    def key(self) -> str:
        """The archive key of the cluster with its templates."""
        return self._key_for(self.template)

    def _key_for(self, template: str | None) -> str:
        return self.base if template is None else key_of({"base": self.base, "template": template})

    def _find(self, key: str) -> ClusterArchive | None:
        """The archive of a key, else that of a cluster in which nothing has been loaded."""
        if self.archives is None:
            return None
        return self.archives.find(key) or (self.archives.find(self.base) if key != self.base else None)

    def _remembered(self) -> str:
        if self._folder is None:
            return self.base
        try:
            with OwnFolder(self._folder) as folder:
                guess = folder.read(self._guess, _MOST_GUESS_BYTES).decode("ascii")
        except (OSError, ValueError):
            # A guess may be missing.
            return self.base
        return guess if _KEY.fullmatch(guess) else self.base

    def remember(self) -> None:
        """Remember the archive key of the cluster as the next session's first guess."""
        if self._folder is not None and self._guess:
            try:
                with OwnFolder(self._folder) as folder:
                    folder.write(self._guess, lambda file: file.write(self.key.encode()))
            except OSError:
                # Without the guess, the next session may begin with another cluster and replace it.
                return

    def close(self) -> None:
        """Close the archive."""
        if self.archive is not None:
            self.archive.close()
        self.archive = None

    def running(self) -> bool:
        """Whether the postmaster is running."""
        if self.server is not None and self.server.lifecycle.process is not None:
            # A killed postmaster stays a zombie until its parent polls it.
            self.server.lifecycle.process.poll()
        if self._again is not None:
            self._again.poll()
        return any(True for _ in processes([str(self.datadir.parent)], {"postgres"}))

    def end(self, what_then: str, *, log: bool = True) -> str:
        """Return a message on how the server ended, with the end of its log.

        Args:
            what_then: the sentence on the consequences.
            log: whether to add the log; `what_then` may have it already.
        """
        status = None
        if self.server is not None and self.server.lifecycle.process is not None:
            status = self.server.lifecycle.process.poll()
        how = "" if status is None else f", by signal {-status}" if status < 0 else f", with status {status}"
        lines = self._cluster().end_of_log() if log else ""
        return (
            f"PostgreSQL {self.version} ended{how}, while tests ran. {what_then}"
            f"{lines and ' The end of its log:'}{lines}"
        )

    def _cluster(self) -> Cluster:
        if self.server is not None:
            return self.server.lifecycle.cluster
        assert self.found is not None  # noqa: S101 for the type checker
        found = self.found
        return Cluster(
            folder=self.datadir.parent,
            account=self.account,
            user=found["user"],
            password=found["password"],
            listen_address="",
            address_chosen=False,
            socket_folder=found["socket folder"],
            port=found["port"],
            postgres_options="",
            secret=found["secret"],
        )

    def revive(self) -> float:
        """Start the server again if it was killed, unless another process of the run has done so.

        Returns:
            For how many seconds to try to connect: the server may be recovering.

        Raises:
            GoneError: it cannot be started again.
        """
        if self._rendezvous is not None:
            # With the lock, the second process finds the server running again.
            self._rendezvous.lock(wait=True)
        try:
            if not self.running():
                self._run_again()
        finally:
            if self._rendezvous is not None:
                self._rendezvous.unlock()
        return _RECOVERY_SECONDS

    def _run_again(self) -> None:
        try:
            if self.server is not None:
                self.server.lifecycle.run_again()
                self.server.ready()
            else:
                assert self.found is not None  # noqa: S101 for the type checker
                cluster, command = self._cluster(), self.found["command"]
                self._again = start_again(cluster, command, self._folders())
                cluster.wait_until_ready(self._installation, self._again)
        except (OSError, ServerError) as error:
            why = f"It could not be started again: {error}"
            raise GoneError(self.end(why, log="The end of its log:" not in why)) from error

    def leave(self) -> bool:
        """Stop using the server.

        Returns:
            Whether no other process uses it; then :meth:`stop` has to be called.
        """
        if self._rendezvous is None:
            return True
        if self.server is None and self.found is None:
            # This process never came to use a server.
            self._rendezvous.unlock()
            return False
        self._rendezvous.lock(wait=True)
        alone = self._rendezvous.leave()
        if self._again is not None and not alone:
            # Popen would warn of a running child: this process ends before it and cannot reap it.
            self._again.returncode = 0
        if not alone:
            if self.server is not None:
                self.server.lifecycle.leave()
            self._rendezvous.unlock()
        return alone

    def socket_folder(self) -> str:
        """Return the folder of the running server's first Unix socket; empty where it has none."""
        return self._cluster().socket_in_use()

    def program(self, name: str) -> Path:
        """Return the path of one of PostgreSQL's programs, which need not exist."""
        return self._installation.bin / name

    @property
    def note_folder(self) -> Path:
        """The folder for the note that the server stays up, if it was started for that."""
        assert self._workload.kept is not None  # noqa: S101 for the type checker
        return self._workload.kept

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders of the server, which are removed with it."""
        if self.server is not None:
            return tuple(map(str, self.server.lifecycle.folders))
        return tuple(map(str, self._folders()))

    def keep(self, note: Note, password: str | None) -> None:
        """Leave the server running after this session, which is the last that uses it.

        Args:
            note: what is kept on it, and until when.
            password: a line for libpq's password file; None for none.

        Raises:
            OSError: the note cannot be written; then :meth:`stop` has to be called.
        """
        if self.server is None:
            # The watchdog of the process that has started it may have been killed.
            folders = [Path(folder) for folder in self.folders]
            watchdog = ServerWatchdog(folders, SharedFolders(kept=self.note_folder))
        try:
            write_note(self.note_folder, note, password=password)
        except OSError:
            remove(self.note_folder)
            if self.server is None:
                watchdog.dismiss()
            raise
        if self.server is not None:
            self.server.lifecycle.leave()
        else:
            watchdog.leave()
        if self._again is not None:
            # Popen would warn of a running child: this process ends before it and cannot reap it.
            self._again.returncode = 0
        if self._rendezvous is not None:
            remove(self._rendezvous.folder)
            self._rendezvous.unlock()

    def shut_down(self) -> bool:
        """Shut the server down cleanly and keep its data; return whether it stopped in time."""
        if self.server is not None:
            return self.server.lifecycle.shut_down()
        return halt_of_another(self._folders())

    def stop(self) -> None:
        """Stop the server and remove everything that it has written.

        Raises:
            ServerError: something could not be removed.
        """
        if self.server is not None:
            self.server.stop()
        elif self.found is not None:
            assert self._rendezvous is not None  # noqa: S101 for the type checker
            remove_of_another([*self._folders(), self._rendezvous.folder])
        if self._rendezvous is not None:
            # It went with a server that could not be started again, and came back when this process left.
            remove(self._rendezvous.folder)
            self._rendezvous.unlock()

    def _folders(self) -> list[Path]:
        return [Path(folder) for folder in self.found["folders"]] if self.found else []
