"""The watchdog process that stops the server and removes its files once pytest is gone.

:class:`ServerWatchdog` starts it and is its handle in the watched process. Run as a program (``python -I -S
watchdog.py FOLDER...``) it waits until its standard input ends, which happens when the process with the other
end is gone, for whatever reason. Where several processes use the server (``--rendezvous FOLDER``), it then waits
until their locks in that folder are released, unless one of them waits for it. If databases of failing tests are kept
(``--kept FOLDER``), it waits until they are to go: see :func:`await_end`. Then :func:`clean_up` stops every PostgreSQL
program that works in one of the folders, and removes the folders. With ``--segments FOLDER...`` it only removes shared
memory segments, at once.

Programs are found by the random folder names in their command lines, never by a remembered process ID, which
may have been reused. A killed postmaster leaves more: child processes that have not noticed yet, which work
in the data folder, and its System V shared memory segment. Only the standard library is imported.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import NamedTuple, NoReturn, cast

DATA = "data"
_PROGRAMS = frozenset(("postgres", "initdb"))
# What PostgreSQL makes of signals, by the numbers that they have on every system: a shutdown that waits for nothing but
# writes everything, one that writes nothing, and the end.
FAST_SHUTDOWN, IMMEDIATE_SHUTDOWN, KILL = 2, 3, 9
# Windows has no such signals: a server reads their numbers from a pipe of its own.
_SIGNAL_PIPE = r"\\.\pipe\pgsignal_{}"
# The beginning of the process titles of a server's children, such as "postgres: checkpointer".
_CHILD = "postgres: "
# The limits for an immediate shutdown and for the whole clean-up.
_QUIT_SECONDS = 3.0
_SECONDS = 20.0
_POLL_SECONDS = 0.01
# How long ended processes may take to detach from shared memory on a busy machine.
_DETACH_SECONDS = 5.0
# The server's lock file; its seventh line has the key and the ID of the shared memory segment.
_LOCK_FILE = "postmaster.pid"
_SEGMENT_LINE = 6
# More keys of segments than that are not in use one after another.
_KEYS_TRIED = 100
_MOST_LOCK_BYTES = 1 << 12
# IPC_RMID of Linux.
_REMOVE = 0
# Lock files in the rendezvous folder of the processes that share a server: see launch.py.
START_STOP, USERS = "turn", "users"
_RENDEZVOUS = "--rendezvous"
# The file in the folder of what is kept, with the time at which that is to go: see kept.py.
KEPT_FILE = "kept.json"
_KEPT = "--kept"
_KEPT_POLL_SECONDS = 0.25
# To look for the server takes longer than to look for a file.
_POLLS_BETWEEN_SERVERS = 16
_SEGMENTS = "--segments"
# What a session tells the watchdog that it waits for.
_NOW = b"now"
_RENDEZVOUS_POLL_SECONDS = 0.05
_pipes: weakref.WeakSet[FileIO] = weakref.WeakSet()
_descriptors: set[tuple[int, int, int]] = set()
# Process IDs of watchdogs that were left to themselves.
_left: set[int] = set()


class Watchdog:
    """A child process that notices the end of its parent by the end of its standard input.

    Args:
        command: its command line.
        environment: its environment variables.

    Raises:
        OSError: the process could not be started.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        _reap()
        self._process = subprocess.Popen(  # noqa: S603 a file of this package, run by this Python, without a shell
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            # A reader of the session's output must not have to wait for the watchdog.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=os.path.abspath(os.sep),
            # Neither Ctrl-C nor the signals that end mirakuru's processes may reach it.
            start_new_session=True,
            env=environment,
        )
        self._pipe = cast("FileIO", self._process.stdin)
        _pipes.add(self._pipe)

    def tell(self, message: bytes) -> None:
        """Send what must not be in a command line.

        Args:
            message: more than a pipe holds blocks this process until it is read.
        """
        left = memoryview(message)
        with suppress(BrokenPipeError):  # the process was killed
            while left:
                left = left[self._pipe.write(left) or 0 :]

    def clean_up_soon(self) -> None:
        """Clean up now, without waiting for it."""
        self.tell(_NOW)
        self.leave()

    def dismiss(self) -> None:
        """Kill the process: there is nothing left to clean up."""
        self._process.kill()
        self._process.wait()
        self._pipe.close()

    @property
    def running(self) -> bool:
        """Whether the process is running, and was not killed."""
        return self._process.poll() is None

    def leave(self) -> None:
        """Leave the cleaning to the process, once every other user of the same server is gone."""
        self._pipe.close()
        # Popen would warn of a running child: as a rule, this process ends before it and cannot reap it.
        self._process.returncode = 0
        _left.add(self._process.pid)


