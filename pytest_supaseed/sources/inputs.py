"""Inputs of a schema that is made by code: files and folders read, modules, installed packages, the environment.

A :class:`Recorder` collects them from Python's audit events, from before the first conftest.py until the
schema has been loaded; :func:`is_unchanged` compares them with a later session's. Audit events tell which
files a process opens, which folders it lists, and whether it starts processes or connects to servers. They do
not tell whether it reads the clock, draws a random number, or checks that a file exists: such inputs are not
known here. What SQL depends on (files of the server, other extensions, other servers, the time) is searched for in its
text: :func:`depends_on_outside`, :func:`depends_on_time` and :func:`is_suspect` err on the side of volatility.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import re
import stat
import sys
import sysconfig
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, Literal

from pytest_supaseed import clock
from pytest_supaseed.filesystem import PACKAGE
from pytest_supaseed.tracebacks import is_installed

Origin = Literal["standard", "installed", "ours", "project", "pytest"]
_OURS = str(PACKAGE) + os.sep
_STANDARD = tuple(
    os.path.realpath(folder) + os.sep
    for name in ("stdlib", "platstdlib")
    if (folder := sysconfig.get_path(name)) is not None
)
# The frame of pytest's main(): callers above it, as of a process that runs pytest twice, do not count.
_ENTRY = os.path.join("_pytest", "config", "__init__.py")
# Variables of terminals, login sessions and single CI runs count only if one of the files names them.
_VOLATILE = frozenset((
    *("_", "COLUMNS", "DISPLAY", "GPG_TTY", "INVOCATION_ID", "JOURNAL_STREAM", "LINES", "LS_COLORS", "MAIL", "OLDPWD"),
    *("PPID", "PWD", "SHLVL", "STY", "TERM", "TTY", "WINDOWID", "XAUTHORITY"),
    *("BUILD_ID", "BUILD_NUMBER", "BUILD_TAG", "BUILD_URL"),
))  # fmt: skip
_VOLATILE_PREFIXES = (
    *("BUILDKITE_", "CI_", "CIRCLE_", "COVERAGE_", "COV_CORE_", "GITHUB_", "GITLAB_", "PYTEST_", "RUNNER_", "SSH_"),
    *("SUPASEED_", "TERM_", "TMUX", "TRAVIS_", "VSCODE_", "VTE_", "XDG_SESSION_"),
)  # fmt: skip
_STARTING = frozenset((
    *("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn", "subprocess.Popen"),
))  # fmt: skip
_SENDING = frozenset(("socket.connect", "socket.sendmsg", "socket.sendto"))
_LISTING = frozenset(("os.listdir", "os.scandir"))
_EVENTS = _STARTING | _SENDING | _LISTING | {"open", "sqlite3.connect"}
_IMPORTING = ("<frozen importlib", "<frozen zipimport", os.path.dirname(importlib.__file__) + os.sep)
# The kernel generates their content on each read.
_OF_THE_KERNEL = ("/dev/", "/proc/", "/sys/")
_MOST_BYTES = 256 << 20
_DISTRIBUTIONS = (".dist-info", ".egg-info", ".egg", ".egg-link", ".pth")
_SETTINGS = ".env"
_NAME = re.compile(r"[A-Za-z_]\w*")
_QUOTED = re.compile(r"""["']([A-Za-z_]+)["']""")


@dataclass(frozen=True)
class Inputs:
    """The inputs of a load, as digests, so that no content can be read back.

    Attributes:
        files: by path, the digest of each file that was read or looked for; empty for a missing one.
        folders: by path, the digest of the names in it; a path that ends with ``.env`` stands for the files
            whose names begin so.
        modules: of the project, that had been imported before the load.
        surroundings: digest of Python, the installed packages, the working folder.
        environment: digest of the environment variables.
        mentioned: names of volatile variables that count, as a file names them.
        day: of the load, where it asked PostgreSQL for the time; else empty.
    """

    files: Mapping[str, str]
    folders: Mapping[str, str]
    modules: tuple[str, ...]
    surroundings: str
    environment: str
    mentioned: tuple[str, ...]
    day: str


class Recorder:
    """Records what the process reads.

    Args:
        ignored: folders whose files do not count, such as pytest's cache.

    Attributes:
        unknown: inputs that cannot be digested; empty if all can.
    """

    def __init__(self, root: Path, ignored: Iterable[Path] = ()) -> None:
        self._root = os.path.realpath(root)
        self._ignored = tuple(os.path.realpath(each) + os.sep for each in ignored)
        self._opened: dict[str, None] = {}
        self._listed: dict[str, None] = {}
        self._loading = False
        self._server: frozenset[object] = frozenset()
        self._asks_for_time = False
        # Compared with the mtime of files. No test has replaced the clock yet.
        self._since = time.time()
        self.unknown: dict[str, None] = {}
        if any(name.startswith(self._root + os.sep) for name in _module_files()):
            self.unknown["modules that were imported before anything was recorded"] = None

    def start(self) -> None:
        """Start recording."""
        _hook()
        _ACTIVE.append(self)

    def stop(self) -> None:
        """Stop recording."""
        if self in _ACTIVE:
            _ACTIVE.remove(self)

    @contextmanager
    def loading(self, server: Iterable[object]) -> Iterator[None]:
        """Record everything that is read in the block as an input of the schema, whichever package reads it.

        Args:
            server: addresses of the server, as sockets take them.
        """
        self._loading, self._server = True, frozenset(server)
        try:
            yield
        finally:
            self._loading = False

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Record an audit event."""
        if event == "open" and not _reads(arguments[1], arguments[2]):
            return
        frame = sys._getframe(2)
        if event in _LISTING and frame.f_code.co_filename.startswith(_IMPORTING):
            # The import system looks for modules or distributions; those that it finds are recorded
            # elsewhere.
            return
        if not _counts(frame, loading=self._loading):
            return
        if event in _STARTING:
            self.unknown["a process that was started"] = None
        elif event in _SENDING:
            if _hashable(arguments[-1]) not in self._server:
                self.unknown["a connection to another server"] = None
        elif event == "sqlite3.connect":
            if arguments[0] not in (":memory:", ""):
                self.unknown["a database of SQLite"] = None
        elif isinstance(arguments[0], str | bytes | os.PathLike):
            noted = self._opened if event == "open" else self._listed
            noted[os.path.abspath(os.fsdecode(arguments[0]))] = None
        elif arguments[0] is None:
            noted = self._listed
            noted[os.getcwd()] = None

    def note_statement(self, statement: str) -> None:
        """Record a statement that is executed during the load."""
        text = statement.encode("utf-8", "surrogatepass")
        if depends_on_outside(text):
            self.unknown["SQL that reads what is outside of the database"] = None
        self._asks_for_time = self._asks_for_time or depends_on_time(text)

    def inputs(self, before: Surroundings, tests: frozenset[str], salt: str) -> Inputs:
        """Return the inputs of the load.

        Args:
            before: the surroundings when it began.
            tests: files of test modules, which count only if another file names them.
            salt: of the digest of the environment.

        Raises:
            UnknownError: an input cannot be digested, or a file has changed since the session began.
        """
        if self.unknown:
            raise UnknownError(", ".join(self.unknown))
        paths = {_source(path) for path in (*self._opened, *_project_modules())}
        wanted = sorted(path for path in paths if not self._is_ignored(path) and path not in tests)
        places = {os.path.dirname(path) for path in wanted} | {os.getcwd(), self._root}
        around = {folder for place in places for folder in self._upwards(place)}
        folders_read = {f for f in self._listed if not self._is_ignored(f + os.sep)}
        for folder in around:
            wanted += [os.path.join(folder, name) for name in _names(folder, settings=True)]
        content = _Contents(self._since)
        files = {path: content.digest(path) for path in dict.fromkeys(wanted)}
        for path in sorted(tests):
            if content.mention(Path(path).stem):
                files[path] = content.digest(path)
        return Inputs(
            files,
            {
                **{folder: _listing(folder) for folder in folders_read},
                **{os.path.join(folder, _SETTINGS): _listing(folder, settings=True) for folder in around},
            },
            before.modules,
            before.surroundings,
            before.environment(named := content.variables(), salt),
            named,
            clock.today().isoformat() if self._asks_for_time else "",
        )

    def _is_ignored(self, path: str) -> bool:
        real = os.path.realpath(path)
        return (
            _origin(path) != "project"
            or _origin(real) != "project"
            or real.startswith(self._ignored)
            or path == os.devnull
        )

    def _upwards(self, place: str) -> Iterator[str]:
        """A folder and its parents within the project."""
        while place == self._root or place.startswith(self._root + os.sep):
            yield place
            place = os.path.dirname(place)


@dataclass(frozen=True)
class Surroundings:
    """The state of the process before a schema is loaded.

    Attributes:
        modules: of the project, that have been imported.
        surroundings: digest of Python, the installed packages, the working folder.
        variables: the environment.
    """

    modules: tuple[str, ...]
    surroundings: str
    variables: Mapping[str, str]

    def environment(self, mentioned: Iterable[str], salt: str) -> str:
        """Return a digest of the environment.

        Args:
            mentioned: volatile variables that count, in capitals.
            salt: of the digest, as environments contain passwords.
        """
        counting = set(mentioned)
        parts = [
            f"{name}={value}"
            for name, value in sorted(self.variables.items())
            if name.upper() in counting or not _is_volatile(name)
        ]
        return hashed([salt, *parts])


def surroundings(tests: frozenset[str]) -> Surroundings:
    """Return the present state of the process.

    Args:
        tests: files of test modules, which do not count.
    """
    found = {entry for place in sys.path for entry in _names(place or ".") if entry.endswith(_DISTRIBUTIONS)}
    python = (sys.version, sys.platform, repr(sys.flags), sys.prefix, os.getcwd())
    return Surroundings(
        tuple(sorted({_source(path) for path in _project_modules()} - tests)),
        hashed([*python, *sorted(found)]),
        dict(os.environ),
    )


def is_unchanged(inputs: Inputs, now: Surroundings, salt: str) -> bool:
    """Whether a load would have the same inputs as an earlier one.

    Args:
        inputs: of the earlier load.
        salt: of the earlier load.
    """
    if inputs.day not in ("", clock.today().isoformat()):
        return False
    if (now.modules, now.surroundings) != (inputs.modules, inputs.surroundings):
        return False
    if now.environment(inputs.mentioned, salt) != inputs.environment:
        return False
    for folder, names in inputs.folders.items():
        settings = os.path.basename(folder) == _SETTINGS
        if _listing(os.path.dirname(folder) if settings else folder, settings=settings) != names:
            return False
    content = _Contents()
    try:
        return all(content.digest(path) == digest for path, digest in inputs.files.items())
    except UnknownError:
        return False


class UnknownError(Exception):
    """An input that cannot be digested, which the message names."""


class _Contents:
    """Digests and texts of files, up to a total size."""

    def __init__(self, since: float | None = None) -> None:
        self._since = since
        self._bytes = 0
        self._texts: list[str] = []

    def digest(self, path: str) -> str:
        if path.startswith(_OF_THE_KERNEL):
            raise UnknownError(f"{path}, which is made when it is read")
        try:
            status = os.stat(path)
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except OSError as error:
            raise UnknownError(f"{path}, which cannot be read: {error.strerror}") from None
        self._bytes += status.st_size
        if not stat.S_ISREG(status.st_mode):
            raise UnknownError(f"{path}, which is no file")
        if self._bytes > _MOST_BYTES:
            raise UnknownError(f"files of more than {_MOST_BYTES >> 20} MB")
        if self._since is not None and status.st_mtime >= self._since:
            # The load may have read the earlier content.
            raise UnknownError(f"{path}, which has changed since the session began")
        try:
            content = Path(path).read_bytes()
        except OSError as error:
            raise UnknownError(f"{path}, which cannot be read: {error.strerror}") from None
        if self._since is not None:
            self._texts.append(content.decode("utf-8", "replace"))
        return hashlib.sha256(content).hexdigest()

    def mention(self, name: str) -> bool:
        """Whether one of the files names a module."""
        pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        return any(pattern.search(text) for text in self._texts)

    def variables(self) -> tuple[str, ...]:
        """Volatile variables that the files name, whether they are set or not, in capitals."""
        # A single word, such as TERM, may occur in a comment: it counts only in quotation marks.
        words = {
            word.upper()
            for text in self._texts
            for word in (
                *_QUOTED.findall(text),
                *(each for each in _NAME.findall(text) if "_" in each.strip("_")),
            )
        }
        return tuple(sorted(filter(_is_volatile, words)))


_ACTIVE: list[Recorder] = []


@cache
def _hook() -> None:
    """Install the audit hook, once for the process: Python cannot remove it."""
    sys.addaudithook(_audit)


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _ACTIVE and event in _EVENTS:
        for recorder in _ACTIVE:
            try:
                recorder.note(event, arguments)
            except (OSError, ValueError):
                # os.getcwd() fails in a deleted folder, and an exception of a hook would end the audited
                # operation.
                recorder.unknown["a file whose path is not known"] = None


def _counts(frame: FrameType | None, *, loading: bool) -> bool:
    """Whether an event is an input of the schema: during a load any of its code's, else those of modules on import."""
    while frame is not None:
        origin = _origin(frame.f_code.co_filename)
        if loading and origin in ("project", "installed"):
            return True
        if origin == "project" and frame.f_code.co_name == "<module>":
            return True
        if origin in ("ours", "pytest"):
            return False
        frame = frame.f_back
    return False


@cache
def _origin(filename: str) -> Origin:
    if filename.startswith("<"):
        return "standard"
    if filename.endswith(_ENTRY):
        return "pytest"
    if filename.startswith(_OURS):
        return "ours"
    if is_installed(filename):
        return "installed"
    return "standard" if os.path.realpath(filename).startswith(_STANDARD) else "project"


def _reads(mode: object, flags: object) -> bool:
    if isinstance(mode, str):
        return "r" in mode or "+" in mode
    return not (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_TRUNC))


