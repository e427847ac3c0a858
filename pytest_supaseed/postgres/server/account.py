"""Which user PostgreSQL's programs see themselves as, where the user that pytest runs as will not do.

PostgreSQL refuses to serve root, and initdb refuses a user ID that has no entry in the password database. Root lets
another user run the server. Where it may not, as in a container without capabilities or with one user only, and
where the user ID is unknown, there are two substitutes:

- ``nss_wrapper``, a library that gives the user ID an entry in a file of ours, where it is installed;
- a user namespace without any mapping, where the system allows one: in it every user ID is the overflow ID, which
  is the user ``nobody`` on all common systems. Files stay those of the user that pytest runs as.
"""

from __future__ import annotations

import functools
import glob
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pytest_supaseed.errors import NoRoomError, ServerError
from pytest_supaseed.postgres.server import space
from pytest_supaseed.rng import token
from pytest_supaseed.wording import printable, text_problem

# What root needs for running a server as another user, by their numbers in <linux/capability.h>: to become that
# user, to give it files and to take them back, and to end its processes.
_CAPABILITIES = {
    0: "CHOWN",
    1: "DAC_OVERRIDE",
    3: "FOWNER",
    5: "KILL",
    6: "SETGID",
    7: "SETUID",
}


_NEW_USER_NAMESPACE = 0x10000000


_OVERFLOW_ID = 65534


_LIBRARIES = (
    "/usr/lib/*/libnss_wrapper.so",  # Debian
    "/usr/lib64/libnss_wrapper.so",  # Red Hat
    "/usr/lib/libnss_wrapper.so",  # Alpine, Arch
    "/usr/local/lib*/libnss_wrapper.so",
)


# Of an ELF file: magic, class and byte order; and from byte 18 on the machine.
_ELF_MAGIC, _ELF_CLASS, _ELF_MACHINE = b"\x7fELF", slice(0, 6), slice(18, 20)


_PROBE_SECONDS = 20.0


@dataclass(frozen=True)
class Substitute:
    """How a program of PostgreSQL is started by a user that will not do.

    Attributes:
        environment: variables that are added to its environment.
        enter: called in its process before it is executed; None for nothing.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    enter: Callable[[], None] | None = None


def missing_privileges(uid: int, gid: int) -> tuple[str, ...]:
    """Tell what root lacks for running a server as another user.

    Args:
        uid: of that user.
        gid: of its group.

    Returns:
        What is missing, in words of a message; nothing where the system does not say.

    Example:
        >>> missing_privileges(65534, 65534)  # doctest: +SKIP
        ('CAP_SETGID', 'CAP_SETUID')
    """
    status = _read("/proc/self/status")
    effective = next((line.split()[1] for line in status.splitlines() if line.startswith("CapEff:")), "")
    if not effective:
        return ()
    held = int(effective, 16)
    missing = [f"CAP_{name}" for number, name in _CAPABILITIES.items() if not held >> number & 1]
    if not (_is_mapped(uid, "/proc/self/uid_map") and _is_mapped(gid, "/proc/self/gid_map")):
        missing.append(f"a mapping of the user ID {uid} and the group ID {gid} into this user namespace")
    elif _read("/proc/self/setgroups").strip() == "deny":
        missing.append("the right to set groups in this user namespace")
    return tuple(missing)


def _is_mapped(number: int, path: str) -> bool:
    """Whether a user namespace has a user or a group of a number."""
    lines = [[int(each) for each in line.split()] for line in _read(path).splitlines()]
    return not lines or any(inside <= number < inside + count for inside, _, count in lines)


def _read(path: str) -> str:
    try:
        return Path(path).read_text("ascii")
    except OSError:
        # Another system than Linux.
        return ""


def root_is_replaceable() -> bool:
    """Whether PostgreSQL's programs can be started by root in a user namespace where they are not root."""
    return _enter_user_namespace() is not None