def _reap() -> None:
    """Reap the processes that were left to themselves by an earlier session in this process, and have ended."""
    for pid in tuple(_left) if hasattr(os, "WNOHANG") else ():
        try:
            ended, _ = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:  # this process was forked meanwhile, or another part of it has reaped it
            ended = pid
        if ended:
            _left.discard(pid)


class SharedFolders(NamedTuple):
    """The folders by which other processes know a server.

    Attributes:
        rendezvous: of the processes that share it, removed with the last of them; None for a server of one process.
        kept: where it is noted that the server stays up after the session, as it holds databases of failing tests;
            None where none are kept.
    """

    rendezvous: Path | None = None
    kept: Path | None = None


_NOT_SHARED = SharedFolders()


class ServerWatchdog(Watchdog):
    """The handle of the watchdog process that stops a throwaway server.

    Args:
        folders: removed when this process ends; they need not exist yet.
        shared: by which other processes know the server; they need not exist yet.

    Raises:
        OSError: the process could not be started.
    """

    def __init__(self, folders: Sequence[Path], shared: SharedFolders = _NOT_SHARED) -> None:
        self.folders = tuple(folders) if shared.rendezvous is None else (*folders, shared.rendezvous)
        options = [] if shared.rendezvous is None else [_RENDEZVOUS, str(shared.rendezvous)]
        options += [] if shared.kept is None else [_KEPT, str(shared.kept)]
        super().__init__(
            [sys.executable, "-I", "-S", __file__, *options, *map(str, folders)],
            {name: value for name, value in os.environ.items() if name != "mirakuru_uuid"},
        )

    def clean_up(self) -> bool:
        """Clean up now and wait for it; return whether everything was stopped and removed.

        The watchdog does not wait for other users of the server: the caller has the start/stop lock where there may be
        any, and they would wait for one another.
        """
        self.tell(_NOW)
        self._pipe.close()
        return self._process.wait() == 0


def close_in_children(descriptor: int) -> None:
    """Close a file descriptor in forked children, which would otherwise keep the lock on the file."""
    status = os.fstat(descriptor)
    _descriptors.add((descriptor, status.st_dev, status.st_ino))


def _close_pipes() -> None:
    """Close pipes and locks in a forked child, which would keep the watchdog waiting."""
    for pipe in tuple(_pipes):
        pipe.close()
    for descriptor, device, inode in _descriptors:
        with suppress(OSError):  # already closed
            status = os.fstat(descriptor)
            if (status.st_dev, status.st_ino) == (device, inode):
                os.close(descriptor)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_pipes)


def signal_server(pid: int, number: int, *, windows: bool = os.name == "nt") -> None:
    """Send a signal to a process of PostgreSQL's server, by the number that it has on every system.

    On Windows, where a signal of Python's ends a process at once, the number is written to the pipe that the process
    listens on; one that has none, because it has not come so far, is ended.

    Args:
        pid: of the process.
        number: of the signal.
        windows: whether the system is Windows.

    Raises:
        ProcessLookupError: there is no such process any more.
    """
    if not windows:
        os.kill(pid, number)
        return
    if number != KILL:
        try:
            with open(_SIGNAL_PIPE.format(pid), "r+b", buffering=0) as pipe:
                pipe.write(bytes((number,)))
                pipe.read(1)  # it answers when it has read the number
            return
        except FileNotFoundError:
            pass
        except OSError:
            return  # another process is writing to it: callers ask again
    try:
        os.kill(pid, signal.SIGTERM)
    except OSError as error:
        raise ProcessLookupError(f"there is no process {pid}") from error


