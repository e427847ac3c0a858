"""The forwarder in a process of its own: :class:`ForwarderProcess`, as the session uses it, and :func:`main`.

A thread of the session's process would not do. Some drivers keep Python's global lock while they wait for the server:
psycopg2 does in ``connection.cancel()``, until the connection by which it asks has been closed, so that a thread that
should close it would never run. Besides, tests that compute would hold up the clients of other processes.

Both sides ask each other questions by a pair of sockets (:class:`_Channel`): the forwarder where a connection is led,
the session how many there are. The process ends when the session's does, however that ends.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pytest_supaseed import clock
from pytest_supaseed.postgres.wire.forwarder import (
    BACKLOG,
    LOOPBACK,
    Access,
    Destination,
    Forwarder,
    RefusedError,
)
from pytest_supaseed.postgres.wire.messages import Startup
from pytest_supaseed.postgres.wire.upstream import Tls, Upstream

_PACKAGES = Path(__file__).parents[3]
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from pytest_supaseed.postgres.wire.forwarder_process import main; main(*map(int, sys.argv[2:]))"
)
# Windows hands no sockets to another process: there it is a thread after all.
_AS_THREAD = os.name == "nt"
_LENGTH_BYTES = 4
_MOST_BYTES = 1 << 24
_END_SECONDS = 5.0
# How long to wait for terminated backends before those are looked for that have begun meanwhile.
_POLL_SECONDS = 0.02

Answer = Callable[[str, Any], Any]


class ForwarderGoneError(Exception):
    """The forwarder's process has ended."""


class _Channel:
    """Questions and answers between two processes, each side of which may ask.

    Args:
        end: of the pair of sockets; closed with the channel.
        answer: answers the questions of the other side, in a thread of each question's own.
    """

    def __init__(self, end: socket.socket, answer: Answer) -> None:
        self._end = end
        self._answer = answer
        self._numbers = itertools.count(1)
        self._sending = threading.Lock()
        # By number of the question: the answer, once it is there.
        self._changed = threading.Condition()
        self._answers: dict[int, Any] = {}
        self._gone = False

    def listen(self) -> None:
        """Read questions and answers until the other side has gone."""
        try:
            while (received := self._read()) is not None:
                number, what, content = received
                if what:
                    threading.Thread(
                        target=self._reply,
                        args=(number, what, content),
                        name="supaseed: question",
                        daemon=True,
                    ).start()
                else:
                    with self._changed:
                        self._answers[number] = content
                        self._changed.notify_all()
        finally:
            with self._changed:
                self._gone = True
                self._changed.notify_all()
            self._end.close()

    def _reply(self, number: int, what: str, content: Any) -> None:
        with suppress(ForwarderGoneError):
            self._send(number, "", self._answer(what, content))

    def ask(self, what: str, content: Any = None) -> Any:
        """Return the answer to a question.

        Raises:
            ForwarderGoneError: the other side has gone.
        """
        number = next(self._numbers)
        self._send(number, what, content)
        with self._changed:
            self._changed.wait_for(lambda: self._gone or number in self._answers)
            if number not in self._answers:
                raise ForwarderGoneError
            return self._answers.pop(number)

    def send_first(self, content: Any) -> None:
        """Send what :meth:`read_first` returns on the other side, before any question."""
        self._send(0, "", content)

    def read_first(self) -> Any:
        """Return what the other side has sent before any question; None if it has gone."""
        received = self._read()
        return None if received is None else received[2]

    def _send(self, number: int, what: str, content: Any) -> None:
        data = json.dumps([number, what, content]).encode()
        try:
            with self._sending:
                self._end.sendall(len(data).to_bytes(_LENGTH_BYTES, "big") + data)
        except OSError:
            raise ForwarderGoneError from None

    def _read(self) -> tuple[int, str, Any] | None:
        """Return the next question or answer, which has no name; None at the end."""
        length = self._read_bytes(_LENGTH_BYTES)
        size = int.from_bytes(length or b"", "big")
        data = self._read_bytes(size) if length and size <= _MOST_BYTES else None
        if data is None:
            return None
        number, what, content = json.loads(data)
        return number, what, content

    def _read_bytes(self, number: int) -> bytes | None:
        data = bytearray()
        while len(data) < number:
            try:
                chunk = self._end.recv(number - len(data))
            except OSError:
                return None
            if not chunk:
                return None
            data += chunk
        return bytes(data)

    def close(self) -> None:
        """Let the other side see that this one has gone."""
        with suppress(OSError):
            self._end.shutdown(socket.SHUT_RDWR)


