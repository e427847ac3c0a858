"""Commands in namespaces of their own: another machine, as far as a command can see, and this one stays as it is.

A :class:`Machine` says what the command finds: how large ``/dev/shm`` and the folder for temporary files are, which
user it runs as, which capabilities it lacks, what it cannot see. Mounts, users and networks of the machine itself
are never changed: each command has a mount namespace of its own, which ends with it.
"""

from __future__ import annotations

import functools
import os
import shlex
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 120.0
# Where a machine has its own folder for temporary files: a path short enough for Unix sockets.
TEMPORARY = Path("/mnt")
# Where it has the folder in which a command runs, whatever else is hidden.
FOLDER = Path("/srv")
_TOOLS = ("unshare", "setpriv", "mount", "chroot")


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

    def command(self, command: str, folder: Path) -> list[str]:
        """The command line that runs a command of the shell on this machine, in a folder that it has as ``/srv``."""
        unshare = ["unshare", "--mount", "--propagation=private"]
        if self.one_user:
            unshare += ["--user", "--map-root-user"]
        if not self.network:
            unshare.append("--net")
        script = "\n".join(("set -e", *self._mounts(folder), f"exec {shlex.join(self._inside(command))}"))
        return [*unshare, "sh", "-c", script]

    def _mounts(self, folder: Path) -> Iterator[str]:
        yield from _opened(Path(sys.base_prefix).resolve())
        yield f"mount --bind {shlex.quote(str(folder))} {FOLDER}"
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

    def _inside(self, command: str) -> list[str]:
        inside = [] if self.user_namespaces else ["chroot", "/media"]
        privileges = []
        if self.uid is not None:
            gid = self.uid if self.gid is None else self.gid
            privileges += [f"--reuid={self.uid}", f"--regid={gid}", "--clear-groups"]
        if self.without:
            dropped = ",".join(f"-{name}" for name in self.without)
            privileges += [f"--bounding-set={dropped}", f"--inh-caps={dropped}"]
        if privileges:
            inside += ["setpriv", *privileges]
        return [*inside, "sh", "-c", f"cd {FOLDER} && {command}"]

    def run(
        self, command: str, environment: Mapping[str, str | None] | None = None, *, folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of the shell on this machine.

        Args:
            command: what the shell runs.
            environment: variables of its environment; None for one that is not set. HOME and TMPDIR are set, and
                nothing says that this is a continuous integration.
            folder: where it runs; None for one without anything of interest.

        Returns:
            What it printed, standard error last.
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
        with subprocess.Popen(
            self.command(command, folder or Path("/usr/share")),
            cwd="/",
            env={name: value for name, value in variables.items() if value is not None},
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
        return subprocess.CompletedProcess(command, process.returncode, output, "")

    def reason_to_skip(self) -> str | None:
        """Why this machine cannot be had here; None where it can."""
        return _reason_to_skip(self)


@functools.cache
def _reason_to_skip(machine: Machine) -> str | None:
    if not sys.platform.startswith("linux"):
        return "namespaces are Linux's"
    if os.geteuid() != 0:
        return "mounting something in a namespace of its own needs root"
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing:
        return f"there is no {' and no '.join(missing)}"
    done = machine.run("true")
    return None if done.returncode == 0 else f"no such namespace here: {done.stdout.strip()}"


def python(*arguments: str) -> str:
    """The command of the shell that runs this Python."""
    return shlex.join([sys.executable, *arguments])


def pytest_command(*arguments: str) -> str:
    """The command of the shell that runs pytest, without plugins that take longer to import than the session does."""
    names = (
        "cacheprovider",
        "faker",
        "hypothesispytest",
        "time_machine",
        "timeout",
        "xdist",
        "xdist.looponfail",
    )
    return python("-m", "pytest", *(f"-pno:{name}" for name in names), *arguments)


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
