"""Where a throwaway server lives: which user it runs as, and which folders that user can work in."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pytest_supaseed.errors import NoRoomError, ServerError
from pytest_supaseed.randomness import token
from pytest_supaseed.server import identities, space
from pytest_supaseed.wording import printable, text_problem

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
        missing = identities.missing_privileges(entry.pw_uid, entry.pw_gid)
        if not missing:
            return Account(name, entry.pw_uid, entry.pw_gid)
        if identities.root_is_replaceable():
            return None
        raise identities.refuse_root(name, missing)
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