class ForwarderProcess:
    """A forwarder that listens on a free port of 127.0.0.1 from its construction on.

    Args:
        access: what clients have to give.
        lead: says where a connection is led; called in a thread of the connection's own, which it may block.

    Attributes:
        host: the address that is listened on.
        port: the port.

    Raises:
        OSError: there is no port, or the process could not be started.
    """

    def __init__(self, access: Access, lead: Callable[[Startup], Destination]) -> None:
        self._lead = lead
        self.host = LOOPBACK
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        listener = socket.create_server((LOOPBACK, 0), backlog=BACKLOG)
        self.port = int(listener.getsockname()[1])
        ours, theirs = socket.socketpair()
        self._end = ours
        if _AS_THREAD:
            threading.Thread(
                target=lambda: _ForwarderSide(listener, theirs).run(), name="supaseed: program", daemon=True
            ).start()
        else:
            with listener, theirs:
                self._process = _started(listener, theirs)
        self._channel = _Channel(ours, self._answer)
        self._thread = threading.Thread(target=self._channel.listen, name="supaseed: forwarder", daemon=True)
        self._thread.start()
        _ALIVE.add(self)
        # No password is on a command line or in an environment.
        self._channel.send_first(asdict(access))

    def _answer(self, what: str, content: Any) -> Any:
        """Answer the forwarder's only question: where a connection is led."""
        startup = _startup_from_json(content)
        try:
            destination = self._lead(startup)
        except RefusedError as refused:
            return {"refused": refused.response.hex()}
        except BaseException as error:
            threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, None)))
            return {"refused": RefusedError("the database could not be prepared").response.hex()}
        return {"destination": asdict(destination)}

    def end(self, group: str, terminate: Callable[[list[int]], None], seconds: float) -> bool:
        """End the connections of a group.

        What the server says last reaches the clients, unless they do not read.

        Args:
            group: of the connections; none of it may be opened any more.
            terminate: has the server terminate backends, given their process ids.
            seconds: how long to wait for the server; then the connections are closed.

        Returns:
            Whether the server has ended all of them.
        """
        until, told = clock.monotonic() + seconds, set[int]()
        try:
            number, processes = self._channel.ask("group", [group, 0])
            while number and clock.monotonic() < until:
                new = sorted(set(processes) - told)
                if new:
                    terminate(new)
                    told.update(new)
                number, processes = self._channel.ask("group", [group, _POLL_SECONDS])
            if number:
                self._channel.ask("cut", group)
        except ForwarderGoneError:
            # Its connections have ended with it.
            return True
        return not number

    @property
    def running(self) -> bool:
        """Whether the process is running."""
        return self._thread.is_alive() and (
            _AS_THREAD or (self._process is not None and self._process.poll() is None)
        )

    def connections(self, group: str) -> int:
        """Return how many connections of a group there are, those included that are being opened."""
        return int(self._channel.ask("group", [group, 0])[0])

    def close(self) -> None:
        """End all connections and the process; in a forked process do nothing."""
        process, self._process = self._process, None
        if os.getpid() != self._owner:
            return
        self._channel.close()
        self._thread.join(_END_SECONDS)
        if process is not None and clock.wait_for(process, _END_SECONDS) is None:
            process.kill()
            process.wait()

    def forget(self) -> None:
        """Close the socket that a forked child inherits: the forwarder ends when all copies of it are closed."""
        with suppress(OSError):
            os.close(self._end.detach())


_ALIVE: weakref.WeakSet[ForwarderProcess] = weakref.WeakSet()


def _forget_all() -> None:
    for each in list(_ALIVE):
        each.forget()


if hasattr(os, "register_at_fork"):
    # Otherwise the forwarder would outlive its session as long as a child runs.
    os.register_at_fork(after_in_child=_forget_all)


def _started(listener: socket.socket, end: socket.socket) -> subprocess.Popen[bytes]:
    handles = [listener.fileno(), end.fileno()]
    return subprocess.Popen(  # noqa: S603 this package, run by this Python, without a shell
        [sys.executable, "-I", "-S", "-c", _PROGRAM, str(_PACKAGES), *map(str, handles)],
        pass_fds=handles,
        stdin=subprocess.DEVNULL,
        # A reader of the session's output must not have to wait for the forwarder.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=os.path.abspath(os.sep),
        # Ctrl-C is the session's concern.
        start_new_session=True,
    )


class _ForwarderSide:
    """The side of the process: it forwards connections, and answers the session's questions."""

    def __init__(self, listener: socket.socket, end: socket.socket) -> None:
        self._channel = _Channel(end, self._answer)
        access = self._channel.read_first()
        self._forwarder = Forwarder(listener, Access(**access), self._lead) if access is not None else None

    def run(self) -> None:
        """Forward until the session has gone."""
        if self._forwarder is not None:
            self._channel.listen()
            self._forwarder.close()

    def _answer(self, what: str, content: Any) -> Any:
        assert self._forwarder is not None  # noqa: S101 for the type checker
        if what == "cut":
            self._forwarder.cut(content)
            return None
        group, seconds = content
        return self._forwarder.group(group, seconds)

    def _lead(self, startup: Startup) -> Destination:
        try:
            found = self._channel.ask("lead", _startup_to_json(startup))
        except ForwarderGoneError:
            raise RefusedError("the session of the tests has ended") from None
        if "refused" in found:
            raise RefusedError.having(bytes.fromhex(found["refused"]))
        return _destination(found["destination"])


def main(listener: int, end: int) -> None:
    """Run the forwarder, until the session has gone.

    Args:
        listener: the file descriptor of the socket that listens.
        end: that of this side of the pair of sockets.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _ForwarderSide(socket.socket(fileno=listener), socket.socket(fileno=end)).run()


def _startup_to_json(startup: Startup) -> dict[str, Any]:
    """Return a startup packet for JSON: its bytes as characters of Latin-1."""
    pairs = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in startup.parameters.items()]
    return {"version": startup.version, "parameters": pairs}


def _startup_from_json(written: Mapping[str, Any]) -> Startup:
    pairs = {name.encode("latin-1"): value.encode("latin-1") for name, value in written["parameters"]}
    return Startup(written["version"], pairs)


def _destination(written: Mapping[str, Any]) -> Destination:
    server = {**written["server"], "tls": Tls(**written["server"]["tls"])}
    return Destination(Upstream(**server), written["database"], written["group"])