def refuse_root(user: str, missing: Iterable[str]) -> ServerError:
    """Make the error for a root who may neither become another user nor make user namespaces.

    Args:
        user: the name of the user that the server should run as.
        missing: what :func:`missing_privileges` returned.
    """
    missing = list(missing)
    names = [name.removeprefix("CAP_") for name in missing if name.startswith("CAP_")]
    capabilities = (
        "Or give the container what is missing: docker run "
        f"{' '.join(f'--cap-add={name}' for name in names)}\n"
        if names and len(names) == len(missing)
        else ""
    )
    return ServerError(
        f"pytest runs as root, whom PostgreSQL refuses to serve, and cannot run it as the user {user}: root lacks "
        f"{', '.join(missing)}; and the system allows no user namespace, in which there would be another user.\n"
        f"Run pytest as an ordinary user: docker run --user {user}\n{capabilities}"
        "Or name a server that runs already: --supaseed-postgres=postgresql://user:password@host:5432/postgres"
    )


def user_substitute(folder: Path, *, switched: bool) -> Substitute:
    """Choose how a program of PostgreSQL is started.

    Args:
        folder: where a file can be written that the program reads.
        switched: whether root runs it as another user, who will do.

    Returns:
        What is to be done besides.

    Raises:
        OSError: the file cannot be written.
    """
    if switched or os.name == "nt":
        return Substitute()
    uid = os.geteuid()
    if uid == 0:
        enter = _enter_user_namespace()
        # Without a user nobody, initdb would refuse that, too.
        return Substitute({} if _is_known(_overflow_id()) else _wrapped(folder, _overflow_id()), enter)
    if _is_known(uid):
        return Substitute()
    wrapped = _wrapped(folder, uid)
    if wrapped or not _is_known(_overflow_id()):
        return Substitute(wrapped)
    return Substitute(enter=_enter_user_namespace())


def check_known() -> None:
    """Refuse a user ID of which initdb would say that there is no such user.

    Raises:
        ServerError: the present user has no entry in the password database, and there is no substitute.
    """
    if os.name == "nt" or os.geteuid() == 0:
        return
    uid = os.geteuid()
    if _is_known(uid) or _library() is not None:
        return
    if _is_known(_overflow_id()) and _enter_user_namespace() is not None:
        return
    raise ServerError(
        f"pytest runs as the user ID {uid}, of which the password database (/etc/passwd) knows no user, and "
        "PostgreSQL's initdb refuses to work for it.\n"
        "Have the library nss_wrapper in the image, which is used where it is found: apt-get install libnss-wrapper, "
        "dnf install nss_wrapper, apk add nss_wrapper\n"
        f"Or give the user ID a line, in the image: echo 'pytest:x:{uid}:{os.getegid()}::/tmp:/bin/sh' >> /etc/passwd\n"
        "Or lend the container the file of a machine that knows the user: "
        "docker run --volume /etc/passwd:/etc/passwd:ro\n"
        "Or name a server that runs already: --supaseed-postgres=postgresql://user:password@host:5432/postgres"
    )


def _is_known(uid: int) -> bool:
    """Whether the password database has a user of a number."""
    import pwd

    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _overflow_id() -> int:
    """The user ID that stands for all that a user namespace does not map."""
    return int(_read("/proc/sys/kernel/overflowuid") or _OVERFLOW_ID)


def _wrapped(folder: Path, uid: int) -> dict[str, str]:
    """The variables with which nss_wrapper knows a user of that number; none where it is not installed."""
    library = _library()
    if library is None:
        return {}
    passwd, group = folder / "passwd", folder / "group"
    if not passwd.exists():
        gid = os.getegid()
        group.write_text(f"supaseed:x:{gid}:\n", "ascii")
        passwd.write_text(f"supaseed:x:{uid}:{gid}::/:/bin/false\n", "ascii")
    loaded = [name for name in (os.environ.get("LD_PRELOAD", ""), library) if name]
    return {
        "LD_PRELOAD": ":".join(loaded),
        "NSS_WRAPPER_PASSWD": str(passwd),
        "NSS_WRAPPER_GROUP": str(group),
    }


@functools.cache
def _library() -> str | None:
    """The path of nss_wrapper for programs of this machine's kind."""
    ours = _elf_header(sys.executable)
    for path in (path for pattern in _LIBRARIES for path in sorted(glob.glob(pattern))):
        header = _elf_header(path)
        if header.startswith(_ELF_MAGIC) and all(
            header[part] == ours[part] for part in (_ELF_CLASS, _ELF_MACHINE)
        ):
            return path
    return None


