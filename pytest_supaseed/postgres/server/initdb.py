"""initdb and the server's configuration.

:func:`commands` and :class:`Initialisation` create a data folder. :func:`configuration` and
:func:`host_based_authentication` return postgresql.conf and pg_hba.conf, and :func:`steering` finds options
of the user's that would bypass them.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from pytest_supaseed import clock
from pytest_supaseed.filesystem import opened_folder, read_file
from pytest_supaseed.postgres.server.programs import Installation

# The same collation on every machine; the later ones are for systems that lack the earlier.
_LOCALES = (["--locale=C.UTF-8"], ["--locale=C", "--lc-ctype=en_US.UTF-8"], ["--locale=C"])
_SECONDS = 120.0
_PATIENCE_SECONDS = 5.0
# Settings that initdb determines from the machine or the locale, with values that need no escapes.
_FOUND_OUT = re.compile(
    r"^(shared_buffers|autovacuum_worker_slots|lc_messages|lc_monetary|lc_numeric|lc_time)"
    r"[ \t]*=[ \t]*'?([A-Za-z0-9_.@+-]+)'?(?=[ \t]|$)",
    re.MULTILINE,
)
_MOST_BYTES = 1 << 20
# The options of postgres that take a value, as in its getopt() string.
_WITH_VALUE = frozenset("BCcDdfhklNprStW-")
# Options and settings that change the data folder or the configuration, or print a setting instead of
# serving.
_STEERING_OPTIONS = frozenset("CD")
_STEERING_SETTINGS = frozenset(("data_directory", "config_file"))
_OURS = "supaseed."
# What initdb would write, fixed to be the same on every machine.
_SETTINGS_OF_INITDB = {
    "datestyle": "iso, mdy",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "default_text_search_config": "pg_catalog.english",
    # 64 WAL segments, which have 1 MB here.
    "max_wal_size": "64MB",
}
# Durability is of no use to throwaway data.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # Recycled WAL segments would only take memory.
    "min_wal_size": "2MB",
    # Enough for all workers of a run and the connection pools of the tested code.
    "max_connections": "400",
    "autovacuum": "off",
    # JIT compilation takes longer than any query of a test.
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "logging_collector": "off",
    "log_destination": "stderr",
    # Other users must not use a socket in a folder of the user's choice.
    "unix_socket_permissions": "0700",
    # Where huge pages are offered but fail on access, as in some containers, the server crashes.
    "huge_pages": "off",
}


def commands(
    installation: Installation,
    datadir: str,
    *,
    user: str,
    authentication: str,
    password_file: Path | None = None,
) -> Iterator[list[str]]:
    """Yield initdb command lines, each with a fallback locale for a system that lacks the previous one's.

    Args:
        installation: the programs.
        datadir: the data folder, empty or not yet there.
        user: the superuser.
        authentication: the method for all connections, such as ``"trust"``.
        password_file: holds the superuser's password; None for no password.

    Example:
        >>> next(commands(find(), "/data", user="me", authentication="trust"))  # doctest: +SKIP
        ['/usr/lib/postgresql/15/bin/initdb', '--pgdata=/data', '--username=me', ...]
    """
    command = [
        str(installation.bin / "initdb"),
        f"--pgdata={datadir}",
        f"--username={user}",
        f"--auth={authentication}",
        "--encoding=UTF8",
        "--wal-segsize=1",
        "--no-sync",
        "--no-instructions",
    ]
    if password_file is not None:
        command.append(f"--pwfile={password_file}")
    if installation.major >= 17:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if installation.major >= 18:
        command.append("--no-data-checksums")  # on by default since version 18
    for locale in _LOCALES:
        yield command + locale


class Initialisation:
    """A running initdb.

    Args:
        commands: from :func:`commands`.
        run: starts a command.
        unknown_locale: whether the command that has just failed did so for lack of its locale.

    Raises:
        OSError: it cannot be run.
    """

    def __init__(
        self,
        commands: Iterator[list[str]],
        run: Callable[[list[str]], subprocess.Popen[bytes]],
        unknown_locale: Callable[[], bool],
    ) -> None:
        self._commands = commands
        self._run = run
        self._unknown_locale = unknown_locale
        self._process = run(next(commands))

    def wait(self) -> int:
        """Wait for the end of initdb, trying the other locales if needed, and return the exit status.

        Raises:
            OSError: it cannot be run, or exceeds the time limit.
        """
        try:
            while (status := clock.wait_for(self._process, _SECONDS)) != 0:
                if status is None:
                    raise TimeoutError(f"initdb has not ended within {_SECONDS:.0f} seconds")
                if not self._unknown_locale():
                    break
                command = next(self._commands, None)
                if command is None:
                    break
                self._process = self._run(command)
        except BaseException:
            self.end()
            raise
        return status

    def end(self) -> None:
        """Wait a little for initdb to end, then kill it."""
        # A killed initdb leaves shared memory of its child processes behind.
        if clock.wait_for(self._process, _PATIENCE_SECONDS) is None:
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.wait()


def found_out(datadir: Path, owner: int | None) -> dict[str, str]:
    """Return the settings that initdb has determined for this machine, from postgresql.conf in the data folder.

    The rest of that file, which may come from an archived cluster, is not used.

    Args:
        datadir: the data folder.
        owner: the user ID of its owner.

    Returns:
        Settings; none where the file is not as initdb writes it.
    """
    name = "postgresql.conf"
    try:
        with opened_folder(datadir, owner=owner) as folder:
            path = name if folder is not None else datadir / name
            content = read_file(path, _MOST_BYTES, owner=owner, folder=folder)
    except OSError:
        return {}
    return dict(_FOUND_OUT.findall(content.decode("utf-8", "replace")))


def configuration(major: int, settings: Mapping[str, str]) -> str:
    """Return the complete configuration file of a server.

    The settings are not on the command line, so that the user's command line and ``ALTER SYSTEM`` take
    precedence.

    Args:
        major: PostgreSQL's major version.
        settings: those that differ between servers.

    Example:
        >>> configuration(18, {"port": "5432"}).splitlines()[-1]
        "port = '5432'"
    """
    everything = {**_SETTINGS_OF_INITDB, **_SETTINGS}
    if os.name != "nt":
        # Other types leave segments in /dev/shm when a server is killed.
        everything["dynamic_shared_memory_type"] = "mmap"
    if major >= 18:
        everything["io_method"] = "sync"  # starts no worker processes
    return "".join(f"{name} = {_quoted(value)}\n" for name, value in {**everything, **settings}.items())


def steering(options: Iterable[str]) -> Iterator[str]:
    """Yield the options of a ``postgres`` command line that would change the data folder or the configuration.

    Example:
        >>> list(steering(["-F", "-c", "work_mem=1MB", "-c", "Config-File=/etc/x", "-eD/data", "--supaseed.launch=1"]))
        ['Config-File=/etc/x', '-eD/data', '--supaseed.launch=1']
    """
    words = iter(options)
    for word in words:
        if not word.startswith("-") or word in ("-", "--"):
            continue
        letters = word[1:]
        place = next((number for number, letter in enumerate(letters) if letter in _WITH_VALUE), None)
        if place is None:
            continue
        letter, value, whole = letters[place], letters[place + 1 :], word
        if not value:
            value = next(words, "")
            whole = f"{word} {value}" if letter in _STEERING_OPTIONS else value
        name = value.partition("=")[0].strip().lower().replace("-", "_")
        if letter in _STEERING_OPTIONS or (
            letter in "c-" and (name in _STEERING_SETTINGS or name.startswith(_OURS))
        ):
            yield whole


def host_based_authentication(listen_address: str, *, chosen: bool) -> str:
    """Return the content of ``pg_hba.conf``.

    A Unix socket is trusted: its folder and mode already restrict who can open it. TCP connections are
    rejected, whatever the server listens on, unless a setting of this package asks for them; then they need
    the password.

    Args:
        listen_address: the address asked for; empty for none.
        chosen: whether the user has chosen the address.

    Example:
        >>> host_based_authentication("", chosen=False).splitlines()[-1]
        'host all all all reject'
    """
    lines = ["local all all trust", "local replication all trust"]
    if listen_address:
        # The chosen address may be that of a container's network, which is no loopback address.
        networks = ("127.0.0.1/32", "samehost") if chosen or os.name == "nt" else ("127.0.0.1/32",)
        for network in networks:
            lines += [f"host {name} all {network} scram-sha-256" for name in ("all", "replication")]
    lines += ["host replication all all reject", "host all all all reject"]
    if os.name == "nt":
        del lines[:2]
    return "".join(f"{line}\n" for line in lines)


def quoted_folders(folders: Iterable[Path | str]) -> str:
    """Return folders as a value of ``unix_socket_directories``, quoted for names with commas.

    Example:
        >>> quoted_folders(["/tmp/a, b", "/run"])
        '"/tmp/a, b", "/run"'
    """
    return ", ".join('"' + str(folder).replace('"', '""') + '"' for folder in folders)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n") + "'"