def _hashable(address: object) -> object:
    # The address of an IPv6 socket has two more numbers.
    return tuple(address[:2]) if isinstance(address, tuple | list) else address


def _module_files() -> Iterator[str]:
    for module in list(sys.modules.values()):
        name = getattr(module, "__file__", None)
        if isinstance(name, str):
            yield os.path.abspath(name)


def _project_modules() -> Iterator[str]:
    return (name for name in _module_files() if _origin(name) == "project")


def _source(path: str) -> str:
    """The source file of a compiled module, if there is one."""
    folder, name = os.path.split(path)
    if not name.endswith(".pyc") or os.path.basename(folder) != "__pycache__":
        return path
    source = os.path.join(os.path.dirname(folder), name.partition(".")[0] + ".py")
    return source if os.path.exists(source) else path


def _is_volatile(name: str) -> bool:
    return name in _VOLATILE or name.startswith(_VOLATILE_PREFIXES)


def _names(folder: str, *, settings: bool = False) -> list[str]:
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    if settings:
        return sorted(name for name in names if name.startswith(_SETTINGS))
    return sorted(
        name for name in names if name not in ("__pycache__", ".pytest_cache") and not name.endswith(".pyc")
    )


def _listing(folder: str, *, settings: bool = False) -> str:
    return hashed(_names(folder, settings=settings))


