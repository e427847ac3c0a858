"""The lifecycle of a throwaway server: its files, initdb and the postmaster, from the creation to the removal.

:class:`ServerProcess` is the server that this process has started; whichever of its methods fails, nothing
stays behind. The functions at the end restart, stop and remove a server of any process.
"""

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
# The time for the children of a killed postmaster to notice its end.
_ORPHAN_SECONDS = 5.0
_SIGNAL_SECONDS = 0.25
_POLL_SECONDS = 0.002


class ServerProcess:
    """A throwaway server's process.

    Args:
        installation: the programs to run.
        cluster: its data and configuration.
        programs_folder: where the programs are copied to; None where they can be run in place.
        meeting: the rendezvous folder of the processes that share the server; None for a server of one
            process.
        overflow: the folder on disk for databases that do not fit into memory; None for none.

    Attributes:
        cluster: its data and configuration.
        folders: removed in the end.
        command: its command line.
        process: the postmaster; None before and after.
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
        """Whether initdb is running."""
        return self._initialisation is not None

    @property
    def owned(self) -> bool:
        """Whether this process has begun the server, and is not a forked copy of the one that has."""
        return os.getpid() == self._owner and self._guardian is not None

    def begin(self, pack: Pack | None = None) -> None:
        """Start the server from an archive, or begin with initdb, which runs in the background.

        Args:
            pack: an archived cluster, replaced by initdb if it is damaged; None for a new cluster.

        Raises:
            ServerError: it cannot be started. Nothing stays behind.
        """
        if self._meeting is None:
            # For a shared server, the watchdog waits for the last of its users.
            atexit.register(self.stop)
        with self._or_nothing():
            # The watchdog comes first: from here on it cleans up, whatever happens to this process.
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
            # Templates are extracted when they are needed.
            later = tuple(f"base/{oid}/" for oid in pack.templates)
            pack.extract(folder, self.cluster.account, wanted=lambda path: not path.startswith(later))
            hand_over(folder, self.cluster.account)
        except (DamagedPackError, OSError):
            # initdb will report an error of the disk.
            remove(folder)
            return False
        return True

    def begin_again(self, pack: Pack | None) -> None:
        """Replace the cluster.

        Args:
            pack: an archived cluster; None for a new one.

        Raises:
            ServerError: it cannot be started. Nothing stays behind.
        """
        with self._or_nothing():
            if not self._halt(_immediate_shutdown()):
                what = f"the server in its place did not stop within {_STOP_SECONDS:.0f} seconds"
                raise self.cluster.failure(self._installation, what)
            if is_locked(str(self.cluster.folder)):
                # The server was killed while it started; only its lock file tells which segment was its own.
                remove_segments([self.cluster.folder])
            remove(self.cluster.datadir)
            self._fill(pack)

    def initialised(self) -> bool:
        """Wait for initdb.

        Returns:
            Whether it has created the cluster; False where the cluster came from an archive.

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
        """Wait until the server accepts connections or has ended.

        Returns:
            Whether it accepts connections; if not, :meth:`begin_again` tries another cluster.

        Raises:
            ServerError: a file of the cluster cannot be read safely. Nothing stays behind.
        """
        with self._or_nothing():
            assert self.process is not None  # noqa: S101 for the type checker
            try:
                self.cluster.wait_until_ready(self._installation, self.process)
            except ServerError:
                return False
            return True

    def ready(self) -> int:
        """Wait until the server accepts connections, and return its port.

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
        # Only the watchdog program removes the shared memory of a killed server.
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
        """Shut the server down cleanly and keep its data; return whether it stopped in time."""
        return self._halt(signal.SIGINT)

    def _halt(self, sig: int) -> bool:
        if self._initialisation is not None:
            self._initialisation.end()
            self._initialisation = None
        process = self.process
        if process is None:
            return True
        if process.poll() is not None and self._meeting is not None:
            # The postmaster was killed, and another process may have restarted it.
            return halt_of_another(self.folders, sig)
        until = clock.monotonic() + _STOP_SECONDS
        while process.returncode is None and clock.monotonic() < until:
            # Repeated: started in the background of a shell, postgres ignores signals until it has set its
            # own handlers.
            process.send_signal(sig)
            # After a timeout, the watchdog kills the processes.
            clock.wait_for(process, _SIGNAL_SECONDS)
        return process.returncode is not None

    def run_again(self) -> None:
        """Restart the server, which was killed, on its data; :meth:`ready` waits for it.

        Raises:
            OSError: it cannot be executed.
            ServerError: processes of the killed one still work on its data.
        """
        self.process = start_again(self.cluster, self.command, self.folders)

    def leave(self) -> None:
        """Leave the server to the other processes that use it: the last of them, or a watchdog, stops it."""
        if self._guardian is None or self.process is None:
            return
        self._guardian.leave()
        # Popen would warn of a running child: this process ends before it and cannot reap it.
        self.process.returncode = 0
        self._forget()

    def _forget(self) -> None:
        self._guardian = self.process = self._initialisation = None
        atexit.unregister(self.stop)


def _immediate_shutdown() -> int:
    return int(getattr(signal, "SIGQUIT", signal.SIGTERM))


def start_again(cluster: Cluster, command: Sequence[str], folders: Sequence[Path]) -> subprocess.Popen[bytes]:
    """Restart a server whose postmaster was killed; PostgreSQL recovers from its WAL.

    Although nothing was synced, what PostgreSQL has handed to the system outlives its processes. The
    transactions of at most the last half second, which were not handed over, may be lost. No existing
    database depends on them, as CREATE DATABASE waits until its WAL is handed over.

    Raises:
        OSError: the command cannot be executed.
        ServerError: processes of the killed server still work on its data.
    """
    # Backends notice the postmaster's end late, and until then no other server may use the data folder.
    if not halt_of_another(folders, _immediate_shutdown(), _ORPHAN_SECONDS) and not halt_of_another(
        folders, signal.SIGKILL, _ORPHAN_SECONDS
    ):
        raise ServerError("processes of the server that was killed still work on its data")
    # The segment must go before the lock file, which identifies it; a server that fails to start removes no
    # segment.
    remove_segments(folders)
    cluster.unlock()
    return programs.run(command, cluster.folder, cluster.log, cluster.account)


def halt_of_another(
    folders: Sequence[Path], sig: int = signal.SIGINT, seconds: float = _STOP_SECONDS
) -> bool:
    """Stop a server that any process has started.

    Args:
        folders: of that server.
        sig: the signal to stop it with; the default shuts it down cleanly.
        seconds: the time limit.

    Returns:
        Whether it stopped in time.
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
    """Stop a server that any process has started, and remove everything that it has written.

    Args:
        folders: of that server, and the rendezvous folder of its users.

    Raises:
        ServerError: something could not be removed; the message says where it is.
    """
    halted = halt_of_another(folders, _immediate_shutdown())
    if halted and not any(is_locked(str(folder)) for folder in folders):
        for folder in folders:
            remove(folder)
    else:
        # Only the watchdog program removes the shared memory of a killed server.
        Guardian(folders).clean_up()
    left = [str(folder) for folder in folders if os.path.lexists(folder)]
    if left:
        raise ServerError(
            f"PostgreSQL could not be stopped or removed. Remove it yourself: {', '.join(left)}"
        )
