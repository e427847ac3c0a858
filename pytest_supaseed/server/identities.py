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
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pytest_supaseed.errors import ServerError

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


def substitute(folder: Path, *, switched: bool) -> Substitute:
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