def hashed(parts: Iterable[bytes | str]) -> str:
    """Return the SHA-256 digest of a list of parts, in hexadecimal digits; a text counts as its UTF-8."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        # With the lengths, two lists of parts with the same concatenation have different digests.
        digest.update(b"%d:" % len(content))
        digest.update(content)
    return digest.hexdigest()


# The volatility of SQL. Extensions that are released with PostgreSQL; all others have versions of their own.
_CONTRIB = (
    "amcheck|autoinc|bloom|btree_gin|btree_gist|citext|cube|dict_int|dict_xsyn|earthdistance|fuzzystrmatch|hstore"
    "|insert_username|intarray|isn|lo|ltree|moddatetime|pageinspect|pg_buffercache|pg_freespacemap|pg_prewarm|pg_stat_statements|pg_trgm"
    "|pg_visibility|pgcrypto|pgrowlocks|pgstattuple|plpgsql|refint|seg|sslinfo|tablefunc|tcn|tsm_system_rows"
    "|tsm_system_time|unaccent|uuid-ossp"
)
# By keyword, what has to follow it: Python finds a keyword in a long text a hundred times as fast as a
# pattern with alternatives.
_OUTSIDE = {
    "alter": r"\s+(?:extension|server|system)\b",
    "create": r"\s+(?:server\b|extension\s+(?:if\s+not\s+exists\s+)?"
    rf"""(?!if\s+not\s+exists|"?(?:{_CONTRIB})(?![\w-]))\S)""",
    "dblink": "",
    "foreign": r"\s+(?:data|schema|table)\b",
    "language": r"\s+'?c\b",
    "lo_import": "",
    "load": r"(?<!\wload)\s+['$%]",
    "pg_ls_": "",
    "pg_read_": "",
    "pg_stat_file": "",
    "plperlu": "",
    "plpython": "",
    "pltclu": "",
}
_COPY = {"copy": r"(?<!\wcopy)\b[^;]*?\bfrom\b(?!\s+stdin\b)"}
# An include of psql, or what may end a match of _COPY, which spans a whole statement.
_SUSPECT = {"\\i": "", "from": r"(?:\s|--[^\n]*|/\*[^*]*\*/)*(?:program\b|(?:e|u&)?'|\$|%)"}
_TIME = {
    "age": r"(?<!\wage)\s*\(",
    "clock_timestamp": "",
    "current_date": "",
    "current_time": "",
    "localtime": "",
    "now": r"(?<!\wnow)\b",
    "statement_timestamp": "",
    "timeofday": "",
    "today": r"(?<!\wtoday)\b",
    "tomorrow": r"(?<!\wtomorrow)\b",
    "transaction_timestamp": "",
    "uuid_generate_v1": "",
    "uuidv7": "",
    "yesterday": r"(?<!\wyesterday)\b",
}
_Patterns = list[tuple[bytes, re.Pattern[bytes]]]


