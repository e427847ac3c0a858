"""Commands in namespaces of their own: another machine, as far as a command can see, and this one stays as it is.

A :class:`Machine` says what the command finds: how large ``/dev/shm`` and the folder for temporary files are, which
user it runs as, which capabilities it lacks, what it cannot see. Mounts, users and networks of the machine itself
are never changed: each command has a mount namespace of its own, which ends with it.

Sessions of pytest among the commands are forked from the process of the tests, as those of ``forked`` are. What the
programs ``unshare`` and ``setpriv`` would do before a new interpreter starts, their process therefore does itself.
"""

from __future__ import annotations

import atexit
import ctypes
import functools
import os
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from forked import start, start_pytest
from pytest_supaseed.postgres.server import cluster
from pytest_supaseed.postgres.server.programs import Installation, find
from pytest_supaseed.postgres.server.server import Server, ServerSettings

# Before a test changes it.
_CHOICE = os.environ.get("SUPASEED_POSTGRES") or "auto"

SECONDS = 120.0
# Where a machine has its own folder for temporary files: a path short enough for Unix sockets.
TEMPORARY = Path("/mnt")
# Where it has the folder in which a command runs, whatever else is hidden.
FOLDER = Path("/srv")
# A cluster in it that every user can read.
_CLUSTER = FOLDER / ".cluster"
# Linux's, for unshare(), prctl() and capset().
_NEW_MOUNTS, _NEW_USERS, _NEW_NETWORK = 0x20000, 0x10000000, 0x40000000
_SET_DUMPABLE, _DROP_FROM_BOUNDING_SET = 4, 24
_CAPABILITIES_VERSION = 0x20080522
_CAPABILITIES = {"chown": 0, "dac_override": 1, "kill": 5, "setuid": 7, "all": -1}


@dataclass(frozen=True)
class Session:
    """A session of pytest, without plugins that take longer than the session does.

    Attributes:
        arguments: of its command line.
        output: the file that takes what it prints; None where the commands around it print.
        initdb: whether its server's cluster is made, and not a copy of one that was made before.
    """

    arguments: tuple[str, ...]
    output: Path | None = None
    initdb: bool = True

    def run(self) -> int:
        """Run it as a child of this process, and return its exit status."""
        names = (
            "cacheprovider",
            "faker",
            "hypothesispytest",
            "time_machine",
            "timeout",
            "xdist",
            "xdist.looponfail",
        )
        with ExitStack() as files:
            stream = files.enter_context(self.output.open("wb")) if self.output is not None else None
            return start_pytest(
                [*(f"-pno:{name}" for name in names), *self.arguments],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                preexec_fn=_forget_the_machine if self.initdb else _copy_clusters,
            ).wait()