def _elf_header(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(20)
    except OSError:
        return b""


@functools.cache
def _enter_user_namespace() -> Callable[[], None] | None:
    """What takes a new process into a user namespace of its own; None where the system allows none."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    unshare = getattr(ctypes.CDLL(None, use_errno=True), "unshare", None)
    if unshare is None:
        return None

    def enter() -> None:
        if unshare(_NEW_USER_NAMESPACE) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    # Whether it is allowed depends on the kernel, its settings, and the container's filter of system calls.
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", "import os, sys; sys.exit(os.geteuid() == 0)"],
            preexec_fn=enter,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PROBE_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return enter if done.returncode == 0 else None


# sun_path has 104 bytes on macOS and the BSDs, the last of them zero; Linux has four more.
SOCKET_PATH_BYTES = 103


SOCKETS = "socket"


_SOCKET_NAME = f"{SOCKETS}/.s.PGSQL.65535"


# What the numbers of users are shown as that a container does not know.
_UNKNOWN_USER = 65534


_SEPARATORS = ",\n\r"


@dataclass(frozen=True)
class Account:
    """A user of the operating system.

    Attributes:
        name: its login name.
        uid: its number.
        gid: the number of its group.
    """

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """Choose the user that the server runs as.

    Returns:
        None for the present user; as root, whom PostgreSQL refuses to serve, ``postgres`` or else ``nobody``. None
        for a root, too, who may become neither and starts the server in a user namespace.

    Raises:
        ServerError: the present user is root, and neither of them exists or can be had.
    """
    if os.name == "nt" or os.geteuid() != 0:
        return None
    import pwd

    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        missing = missing_privileges(entry.pw_uid, entry.pw_gid)
        if not missing:
            return Account(name, entry.pw_uid, entry.pw_gid)
        if root_is_replaceable():
            return None
        raise refuse_root(name, missing)
    raise ServerError(
        "pytest runs as root, whom PostgreSQL refuses to serve, and there is neither a user postgres nor a "
        "user nobody to run it as.\nMake one (useradd --system postgres), or run pytest as an ordinary user."
    )


def allows(path: Path, account: Account | None, *, execute: bool = False) -> bool:
    """Tell whether a user can read a file or folder, and go through every folder on the way to it.

    Args:
        path: what is to be read.
        account: the user; None for the present one.
        execute: whether it is to be executed, too. A folder is always to be gone through.

    Returns:
        Whether the permissions allow it; for another user, as their mode bits say.
    """
    wanted = {path: stat.S_IROTH | (stat.S_IXOTH if execute or path.is_dir() else 0)}
    # Both ways to it count: through links as they are written, and the real one.
    real = path.resolve()
    wanted[real] = wanted[path]
    for parent in (*path.absolute().parents, *real.parents):
        wanted[parent] = stat.S_IXOTH
    return all(_permits(each, account, bits) for each, bits in wanted.items())


def _permits(path: Path, account: Account | None, bits: int) -> bool:
    if account is None:
        return os.access(path, bits)  # S_IROTH and S_IXOTH are R_OK and X_OK
    try:
        status = path.stat()
    except OSError:
        return False
    # Like the kernel: whose it is decides which three bits count.
    shift = 6 if status.st_uid == account.uid else 3 if status.st_gid == account.gid else 0
    return (status.st_mode >> shift) & bits == bits


def new_folder(
    account: Account | None,
    *,
    programs: bool = False,
    sockets: bool = False,
    in_memory: bool = True,
    seeds: int = 0,
) -> Path:
    """Choose the path of a new folder for a server.

    Args:
        account: the user who must be able to get there; None for the present one.
        programs: whether programs will be executed from it; many systems forbid that in /dev/shm.
        sockets: whether the path has to be short enough for a Unix socket in it.
        in_memory: whether it may be in shared memory, where there is enough of it; programs never are.
        seeds: how many different seeds the server will hold.

    Returns:
        A path that does not exist; :func:`make` makes the folder.

    Raises:
        ServerError: no folder for temporary files is good for that.
        NoRoomError: one would be, if it had more room.
    """
    name = f"supaseed-{token(8)}"
    looked_at: list[str] = []
    found: list[tuple[int, Path]] = []
    for base in dict.fromkeys(_bases(in_memory=in_memory and not programs, seeds=seeds)):
        problem = _problem(base, account, programs)
        if problem is None and sockets and len(os.fsencode(base / name / _SOCKET_NAME)) > SOCKET_PATH_BYTES:
            problem = f"too long for a Unix socket's path of {SOCKET_PATH_BYTES} bytes"
        if problem is None:
            free = space.free_bytes(base)
            if base == space.SHARED_MEMORY or free >= space.wanted_bytes(seeds):
                return base / name
            found.append((free, base / name))
            problem = f"only {space.megabytes(free)} are free"
        looked_at.append(f"{printable(str(base))}: {problem}")
    most, roomiest = max(found, key=lambda each: each[0], default=(0, None))
    if roomiest is not None and most >= space.LEAST_BYTES:
        return roomiest
    listing = "".join(f"\n  {line}" for line in looked_at)
    contents = "programs" if programs else "files"
    room = f", and that has {space.megabytes(space.LEAST_BYTES)} free" if found else ""
    kind = NoRoomError if found else ServerError
    raise kind(
        f"There is no folder for the throwaway server's {contents}. Looked at:{listing}\n"
        f"Set the environment variable TMPDIR to a folder that {account.name if account else 'you'} can use{room}."
    )


def _bases(*, in_memory: bool, seeds: int) -> Iterator[Path]:
    if in_memory and space.fits_into_memory(seeds):
        yield space.SHARED_MEMORY
    try:
        temporary = Path(tempfile.gettempdir()).absolute()
    except FileNotFoundError:
        # Nothing can be written anywhere; what is wrong with which folder is said of those below.
        temporary = Path(os.environ.get("TMPDIR") or "/tmp")  # noqa: S108 as above
    # Python's last resort is the present folder: a project is no place for a server.
    if temporary != Path.cwd() or str(temporary) == os.environ.get("TMPDIR"):
        yield temporary
    if os.name != "nt":
        # For a TMPDIR that is too long, or that only root can enter.
        yield Path("/tmp")  # noqa: S108 our folder in it has a random name and mode 0700
        yield Path("/var/tmp")  # noqa: S108 as above


def _problem(base: Path, account: Account | None, programs: bool) -> str | None:
    """Why no folder of ours can be in `base`."""
    unreadable = text_problem(str(base))
    if unreadable:
        return f"its name is no UTF-8: it {unreadable.partition(', which')[0]}"
    if any(character in str(base) for character in _SEPARATORS):
        return "its name has a comma or a line break, which separate the names of folders in PostgreSQL's settings"
    if not base.is_dir():
        return "no such folder"
    if not os.access(base, os.W_OK | os.X_OK):
        return "not writable"
    if account is not None and not all(
        _permits(each, account, stat.S_IXOTH) for each in (base, *base.parents, *base.resolve().parents)
    ):
        return f"out of reach of the user {account.name}, whom the server runs as"
    if account is not None and not _is_safe(base.resolve(), account):
        return "in a folder in which other users may replace what is ours"
    if programs and os.name != "nt" and os.statvfs(base).f_flag & os.ST_NOEXEC:
        return "mounted noexec"
    return None


def _is_safe(base: Path, account: Account) -> bool:
    """Whether no other user can rename what root makes in a folder, or a folder on the way to it."""
    trusted = {0, os.geteuid(), _UNKNOWN_USER} - {account.uid}
    for each in (base, *base.parents):
        status = each.stat()
        shared = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not status.st_mode & stat.S_ISVTX
        if shared or status.st_uid not in trusted:
            return False
    return True


def make(folders: Iterable[Path], account: Account | None) -> None:
    """Make folders of the present user, which the server's user can go through and nobody else can enter.

    Args:
        folders: paths that do not exist, in a folder in which no other user can replace them.
        account: the server's user; None for the present one.

    Raises:
        OSError: one of them exists, or cannot be made.
    """
    for folder in folders:
        folder.mkdir(mode=0o700)
        if account is not None:
            os.chown(folder, -1, account.gid)
            folder.chmod(0o710)


def hand_over(folder: Path, account: Account | None) -> None:
    """Give a folder to the server's user; what is in it is no longer reached by its path then.

    Args:
        folder: in one that :func:`make` made.
        account: the server's user; None for the present one.

    Raises:
        OSError: it cannot be given away.
    """
    if account is not None:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
