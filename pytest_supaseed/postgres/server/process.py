"""The process of a throwaway server, from its cluster's making to its end: whatever happens, nothing stays behind."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pytest_supaseed import clock
from pytest_supaseed.errors import ServerError
from pytest_supaseed.postgres.server import programs
from pytest_supaseed.postgres.server.account import hand_over, make
from pytest_supaseed.postgres.server.archive import DamagedPackError, Pack
from pytest_supaseed.postgres.server.cluster import Cluster
from pytest_supaseed.postgres.server.guardian import Guardian, is_locked, remove, remove_segments, servers
from pytest_supaseed.postgres.server.initdb import Initialisation
from pytest_supaseed.postgres.server.programs import Installation
from pytest_supaseed.postgres.server.space import OVERFLOWING

_STOP_SECONDS = 10.0


# How long the processes of a postmaster that was killed may take to notice.
_ORPHAN_SECONDS = 5.0


_SIGNAL_SECONDS = 0.25


_POLL_SECONDS = 0.002


class ServerProcess:
    """The process of a throwaway server.

    Args:
        installation: the programs to run.
        cluster: where its data will be.
        programs_folder: where the programs are copied to, None where they can be run from where they are.
        meeting: the folder where other processes that use the server meet, None where there are none.
        overflow: the folder with that for databases which are not with the others, None where there is none.

    Attributes:
        cluster: where its data is.
        folders: what is removed in the end.
        command: its command line.
        process: what runs it, None before and after.
    """

    def __init__(
        self,
        installation: Installation,
        cluster: Cluster,
        programs_folder: Path | None,
        meeting: Path | None,
        overflow: Path | None = None,
    ) -> None:
        self.cluster = cluster
        folders = (cluster.folder, programs_folder, overflow)
        self.folders = tuple(folder for folder in folders if folder is not None)
        self.command: list[str] = []
        self.process: subprocess.Popen[bytes] | None = None
        self._installation = installation
        self._programs_folder = programs_folder
        self._meeting = meeting
        self._overflow = overflow
        # A forked process has a copy of this object, and must leave the server alone.
        self._owner = os.getpid()
        self._guardian: Guardian | None = None
        self._initialisation: Initialisation | None = None

    @property
    def initialising(self) -> bool:
        """Whether initdb makes the cluster just now."""
        return self._initialisation is not None

    @property
    def owned(self) -> bool:
        """Whether this process has begun it, and is not a forked copy of the one that has."""
        return os.getpid() == self._owner and self._guardian is not None

    def begin(self, pack: Pack | None = None) -> None:
        """Begin to start: by initdb, which runs while the caller does something else, or at once from a pack.

        Args:
            pack: a cluster that was kept; one that turns out to be damaged is left alone.

        Raises:
            ServerError: it cannot be started. Nothing stays behind.
        """
        if self._meeting is None:
            # Where others use it, the guardian knows when the last of them has gone.
            atexit.register(self.stop)
        with self._or_nothing():
            # First of all: from here on somebody cleans up, whatever happens to this process.
            self._guardian = Guardian(self.folders, self._meeting)
            make(self.folders, self.cluster.account)
            self.cluster.make_folders()
            if self._overflow is not None:
                databases = self._overflow / OVERFLOWING
                databases.mkdir(mode=0o700)
                hand_over(databases, self.cluster.account)
            if self._programs_folder is not None:
                self._installation = programs.move(
                    self._installation, self._programs_folder, self.cluster.account
                )
            self._fill(pack)

    def _fill(self, pack: Pack | None) -> None:
        if pack is not None and self._extracted(pack):
            self.run()
        else:
            self._initialisation = self.cluster.initialise(self._installation)

    def _extracted(self, pack: Pack) -> bool:
        folder = self.cluster.datadir
        try:
            folder.mkdir(mode=0o700)
            # Templates follow when they are wanted.
            later = tuple(f"base/{oid}/" for oid in pack.templates)
            pack.extract(folder, self.cluster.account, wanted=lambda path: not path.startswith(later))
            hand_over(folder, self.cluster.account)
        except (DamagedPackError, OSError):
            # What is wrong with the disk, initdb will say.
            remove(folder)
            return False
        return True

    def begin_again(self, pack: Pack | None) -> None:
        """Take another cluster than the one that was begun with.

        Args:
            pack: a cluster that was kept; None for a new one.

        Raises:
            ServerError: it cannot be started. Nothing stays behind.
        """
        with self._or_nothing():
            if not self._halt(_immediate_shutdown()):
                what = f"the server in its place did not stop within {_STOP_SECONDS:.0f} seconds"
                raise self.cluster.failure(self._installation, what)
            remove(self.cluster.datadir)
            self._fill(pack)

    def initialised(self) -> bool:
        """Wait until initdb has made the cluster.

        Returns:
            Whether it has; False where the cluster came from a pack.

        Raises:
            ServerError: it failed. Nothing stays behind.
        """
        if self._initialisation is None:
            return False
        with self._or_nothing():
            self.cluster.initialised(self._installation, self._initialisation)
        self._initialisation = None
        return True

    def run(self) -> None:
        """Run the server; :meth:`ready` waits for it.

        Raises:
            ServerError: it cannot be run. Nothing stays behind.
        """
        with self._or_nothing():
            self.cluster.configure(self._installation.major)
            self.command = self.cluster.command(self._installation)
            self.process = programs.run(
                self.command, self.cluster.folder, self.cluster.log, self.cluster.account
            )

    def comes_up(self) -> bool:
        """Wait until the server accepts connections, or has ended.

        Returns:
            Whether it does; if not, :meth:`begin_again` is for another cluster.

        Raises:
            ServerError: a file of its is not its own. Nothing stays behind.
        """
        with self._or_nothing():
            assert self.process is not None  # noqa: S101 for the type checker
            try:
                self.cluster.wait_until_ready(self._installation, self.process)
            except ServerError:
                return False
            return True

    def ready(self) -> int:
        """Wait until the server accepts connections.

        Returns:
            Its port.

        Raises:
            ServerError: it did not start. Nothing stays behind.
        """
        with self._or_nothing():
            assert self.process is not None  # noqa: S101 for the type checker
            return self.cluster.wait_until_ready(self._installation, self.process)

    @contextmanager
    def _or_nothing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            failure = self.cluster.failure(self._installation, str(error))
            self.stop()
            raise failure from error
        except BaseException:
            self.stop()
            raise

    def stop(self, sig: int | None = None) -> None:
        """Stop the server and remove everything that it has written; in a forked process do nothing.

        Args:
            sig: the signal to stop it with; None for an immediate shutdown.

        Raises:
            ServerError: something could not be removed; the message says where it is.
        """
        if not self.owned or self._guardian is None:
            return
        guardian, process = self._guardian, self.process
        halted = self._halt(sig if sig is not None else _immediate_shutdown())
        # What a server that was killed has left, the guardian knows how to remove.
        if halted and not any(is_locked(str(folder)) for folder in self.folders):
            for folder in guardian.folders:
                remove(folder)
        if not any(map(os.path.lexists, guardian.folders)):
            guardian.dismiss()
        elif not guardian.clean_up():
            left = ", ".join(map(str, guardian.folders))
            raise ServerError(
                f"PostgreSQL {self._installation.version} could not be stopped or removed. Remove it yourself: {left}"
            )
        if process is not None:
            process.wait()
        self._forget()

    def shut_down(self) -> bool:
        """Stop the server so that its data is complete, and keep the data.

        Returns:
            Whether it has stopped in time.
        """
        return self._halt(signal.SIGINT)

    def _halt(self, sig: int) -> bool:
        if self._initialisation is not None:
            self._initialisation.end()
            self._initialisation = None
        process = self.process
        if process is None:
            return True
        if process.poll() is not None and self._meeting is not None:
            # It was killed, and perhaps another process has started it again.
            return halt_of_another(self.folders, sig)
        until = clock.monotonic() + _STOP_SECONDS
        while process.returncode is None and clock.monotonic() < until:
            # Again and again: in the background of a shell signals are ignored until postgres has its own handlers.
            process.send_signal(sig)
            # Where that takes too long, the guardian has stronger means.
            clock.wait_for(process, _SIGNAL_SECONDS)
        return process.returncode is not None

    def run_again(self) -> None:
        """Run the server again, which was killed, on the data that it has left; :meth:`ready` waits for it.

        Raises:
            ServerError: it cannot be run.
        """
        self.process = start_again(self.cluster, self.command, self.folders)

    def leave(self) -> None:
        """Leave the server to the other processes that use it: the last of them stops it, or the guardian."""
        if self._guardian is None or self.process is None:
            return
        self._guardian.leave()
        # It is nobody's child that has to be waited for: it ends after this process.
        self.process.returncode = 0
        self._forget()

    def _forget(self) -> None:
        self._guardian = self.process = self._initialisation = None
        atexit.unregister(self.stop)


def _immediate_shutdown() -> int:
    return int(getattr(signal, "SIGQUIT", signal.SIGTERM))


def start_again(cluster: Cluster, command: Sequence[str], folders: Sequence[Path]) -> subprocess.Popen[bytes]:
    """Start a server again whose postmaster was killed. PostgreSQL finds its data as its log has it.

    That is all that it had, though nothing was synced: what PostgreSQL has handed to the system outlives its processes.
    Of what it had not handed over, the last half second at most, no database depends that was made by then, for
    CREATE DATABASE waits until it is.

    Args:
        cluster: its data.
        command: its command line.
        folders: of the server.

    Raises:
        OSError: it cannot be executed.
        ServerError: processes of the killed one still work on its data.
    """
    # Those that work for a client notice late that they are alone, and until then no other server may have the data.
    if not halt_of_another(folders, _immediate_shutdown(), _ORPHAN_SECONDS) and not halt_of_another(
        folders, signal.SIGKILL, _ORPHAN_SECONDS
    ):
        raise ServerError("processes of the server that was killed still work on its data")
    # The lock file tells which segment is that of the killed one, and a server that does not start removes none.
    remove_segments(folders)
    cluster.unlock()
    return programs.run(command, cluster.folder, cluster.log, cluster.account)


def halt_of_another(
    folders: Sequence[Path], sig: int = signal.SIGINT, seconds: float = _STOP_SECONDS
) -> bool:
    """Stop a server that another process has started.

    Args:
        folders: of that server.
        sig: the signal to stop it with; the default leaves complete data.
        seconds: how long to wait.

    Returns:
        Whether it has stopped in time.
    """
    names = [str(folder) for folder in folders]
    for pid in servers(names):
        with suppress(ProcessLookupError):
            os.kill(pid, sig)
    until = clock.monotonic() + seconds
    while servers(names):
        if clock.monotonic() > until:
            return False
        clock.sleep(_POLL_SECONDS)
    return True


def remove_of_another(folders: Sequence[Path]) -> None:
    """Stop a server that another process has started, and remove everything that it has written.

    Args:
        folders: of that server, and where its users met.

    Raises:
        ServerError: something could not be removed; the message says where it is.
    """
    halted = halt_of_another(folders, _immediate_shutdown())
    if halted and not any(is_locked(str(folder)) for folder in folders):
        for folder in folders:
            remove(folder)
    else:
        # It was killed, and what it has left needs a guardian.
        Guardian(folders).clean_up()
    left = [str(folder) for folder in folders if os.path.lexists(folder)]
    if left:
        raise ServerError(
            f"PostgreSQL could not be stopped or removed. Remove it yourself: {', '.join(left)}"
        )