@dataclass(frozen=True)
class Machine:
    """What a command finds.

    Attributes:
        shared_memory: the size of ``/dev/shm``, as mount has it, such as ``"64m"``; None for this machine's.
        temporary: the size of a file system of its own on ``/mnt``, which TMPDIR names, in place of ``/tmp`` and
            ``/var/tmp``; None for this machine's.
        temporary_options: more options for mounting it, such as ``"noexec"``.
        uid: the user that the command runs as; None for root.
        gid: the group of that user; None for the number of the user.
        one_user: whether there is no other user than root, as in a container of an unprivileged user.
        without: capabilities that the command lacks, such as ``"chown"``; ``"all"`` for all of them.
        network: whether there is one.
        user_namespaces: whether the command may make user namespaces.
        read_only: folders that cannot be written to.
        hidden: files that are empty.
        replaced: files that have the contents of others.
    """

    shared_memory: str | None = None
    temporary: str | None = None
    temporary_options: str = ""
    uid: int | None = None
    gid: int | None = None
    one_user: bool = False
    without: tuple[str, ...] = ()
    network: bool = True
    user_namespaces: bool = True
    read_only: tuple[Path, ...] = ()
    hidden: tuple[Path, ...] = ()
    replaced: tuple[tuple[Path, Path], ...] = ()

    def _enter(self, folder: Path) -> None:
        """Have this process be on the machine, in a folder that it has as ``/srv``."""
        spaces = _NEW_MOUNTS | (_NEW_USERS if self.one_user else 0) | (0 if self.network else _NEW_NETWORK)
        uid, gid = os.geteuid(), os.getegid()
        _called("unshare", spaces)
        if self.one_user:
            Path("/proc/self/setgroups").write_text("deny", "ascii")
            Path("/proc/self/uid_map").write_text(f"0 {uid} 1", "ascii")
            Path("/proc/self/gid_map").write_text(f"0 {gid} 1", "ascii")
        script = "\n".join(("set -e", "mount --make-rprivate /", *self._mounts(folder)))
        subprocess.run(["sh", "-c", script], check=True)
        if not self.user_namespaces:
            os.chroot("/media")
        os.chdir("/")
        self._drop_privileges()
        os.chdir(FOLDER)

    def _drop_privileges(self) -> None:
        if self.without:
            numbers = {_CAPABILITIES[name] for name in self.without}
            if -1 in numbers:
                numbers = set(range(int(Path("/proc/sys/kernel/cap_last_cap").read_text("ascii")) + 1))
            for number in numbers:
                _called("prctl", _DROP_FROM_BOUNDING_SET, number, 0, 0, 0)
            # The version and this process; by 32 capabilities the effective, the permitted and the inheritable ones.
            header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
            sets = (ctypes.c_uint32 * 6)()
            _called("capget", header, sets)
            for number in numbers:
                for which in range(3):
                    sets[number // 32 * 3 + which] &= ~(1 << number % 32)
            _called("capset", header, sets)
        if self.uid is not None:
            gid = self.uid if self.gid is None else self.gid
            os.setgroups([])
            os.setresgid(gid, gid, gid)
            os.setresuid(self.uid, self.uid, self.uid)
            # As after the start of a program; its files in /proc would be root's otherwise.
            _called("prctl", _SET_DUMPABLE, 1, 0, 0, 0)

    def _mounts(self, folder: Path) -> Iterator[str]:
        yield from _opened(Path(sys.base_prefix).resolve())
        yield f"mount --bind {shlex.quote(str(folder))} {FOLDER}"
        if (folder / _CLUSTER.name).exists():
            yield f"mount --bind {shlex.quote(str(_cluster()))} {_CLUSTER}"
        if self.shared_memory is not None:
            yield f"mount -t tmpfs -o size={self.shared_memory},mode=1777 tmpfs /dev/shm"
        if self.temporary is not None:
            options = (
                f"size={self.temporary},mode=1777{self.temporary_options and ','}{self.temporary_options}"
            )
            yield f"mount -t tmpfs -o {options} tmpfs {TEMPORARY}"
        for path in self.hidden:
            yield f"mount --bind /dev/null {shlex.quote(str(path))}"
        for path, source in self.replaced:
            yield f"mount --bind {shlex.quote(str(source))} {shlex.quote(str(path))}"
        for path in self.read_only:
            quoted = shlex.quote(str(path))
            yield f"mount --bind {quoted} {quoted}"
            yield f"mount -o remount,bind,ro {quoted}"
        if self.temporary is not None:
            # Last, for what is mounted may come from there.
            yield f"mount --bind {TEMPORARY} /tmp"
            yield f"mount --bind {TEMPORARY} /var/tmp"
        if not self.user_namespaces:
            # The kernel makes none for a process whose root is not that of its mount namespace.
            yield "mount --rbind / /media"

    def run(
        self,
        *commands: str | Session,
        environment: Mapping[str, str | None] | None = None,
        folder: Path | None = None,
    ) -> str:
        """Run commands on this machine, one after another.

        Args:
            commands: what the shell runs, and sessions.
            environment: variables of their environment; None for one that is not set. HOME and TMPDIR are set, and
                nothing says that this is a continuous integration.
            folder: where they run; None for one without anything of interest.

        Returns:
            What they printed.

        Raises:
            RuntimeError: there is no such machine here.
        """
        variables: dict[str, str | None] = {
            **os.environ,
            "HOME": "/",
            # With one of them pytest repeats whole errors in its summary, where they are counted twice.
            "CI": None,
            "BUILD_NUMBER": None,
            "TMPDIR": str(TEMPORARY) if self.temporary is not None else None,
            **(environment or {}),
        }
        if folder is not None and any(isinstance(each, Session) and not each.initdb for each in commands):
            _cluster()
            (folder / _CLUSTER.name).mkdir(exist_ok=True)
        entered = "the commands begin\n"

        def run_all() -> int:
            os.environ.clear()
            os.environ.update({name: value for name, value in variables.items() if value is not None})
            self._enter(folder or Path("/usr/share"))
            os.write(1, entered.encode())
            for command in commands:
                if isinstance(command, Session):
                    command.run()
                else:
                    subprocess.run(["sh", "-c", command])
            return 0

        with start(
            [sys.executable],
            run_all,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        ) as process:
            try:
                output, _ = process.communicate(timeout=SECONDS)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
        before, begun, printed = output.partition(entered)
        if not begun:
            raise RuntimeError(before)
        return printed

    def reason_to_skip(self) -> str | None:
        """Why this machine cannot be had here; None where it can."""
        return _reason_to_skip(self)


@functools.cache
def _reason_to_skip(machine: Machine) -> str | None:
    if not sys.platform.startswith("linux"):
        return "namespaces are Linux's"
    if os.geteuid() != 0:
        return "mounting something in a namespace of its own needs root"
    try:
        machine.run("true")
    except RuntimeError as error:
        return f"no such namespace here: {error}"
    return None


def _called(name: str, *arguments: object) -> None:
    """Call a function of the C library.

    Raises:
        OSError: it has failed.
    """
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _forget_the_machine() -> None:
    """Forget what this process knows of the machine on which it was forked."""
    tempfile.tempdir = None
    for name, module in [*sys.modules.items()]:
        if name.startswith("pytest_supaseed.postgres.server."):
            for each in vars(module).values():
                if hasattr(each, "cache_clear"):
                    each.cache_clear()


@functools.cache
def _cluster() -> Path:
    """A copy of a cluster as initdb makes it, which every user can read."""
    folder = Path(tempfile.mkdtemp(dir="/var/tmp"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    server = Server(find(_CHOICE), ServerSettings())
    try:
        server.lifecycle.begin()
        server.lifecycle.initialised()
        subprocess.run(["cp", "-R", f"{server.datadir}/.", str(folder)], check=True)
    finally:
        server.stop()
    subprocess.run(["chmod", "-R", "a+rX", str(folder)], check=True)
    return folder


def _copy_clusters() -> None:
    """For a new process: have its servers do without initdb."""
    _forget_the_machine()

    def commands(installation: Installation, datadir: str, **_: object) -> Iterator[list[str]]:
        data = shlex.quote(datadir)
        yield ["sh", "-c", f"umask 077; mkdir -p {data} && cp -R {_CLUSTER}/. {data} && chmod 700 {data}"]

    cluster.initdb_commands = commands


def _opened(folder: Path) -> Sequence[str]:
    """Commands that let every user reach a folder, such as that of this Python, below one that is closed."""
    closed = [each for each in (*reversed(folder.parents), folder) if not each.stat().st_mode & stat.S_IXOTH]
    if not closed:
        return ()
    quoted, outer = shlex.quote(str(folder)), shlex.quote(str(closed[0]))
    return (
        f"mount --bind {quoted} /srv",
        f"mount -t tmpfs -o size=1m,mode=0755 tmpfs {outer}",
        f"mkdir -p {quoted}",
        f"mount --bind /srv {quoted}",
        "umount /srv",
    )


def as_user(uid: int | None, gid: int | None, do: Callable[[], str]) -> str:
    """Do something in a process of another user, None for this one, and return what it returns."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        answer = "nothing"
        try:
            if uid is not None:
                group = uid if gid is None else gid
                os.setgroups([])
                os.setresgid(group, group, group)
                os.setresuid(uid, uid, uid)
            answer = do()
        finally:
            os.write(writing, answer.encode())
            os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as file:
        answer = file.read()
    os.waitpid(child, 0)
    return answer