def clean_up(folders: Sequence[str]) -> bool:
    """Stop the PostgreSQL programs that work in the folders, and remove the folders.

    Returns:
        Whether nothing is left; a folder that does not exist counts as removed.
    """
    now = time.monotonic()
    quit_until, until = now + _QUIT_SECONDS, now + _SECONDS
    asked: set[int] = set()
    quiet = 0
    while time.monotonic() < until:
        # initdb gets no SIGQUIT: it ends within a second, and a killed one leaves shared memory behind.
        serving = set(servers(folders))
        running = serving | set(processes(folders))
        for pid in serving - asked:
            _signal(pid, IMMEDIATE_SHUTDOWN)
        asked |= serving
        if running and time.monotonic() > quit_until:
            for pid in running:
                _signal(pid, KILL)
            if os.name == "nt":
                running.clear()  # the lock file, by which they are found there, stays after a server that was ended
        if not running:
            _remove_segments(folders)
            for folder in folders:
                remove(folder)
            # Checked twice: a program that is just being started shows its command line a moment later.
            quiet = 0 if any(map(os.path.lexists, folders)) else quiet + 1
            if quiet == 2:
                return True
        time.sleep(_POLL_SECONDS)
    return False


def remove(folder: str | Path) -> None:
    """Remove a folder with everything in it, at any depth, without following links; what cannot be removed stays."""
    # Where rmtree may follow a link that is planted meanwhile, no server runs as another user.
    with suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if os.path.lexists(folder) and shutil.rmtree.avoids_symlink_attacks:
        with suppress(OSError):
            _remove_deep(folder)


