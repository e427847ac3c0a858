"""Operating-system accounts for PostgreSQL's programs, and folders for their files.

Begin with :func:`server_account`, the user that the server runs as, and :func:`new_folder`, the place for its
files.

PostgreSQL refuses to run as root, and initdb refuses a user ID that has no entry in the password database.
Root runs the server as another user. Where root may not switch, as in a container without capabilities or
with one user only, and where the user ID is unknown, :func:`user_substitute` chooses between two substitutes:

- ``nss_wrapper``, where it is installed: a library that resolves the user ID from a passwd file written here;
- a user namespace without any mapping, where the system allows one: in it every user ID is the overflow ID,
  which is the user ``nobody`` on all common systems. Files keep belonging to the user that pytest runs as.
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
from pytest_supaseed.notation import notation
from pytest_supaseed.postgres.server import space
from pytest_supaseed.rng import token
from pytest_supaseed.wording import printable, unstorable

# What root needs for running a server as another user, by the numbers in <linux/capability.h>: to switch to
# that user, to give it files and take them back, and to end its processes.
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
# The header of an ELF file: magic, class and byte order; the machine from byte 18 on.
_ELF_MAGIC, _ELF_CLASS, _ELF_MACHINE = b"\x7fELF", slice(0, 6), slice(18, 20)
_PROBE_SECONDS = 20.0


@dataclass(frozen=True)
class Substitute:
    """What makes an unsuitable user acceptable to PostgreSQL's programs.

    Attributes:
        environment: variables that are added to the program's environment.
        enter: called in the child process before exec; None for nothing.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    enter: Callable[[], None] | None = None


def missing_privileges(uid: int, gid: int) -> tuple[str, ...]:
    """Return what root lacks for running a server as another user.

    Returns:
        Capabilities and phrases for a message; nothing where the system does not say.

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
    """Whether this user namespace maps a user or group ID; true where the system has no user namespaces."""
    lines = [[int(each) for each in line.split()] for line in _read(path).splitlines()]
    return not lines or any(inside <= number < inside + count for inside, _, count in lines)


def _read(path: str) -> str:
    try:
        return Path(path).read_text("ascii")
    except OSError:
        # No /proc: not Linux.
        return ""


def root_is_replaceable() -> bool:
    """Whether root can start PostgreSQL's programs in a user namespace where they are not root."""
    return _enter_user_namespace() is not None


def refuse_root(user: str, missing: Iterable[str]) -> ServerError:
    """Return the error for a root that may neither switch to `user` nor create user namespaces.

    Args:
        user: the user that the server should run as.
        missing: from :func:`missing_privileges`.
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
        f"{notation().program} runs as root, whom PostgreSQL refuses to serve, and cannot run it as the user {user}: "
        f"root lacks {', '.join(missing)}; and the system allows no user namespace, in which there would be another "
        "user.\n"
        f"Run {notation().program} as an ordinary user: docker run --user {user}\n{capabilities}"
        f"Or {notation().other_server}"
    )


def user_substitute(folder: Path, *, switched: bool) -> Substitute:
    """Return what a program of PostgreSQL needs in order to accept its user.

    Args:
        folder: where a passwd file for the program can be written.
        switched: whether root runs the program as another user, which needs no substitute.

    Raises:
        OSError: the file cannot be written.
    """
    if switched or os.name == "nt":
        return Substitute()
    uid = os.geteuid()
    if uid == 0:
        enter = _enter_user_namespace()
        # initdb would refuse an overflow ID without an entry, too.
        return Substitute({} if _is_known(_overflow_id()) else _wrapped(folder, _overflow_id()), enter)
    if _is_known(uid):
        return Substitute()
    wrapped = _wrapped(folder, uid)
    if wrapped or not _is_known(_overflow_id()):
        return Substitute(wrapped)
    return Substitute(enter=_enter_user_namespace())


def check_known() -> None:
    """Refuse a user ID for which initdb would fail.

    Raises:
        ServerError: the current user has no entry in the password database, and there is no substitute.
    """
    if os.name == "nt" or os.geteuid() == 0:
        return
    uid = os.geteuid()
    if _is_known(uid) or _library() is not None:
        return
    if _is_known(_overflow_id()) and _enter_user_namespace() is not None:
        return
    raise ServerError(
        f"{notation().program} runs as the user ID {uid}, of which the password database (/etc/passwd) knows no "
        "user, and PostgreSQL's initdb refuses to work for it.\n"
        "Have the library nss_wrapper in the image, which is used where it is found: apt-get install libnss-wrapper, "
        "dnf install nss_wrapper, apk add nss_wrapper\n"
        f"Or give the user ID a line, in the image: echo 'pytest:x:{uid}:{os.getegid()}::/tmp:/bin/sh' >> /etc/passwd\n"
        "Or lend the container the file of a machine that knows the user: "
        "docker run --volume /etc/passwd:/etc/passwd:ro\n"
        f"Or {notation().other_server}"
    )


def _is_known(uid: int) -> bool:
    """Whether the password database has a user ID."""
    import pwd

    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _overflow_id() -> int:
    """The user ID that stands for every ID that a user namespace does not map."""
    return int(_read("/proc/sys/kernel/overflowuid") or _OVERFLOW_ID)


def _wrapped(folder: Path, uid: int) -> dict[str, str]:
    """The variables with which nss_wrapper resolves a user ID; none where it is not installed."""
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
    """The path of an nss_wrapper library of the same ELF class, byte order and machine as this Python."""
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
    """A function that moves a child process into a new user namespace; None where the system allows none."""
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

    # Permission depends on the kernel, its settings and the container's seccomp filter: only trying it tells.
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


# sun_path has 104 bytes on macOS and the BSDs, with the final zero; Linux has four more.
SOCKET_PATH_BYTES = 103
SOCKETS = "socket"
# Of the names of servers' folders.
FOLDER_PREFIX = "supaseed-"
_SOCKET_NAME = f"{SOCKETS}/.s.PGSQL.65535"
# The ID under which a container sees users that it does not map.
_UNKNOWN_USER = 65534
_SEPARATORS = ",\n\r"


@dataclass(frozen=True)
class Account:
    """A user of the operating system.

    Attributes:
        name: the login name.
        uid: the user ID.
        gid: the ID of the primary group.
    """

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """Choose the user that the server runs as.

    Returns:
        None for the current user, unless it is root; for root ``postgres``, else ``nobody``, or None where
        root may switch to neither and starts the server in a user namespace.

    Raises:
        ServerError: the current user is root, and there is no user to switch to and no user namespace.
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
    """Whether a user can read a file or folder, and traverse every folder that leads to it.

    Permissions of the current user are asked of the system, those of another user are read from the mode
    bits.

    Args:
        account: the user; None for the current one.
        execute: whether the file must be executable, too. A folder must always be traversable.
    """
    wanted = {path: stat.S_IROTH | (stat.S_IXOTH if execute or path.is_dir() else 0)}
    # Folders on the path as written, through links, count as well as those on the real path.
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
    # As in the kernel, ownership decides which three bits count.
    shift = 6 if status.st_uid == account.uid else 3 if status.st_gid == account.gid else 0
    return (status.st_mode >> shift) & bits == bits