def _compiled(patterns: Mapping[str, str]) -> _Patterns:
    return [(key.encode(), re.compile((re.escape(key) + rest).encode())) for key, rest in patterns.items()]


_of_outside, _of_copy = _compiled(_OUTSIDE), _compiled(_COPY)
_of_suspects, _of_time = _compiled({**_SUSPECT, **_OUTSIDE}), _compiled(_TIME)


def is_suspect(text: bytes) -> bool:
    """Whether the statements of a file have to be examined one by one to know its volatility.

    Returns:
        True if the file may include another one, or have a statement of :func:`depends_on_outside`.
    """
    return _mentions(text, _of_suspects)


def depends_on_outside(statement: bytes) -> bool:
    """Whether a statement may read files, other servers or extensions, or take effect on the server's next start.

    Args:
        statement: its text, without the data of a COPY.

    Example:
        >>> depends_on_outside(b"COPY users FROM '/tmp/users'"), depends_on_outside(b"COPY users FROM stdin")
        (True, False)
    """
    return _mentions(statement, _of_outside + _of_copy)


def depends_on_time(text: bytes) -> bool:
    """Whether SQL may read the clock, a column's default included.

    Example:
        >>> depends_on_time(b"CREATE TABLE users (since date DEFAULT now())")
        True
    """
    return _mentions(text, _of_time)


def _mentions(text: bytes, patterns: _Patterns) -> bool:
    lowered = text.lower()
    return any(key in lowered and pattern.search(lowered) for key, pattern in patterns)