def _remove_deep(folder: str | Path) -> None:
    """Remove a tree by moving its folders of every depth to the top, one by one.

    shutil.rmtree fails at a depth of about 1,000 folders.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    top = os.open(folder, flags)
    try:
        with os.scandir(top) as entries:
            left = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        number = 0
        while left:
            name = left.pop()
            inner = os.open(name, flags, dir_fd=top)
            try:
                with os.scandir(inner) as entries:
                    found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
                for each, is_folder in found:
                    if is_folder:
                        number += 1
                        left.append(f"~{number}")
                        os.rename(each, left[-1], src_dir_fd=inner, dst_dir_fd=top)
                    else:
                        os.unlink(each, dir_fd=inner)
            finally:
                os.close(inner)
            os.rmdir(name, dir_fd=top)
    finally:
        os.close(top)
    shutil.rmtree(folder)


def processes(folders: Sequence[str], programs: Collection[str] = _PROGRAMS) -> Iterator[int]:
    """Yield the process IDs of PostgreSQL programs whose command lines name one of the folders.

    Args:
        folders: their paths.
        programs: the names of the programs; on Windows only ``postgres`` is found.
    """
    inside = tuple(folder + os.sep for folder in folders)
    if os.name == "nt":
        yield from _by_lock_file(folders)
    elif os.path.exists("/proc/self/cmdline"):
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                # A zombie has an empty command line and counts as gone, reaped or not.
                arguments = _command_line(entry)
                named = any(each.removeprefix("--pgdata=").startswith(inside) for each in arguments[1:])
                if named and os.path.basename(arguments[0]) in programs:
                    yield int(entry)
    else:
        listing = subprocess.run(
            ["/bin/ps", "-axww", "-o", "pid=,command="],
            capture_output=True,
            text=True,
            errors="surrogateescape",
        )
        for line in listing.stdout.splitlines():
            pid, _, command = line.strip().partition(" ")
            named = any(folder in command for folder in inside)
            if named and any(f"/{name} " in command for name in programs):
                yield int(pid)


def servers(folders: Sequence[str]) -> list[int]:
    """Return the process IDs of the servers in the folders, or of the children that a killed postmaster has left.

    Such children have changed their command lines, but their working directory is the data folder, which only
    Linux shows.
    """
    found = list(processes(folders, {"postgres"}))
    if found or not os.path.exists("/proc/self/cmdline"):
        return found
    inside = tuple(folder + os.sep for folder in folders)
    return [
        int(entry)
        for entry in os.listdir("/proc")
        if entry.isdigit() and _command_line(entry)[0].startswith(_CHILD) and _works_in(entry, inside)
    ]


def _works_in(entry: str, inside: tuple[str, ...]) -> bool:
    try:
        return os.readlink(f"/proc/{entry}/cwd").startswith(inside)
    except OSError:  # the process has just ended, or belongs to another user
        return False


def _command_line(entry: str) -> list[str]:
    try:
        with open(f"/proc/{entry}/cmdline", "rb") as file:
            return os.fsdecode(file.read()).split("\0")
    except OSError:  # it ended while we looked
        return [""]


def _by_lock_file(folders: Sequence[str]) -> Iterator[int]:
    """The process IDs in the first line of postmaster.pid, which a server removes when it ends: for Windows."""
    for folder in folders:
        try:
            with open(os.path.join(folder, DATA, _LOCK_FILE), encoding="ascii") as file:
                yield int(file.readline())
        except (OSError, ValueError):
            continue


def _signal(pid: int, number: int) -> None:
    try:
        if hasattr(os, "killpg") and os.getpgid(pid) == pid:
            os.killpg(pid, number)  # the programs that initdb runs do not name its folder
        else:
            signal_server(pid, number)
    except OSError:  # it ended while we looked
        return


def is_locked(folder: str | Path) -> bool:
    """Whether a server uses the data folder in `folder`, or was killed while it did."""
    return os.path.lexists(os.path.join(folder, DATA, _LOCK_FILE))


def _remove_segments(folders: Sequence[str]) -> None:
    """Remove the segments of killed servers, once their processes have detached from them."""
    # The command line of a process is empty from its end on, also while its memory is still being unmapped.
    until = time.monotonic() + _DETACH_SECONDS
    left = list(folders)
    while (left := [folder for folder in left if not remove_segment(folder)]) and time.monotonic() < until:
        time.sleep(_POLL_SECONDS)


def remove_segment(folder: str) -> bool:
    """Remove the System V shared memory segment of a killed server; only Linux shows whose a segment is.

    PostgreSQL keeps a small segment so that no second server works on a data folder, and removes it at its
    end.

    Args:
        folder: the one with the data folder; without the lock file of a killed server there is no segment.

    Returns:
        Whether there is nothing left to remove; False while a process is attached to the segment.
    """
    try:
        data = os.lstat(os.path.join(folder, DATA))
        owner = data.st_uid
        lines = _lock_lines(folder)
        # The process ID is negative where initdb's single-user server wrote it.
        creator = abs(int(lines[0]))
        # The server may have been killed before it wrote the line, or after a crash of one of its processes, when
        # it had replaced the segment and not yet the line: so the segment's ID does not count.
        key = int(lines[_SEGMENT_LINE].split()[0]) if len(lines) > _SEGMENT_LINE else data.st_ino
        with open("/proc/sysvipc/shm", encoding="ascii") as file:
            names = file.readline().split()
            segments = [dict(zip(names, map(int, line.split()), strict=False)) for line in file]
    except (OSError, ValueError, IndexError):
        return True  # no segment, or the system does not tell
    for each in segments:
        # PostgreSQL begins with the inode of the data folder, and takes the next key where one is in use. One of the
        # two sources has signed keys, the other unsigned ones.
        ours = (each["key"] - key) % 2**32 < _KEYS_TRIED
        if ours and each["cpid"] == creator and each["cuid"] == owner:
            if each["nattch"] > 0:
                return False
            _remove_as(owner, each["shmid"])
    return True


def _lock_lines(folder: str) -> list[str]:
    """The lines of a server's lock file."""
    # The server's user may have put a link in its place, or a pipe that would block this process.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with open(os.open(os.path.join(folder, DATA, _LOCK_FILE), flags), "rb") as lock:
        return lock.read(_MOST_LOCK_BYTES).decode("utf-8", "replace").splitlines()


def _remove_as(owner: int, number: int) -> None:
    """Remove a segment as the user who created it: root may lack the right to, in a container."""
    import ctypes

    library = ctypes.CDLL(None)
    if library.shmctl(number, _REMOVE, None) == 0 or not hasattr(os, "fork") or os.geteuid() != 0:
        return
    child = os.fork()
    if child == 0:
        os.setuid(owner)
        os._exit(0 if library.shmctl(number, _REMOVE, None) == 0 else 1)
    os.waitpid(child, 0)


def remove_segments(folders: Sequence[str | Path]) -> None:
    """Remove the segments that killed servers have left.

    It is done in a separate process, as it may fork and this process may have threads.

    Args:
        folders: those with the data folders; where no lock file is left there is no segment.
    """
    locked = [str(folder) for folder in folders if is_locked(folder)]
    if not locked:
        return
    subprocess.run(  # noqa: S603 this file, run by this Python, without a shell
        [sys.executable, "-I", "-S", __file__, _SEGMENTS, *locked],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=os.path.abspath(os.sep),
    )