def new_folder(
    account: Account | None,
    *,
    programs: bool = False,
    sockets: bool = False,
    seeds: int = 0,
    bases: Iterable[Path] | None = None,
) -> Path:
    """Choose the path of a new folder for a server.

    Args:
        account: the user that must be able to reach the folder; None for the current one.
        programs: whether programs will be executed from it; many systems forbid that in /dev/shm.
        sockets: whether the path must be short enough for a Unix socket in it.
        seeds: how many different seeds the server will hold.
        bases: the folders to choose from; None for shared memory, where there is enough of that and no program is to
            be executed, and those of :func:`temporary_folders`.

    Returns:
        A path that does not exist; :func:`make` creates the folder.

    Raises:
        ServerError: no folder for temporary files is suitable.
        NoRoomError: one would be suitable if it had more room.
    """
    name = _folder_name()
    looked_at: list[str] = []
    found: list[tuple[int, Path]] = []
    if bases is None:
        memory = [space.SHARED_MEMORY] if not programs and space.fits_into_memory(seeds) else []
        bases = [*memory, *temporary_folders()]
    for base in dict.fromkeys(bases):
        problem = folder_problem(base, account, programs=programs, sockets=sockets)
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


def temporary_folders() -> Iterator[Path]:
    """Yield the folders for temporary files, which are usually on disk."""
    try:
        temporary = Path(tempfile.gettempdir()).absolute()
    except FileNotFoundError:
        # No folder is writable; the error names the problem of each folder yielded below.
        temporary = Path(os.environ.get("TMPDIR") or "/tmp")  # noqa: S108 as above
    # Python's last resort is the current folder, and a server's files do not belong in a project.
    if temporary != Path.cwd() or str(temporary) == os.environ.get("TMPDIR"):
        yield temporary
    if os.name != "nt":
        # For a TMPDIR that is too long, or that only root can enter.
        yield Path("/tmp")  # noqa: S108 our folder in it has a random name and mode 0700
        yield Path("/var/tmp")  # noqa: S108 as above


def folder_problem(
    base: Path, account: Account | None, *, programs: bool = False, sockets: bool = False
) -> str | None:
    """Return why no folder of a server can be created in a folder; None where one can.

    Args:
        base: the folder.
        account: the user that must be able to reach the new folder; None for the current one.
        programs: whether programs will be executed from it.
        sockets: whether the path must be short enough for a Unix socket in it.
    """
    problem = _problem(base, account, programs)
    if (
        problem is None
        and sockets
        and len(os.fsencode(base / _folder_name() / _SOCKET_NAME)) > SOCKET_PATH_BYTES
    ):
        return f"too long for a Unix socket's path of {SOCKET_PATH_BYTES} bytes"
    return problem


def _folder_name() -> str:
    """A name for a folder of a server that no other user can guess."""
    return f"{FOLDER_PREFIX}{token(8)}"


def _problem(base: Path, account: Account | None, programs: bool) -> str | None:
    unreadable = unstorable(str(base))
    if unreadable:
        return f"its name is no UTF-8: it {unreadable}"
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
    """Whether no other user can rename what root creates in a folder, or a folder that leads to it."""
    trusted = {0, os.geteuid(), _UNKNOWN_USER} - {account.uid}
    for each in (base, *base.parents):
        status = each.stat()
        shared = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not status.st_mode & stat.S_ISVTX
        if shared or status.st_uid not in trusted:
            return False
    return True


def make(folders: Iterable[Path], account: Account | None) -> None:
    """Create folders that the current user owns, the server's user can traverse, and no other user can enter.

    Args:
        folders: paths that do not exist, in a folder where no other user can replace them.
        account: the server's user; None for the current one.

    Raises:
        OSError: a folder exists, or cannot be created.
    """
    for folder in folders:
        folder.mkdir(mode=0o700)
        if account is not None:
            os.chown(folder, -1, account.gid)
            folder.chmod(0o710)


def hand_over(folder: Path, account: Account | None) -> None:
    """Give a folder to the server's user; its contents must not be accessed by path afterwards.

    Args:
        folder: in a folder that :func:`make` created.
        account: the server's user; None for the current one.

    Raises:
        OSError: the owner cannot be changed.
    """
    if account is not None:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
