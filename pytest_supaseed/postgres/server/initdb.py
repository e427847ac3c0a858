"""What a throwaway server's data folder is made with, and what its configuration says."""

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

# The same order of texts on every machine; the later ones are for systems that lack the earlier.
_LOCALES = (["--locale=C.UTF-8"], ["--locale=C", "--lc-ctype=en_US.UTF-8"], ["--locale=C"])


_SECONDS = 120.0


_PATIENCE_SECONDS = 5.0


# What initdb finds out about the machine, or makes of its locale: names and values that no value can end.
_FOUND_OUT = re.compile(
    r"^(shared_buffers|autovacuum_worker_slots|lc_messages|lc_monetary|lc_numeric|lc_time)"
    r"[ \t]*=[ \t]*'?([A-Za-z0-9_.@+-]+)'?(?=[ \t]|$)",
    re.MULTILINE,
)


_MOST_BYTES = 1 << 20


# The options of postgres that take a value, as its own getopt() has them.
_WITH_VALUE = frozenset("BCcDdfhklNprStW-")


# Those that have it serve other data, read other settings, or not serve at all; and settings of that kind.
_STEERING_OPTIONS = frozenset("CD")


_STEERING_SETTINGS = frozenset(("data_directory", "config_file"))


_OURS = "supaseed."


# What initdb would have written: the same on every machine.
_SETTINGS_OF_INITDB = {
    "datestyle": "iso, mdy",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "default_text_search_config": "pg_catalog.english",
    # 64 segments of the write-ahead log, which are of 1 MB here.
    "max_wal_size": "64MB",
}


# For data that nobody will miss.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # Memory for segments that nobody will write again.
    "min_wal_size": "2MB",
    # For all workers of a run, and the pools of what they test.
    "max_connections": "400",
    "autovacuum": "off",
    # Compiling a query takes longer than any query of a test.
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "logging_collector": "off",
    "log_destination": "stderr",
    # Nobody else may use a socket that is in a folder of the user's choice.
    "unix_socket_permissions": "0700",
    # Where allocating them is tried and fails late, as in some containers, the server dies.
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
    """Give the commands that make a data folder; each is for where the locale of the one before is unknown.

    Args:
        installation: the programs.
        datadir: the folder, which does not exist.
        user: the name of the superuser.
        authentication: the method for all connections, such as ``"trust"``.
        password_file: a file with the superuser's password.

    Returns:
        Command lines, of which one has to succeed.

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
        command.append("--no-data-checksums")  # they became the default
    for locale in _LOCALES:
        yield command + locale


class Initialisation:
    """An initdb that runs while its caller does something else.

    Args:
        commands: those of :func:`commands`.
        run: starts one.
        unknown_locale: tells whether the one that has just failed did so for want of its locale.

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
        """Wait for its end.

        Returns:
            The exit status.

        Raises:
            OSError: it cannot be run, or takes longer than initdb ever does.
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
        """Give it a little time to end, then end it."""
        # When it is killed, the programs that it runs leave shared memory behind.
        if clock.wait_for(self._process, _PATIENCE_SECONDS) is None:
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.wait()


def found_out(datadir: Path, owner: int | None) -> dict[str, str]:
    """Return what initdb has found out about the machine, as it wrote that into the data folder.

    The configuration that initdb has made, or that came with a kept cluster, is not read otherwise.

    Args:
        datadir: the folder.
        owner: the number of the user whom it belongs to.

    Returns:
        Settings; none where the file is not what initdb wrote.
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
    """Return the configuration of a server, all of it.

    It is a file, not the command line, so that the user's own command line and ``ALTER SYSTEM`` win over it.

    Args:
        major: PostgreSQL's major version.
        settings: those that differ between servers.

    Example:
        >>> configuration(18, {"port": "5432"}).splitlines()[-1]
        "port = '5432'"
    """
    everything = {**_SETTINGS_OF_INITDB, **_SETTINGS}
    if os.name != "nt":
        # Otherwise segments stay behind in /dev/shm when a server is killed.
        everything["dynamic_shared_memory_type"] = "mmap"
    if major >= 18:
        everything["io_method"] = "sync"  # starts no worker processes
    return "".join(f"{name} = {_quoted(value)}\n" for name, value in {**everything, **settings}.items())


def steering(options: Iterable[str]) -> Iterator[str]:
    """Find in a command line of ``postgres`` what leads the server away from its data and its settings.

    Args:
        options: the words of the command line.

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
    """Return who may connect: ``pg_hba.conf``.

    A Unix socket trusts whoever can open it: the system asks for no password there that its folder and its mode do
    not ask for. A network connection is refused, whatever the server listens on, unless it was asked for by a
    setting of ours, and then has to give the password.

    Args:
        listen_address: that was asked for; empty for none.
        chosen: whether the user has named the address.

    Example:
        >>> host_based_authentication("", chosen=False).splitlines()[-1]
        'host all all all reject'
    """
    lines = ["local all all trust", "local replication all trust"]
    if listen_address:
        # The address of a container's network is none of loopback.
        networks = ("127.0.0.1/32", "samehost") if chosen or os.name == "nt" else ("127.0.0.1/32",)
        for network in networks:
            lines += [f"host {name} all {network} scram-sha-256" for name in ("all", "replication")]
    lines += ["host replication all all reject", "host all all all reject"]
    if os.name == "nt":
        del lines[:2]
    return "".join(f"{line}\n" for line in lines)


def quoted_folders(folders: Iterable[Path | str]) -> str:
    """Return folders as ``unix_socket_directories`` has them, also those with a comma in their names.

    Args:
        folders: their paths.

    Example:
        >>> quoted_folders(["/tmp/a, b", "/run"])
        '"/tmp/a, b", "/run"'
    """
    return ", ".join('"' + str(folder).replace('"', '""') + '"' for folder in folders)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n") + "'"