def _await_users(rendezvous: str) -> None:
    """Wait until no other process uses the server, and lock new ones out."""
    import fcntl

    while True:
        try:
            lock = os.open(os.path.join(rendezvous, START_STOP), os.O_RDWR)
            # The start/stop lock comes first: its holder may release the users lock and then stop the server
            # itself.
            fcntl.flock(lock, fcntl.LOCK_EX)
            users = os.open(os.path.join(rendezvous, USERS), os.O_RDWR)
        except FileNotFoundError:
            return  # the last user has removed it
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(users)
            os.close(lock)
            time.sleep(_RENDEZVOUS_POLL_SECONDS)
        else:
            return  # both stay locked until this process ends


class _Terminated(Exception):  # noqa: N818 not an error
    """SIGTERM was received."""


def await_end(kept: str, folders: Sequence[str] = ()) -> None:
    """Wait until what a session has kept is to go.

    That is when its time is up, its file or one of its folders was removed, its server has ended, or on SIGTERM. If
    this process is killed, one that it has forked waits on.

    Args:
        kept: the folder with the file that says until when it is kept; without the file nothing is, and nothing is
            waited for.
        folders: of the server that it is kept on; none for a server of the user's.
    """
    path = os.path.join(kept, KEPT_FILE)
    found = _kept_until(path)
    if found is None:
        return
    # The clock may be set back, and the monotonic one may stand still while the machine sleeps.
    until, limit = found, time.monotonic() + max(0.0, found - time.time())
    try:
        _fork_successor(path)
        signal.signal(signal.SIGTERM, _terminate)
        polls = 0
        while time.time() < until and time.monotonic() < limit and os.path.exists(path):
            if not all(map(os.path.isdir, folders)):
                break
            suspicious = polls % _POLLS_BETWEEN_SERVERS == 0 or any(map(_is_suspicious, folders))
            if folders and suspicious and not servers(folders):
                break
            polls += 1
            time.sleep(_KEPT_POLL_SECONDS)
    except _Terminated:
        pass
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _is_suspicious(folder: str) -> bool:
    """Whether there is no process with the number in a lock file; :func:`servers` knows whose process it is."""
    if os.name == "nt":
        return False  # a signal of Python's ends a process there
    try:
        os.kill(int(_lock_lines(folder)[0]), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError, IndexError, OverflowError):
        return False
    return False


def _kept_until(path: str) -> float | None:
    """The time at which what is kept is to go, in epoch seconds; None where nothing is kept."""
    import json

    try:
        with open(path, "rb") as file:
            return float(json.load(file)["until"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _terminate(*_: object) -> NoReturn:
    raise _Terminated


def _fork_successor(path: str) -> None:
    """Fork a process that returns from here, in the place of this one, if this one is killed."""
    while hasattr(os, "fork"):
        reader, writer = os.pipe()
        if os.fork():
            # The other end stays open until this process ends, however it ends.
            os.close(reader)
            return
        os.close(writer)
        os.read(reader, 1)
        os.close(reader)
        if not os.path.exists(path):
            return


def main() -> int:
    """Wait for the end of standard input, then clean up the folders of the command line; segments at once.

    Returns:
        The exit status: 0 if nothing is left.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    folders = sys.argv[1:]
    if folders[0] == _SEGMENTS:
        _remove_segments(folders[1:])
        return 0
    message = sys.stdin.buffer.read()
    others = {}
    while folders[0] in (_RENDEZVOUS, _KEPT):
        name, others[name], *folders = folders
    if _RENDEZVOUS in others and message != _NOW:
        _await_users(others[_RENDEZVOUS])
    if _KEPT in others and message != _NOW:
        await_end(others[_KEPT], folders)
    # These are removed last: the locks of the rendezvous folder keep other processes out, and what is noted of a kept
    # server is how another session finds what is left of it.
    gone = clean_up([*folders, *others.values()])
    if _KEPT in others:
        with suppress(OSError):  # others have kept something, too
            os.rmdir(os.path.dirname(others[_KEPT]))
    return 0 if gone else 1


if __name__ == "__main__":
    sys.exit(main())
