"""A forwarder: it accepts connections, asks for its password, and leads each one to the database of the moment.

:class:`Forwarder` is the whole of it. Which database that is, and whether there is one, the caller says for each
connection (:class:`Destination`, :class:`RefusedError`). One thread accepts, reads first packets and passwords, and
forwards bytes both ways; it never blocks. What may take long, such as making the database and connecting to it, is done
in a thread of the connection's own. A side that does not read stops the other side from being read: no more than one
buffer is held for it.
"""

from __future__ import annotations

import hmac
import selectors
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from pytest_supaseed import clock
from pytest_supaseed.postgres.wire import messages, upstream
from pytest_supaseed.postgres.wire.authentication import AuthenticationError
from pytest_supaseed.postgres.wire.messages import CancelRequest, ProtocolError, Startup
from pytest_supaseed.postgres.wire.upstream import Connected, Upstream, UpstreamRefusedError

LOOPBACK = "127.0.0.1"
BACKLOG = 512
_BUFFER_BYTES = 1 << 18
# How often one side is read before the others have their turn.
_MOST_READS = 8
# For a client to send its first packets and the password.
_GREETING_SECONDS = 30.0
# Unauthenticated connections; any account of the machine can open some.
_MOST_GREETINGS = 256
_JOIN_SECONDS = 5.0
_FULL_SECONDS = 0.01
_WOULD_BLOCK = (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
# SQLSTATE codes. A pool tries again where it cannot connect now.
_CANNOT_CONNECT_NOW, _INVALID_PASSWORD, _NOT_SUPPORTED = "57P03", "28P01", "0A000"
_CONNECTION_FAILURE, _INVALID_AUTHORIZATION = "08006", "28000"


class RefusedError(Exception):
    """There is no database for a connection.

    Args:
        text: why, as the client will read it.
        code: SQLSTATE.
        hint: what to do; empty for none.
    """

    def __init__(self, text: str, code: str = _CANNOT_CONNECT_NOW, hint: str = "") -> None:
        super().__init__(text)
        self.response = messages.error_response(code, text, hint)

    @classmethod
    def having(cls, response: bytes) -> RefusedError:
        """Return the refusal whose ErrorResponse is given."""
        found = cls("refused")
        found.response = response
        return found


@dataclass(frozen=True)
class Destination:
    """Where a connection is led.

    Attributes:
        server: that has the database.
        database: its name.
        group: what the connection belongs to, for :meth:`Forwarder.cut`.
    """

    server: Upstream
    database: str
    group: str


@dataclass(frozen=True)
class Access:
    """What clients connect with.

    Attributes:
        user: the role that stands for the server's own; others are passed on.
        password: that every client has to give.
    """

    user: str
    password: str


class _Greeting:
    """A client that is not let in yet."""

    def __init__(self, client: socket.socket) -> None:
        self.client = client
        self.until = clock.monotonic() + _GREETING_SECONDS
        self.received = bytearray()
        self.startup: Startup | None = None


class _Pipe:
    """One direction of a connection.

    Attributes:
        source: is read.
        sink: is written to.
        waiting: what the sink has not taken yet; nothing is read meanwhile.
        ended: whether the source has ended.
    """

    __slots__ = ("ended", "sink", "source", "waiting")

    def __init__(self, source: socket.socket, sink: socket.socket) -> None:
        self.source = source
        self.sink = sink
        self.waiting: bytes = b""
        self.ended = False

    def pump(self, buffer: memoryview) -> bool:
        """Forward what there is without waiting; return whether there may be more, which no event announces.

        Raises:
            OSError: one of the two has broken.
        """
        for _ in range(_MOST_READS):
            if self.waiting and not self._write(memoryview(self.waiting)):
                return False
            if self.ended:
                return False
            try:
                number = self.source.recv_into(buffer)
            except _WOULD_BLOCK:
                return False
            if not number:
                self.ended = True
                return False
            if not self._write(buffer[:number]):
                return False
            if number < len(buffer) and not isinstance(self.source, ssl.SSLSocket):
                # The next event tells of more.
                return False
        return isinstance(self.source, ssl.SSLSocket)

    def _write(self, data: memoryview) -> bool:
        """Write what the sink takes, and keep the rest; return whether it has taken all."""
        sent = 0
        while sent < len(data):
            try:
                sent += self.sink.send(data[sent:])
            except _WOULD_BLOCK:
                self.waiting = bytes(data[sent:])
                return False
        self.waiting = b""
        return True


class _Link:
    """A connection that is forwarded."""

    def __init__(self, client: socket.socket, connection: Connected, group: str) -> None:
        self.client, self.server = client, connection.socket
        self.group = group
        self.process = connection.process
        self.key = connection.key
        self.up, self.down = _Pipe(client, connection.socket), _Pipe(connection.socket, client)
        self.down.waiting = connection.said
        self.shut = False

    def events(self) -> Iterable[tuple[socket.socket, int]]:
        """Return for each of the two sockets which events are waited for."""
        for each, reading, writing in (
            (self.client, self.up, self.down),
            (self.server, self.down, self.up),
        ):
            reads = not reading.ended and not reading.waiting
            yield each, selectors.EVENT_READ * reads | selectors.EVENT_WRITE * bool(writing.waiting)


class Forwarder:
    """Forwards the connections that a socket accepts; it has one thread.

    Args:
        listener: the socket, which listens; closed with the forwarder.
        access: what clients have to give.
        lead: says where a connection is led; called in a thread of the connection's own, which it may block.

    Attributes:
        access: what clients have to give.
    """

    def __init__(
        self, listener: socket.socket, access: Access, lead: Callable[[Startup], Destination]
    ) -> None:
        self.access = access
        self._lead = lead
        self._listener = listener
        self._listener.setblocking(False)
        self._bell, self._ringer = socket.socketpair()
        self._bell.setblocking(False)
        self._ringer.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._asked: deque[Callable[[], None]] = deque()
        self._buffer = memoryview(bytearray(_BUFFER_BYTES))
        self._greetings: dict[socket.socket, _Greeting] = {}
        self._links: dict[socket.socket, _Link] = {}
        self._again: set[_Link] = set()
        # Shared with the threads of connections, and guarded by this condition.
        self._changed = threading.Condition()
        self._groups: dict[str, int] = {}
        self._cancellable: dict[bytes, Upstream] = {}
        self._closing = self._closed = False
        self._thread = threading.Thread(target=self._run, name="supaseed: forwarder", daemon=True)
        self._thread.start()

    def group(self, group: str, seconds: float = 0.0) -> tuple[int, list[int]]:
        """Return how many connections of a group there are, and the process ids of their backends.

        Those that are being opened are counted, and their backends are not known yet.

        Args:
            group: of the connections.
            seconds: how long to wait until there are none.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._groups.get(group), seconds)
            links = {link for link in self._links.values() if link.group == group}
            return self._groups.get(group, 0), [link.process for link in links if link.process]

    def cut(self, group: str) -> None:
        """Close the connections of a group, whatever the server does."""
        self._ask(lambda: self._end_links(group))
        with self._changed:
            self._changed.wait_for(lambda: not self._groups.get(group), _JOIN_SECONDS)

    def close(self) -> None:
        """End all connections, and listen no more."""
        with self._changed:
            if self._closing:
                return
            self._closing = True
        self._ask(lambda: None)
        self._thread.join(_JOIN_SECONDS)

    def _ask(self, do: Callable[[], None]) -> None:
        """Have the forwarder's thread do something."""
        self._asked.append(do)
        with suppress(OSError):  # it has been closed, or has been rung already
            self._ringer.send(b"!")

    def _run(self) -> None:
        try:
            while not self._closing:
                self._turn()
        finally:
            self._close_all()

    def _turn(self) -> None:
        for key, _ in self._selector.select(0 if self._again else self._patience()):
            each = key.fileobj
            if each is self._listener:
                self._accept()
            elif each is self._bell:
                with suppress(*_WOULD_BLOCK):
                    self._bell.recv(BACKLOG)
            elif each in self._greetings:
                self._greet(self._greetings[each])
            elif each in self._links:
                self._forward(self._links[each])
        again, self._again = self._again, set()
        for link in again:
            self._forward(link)
        while self._asked:
            self._asked.popleft()()
        self._drop_slow()

    def _patience(self) -> float | None:
        """Return the seconds until a client that is not let in has waited for too long."""
        oldest = next(iter(self._greetings.values()), None)
        return None if oldest is None else max(0.0, oldest.until - clock.monotonic())

    def _drop_slow(self) -> None:
        while self._greetings:
            oldest = next(iter(self._greetings.values()))
            if oldest.until > clock.monotonic() and len(self._greetings) <= _MOST_GREETINGS:
                return
            self._dismiss(oldest)

    def _accept(self) -> None:
        try:
            client, _ = self._listener.accept()
        except _WOULD_BLOCK:
            # The client has gone again.
            return
        except OSError:
            # This process has too many files open: the client waits.
            clock.sleep(_FULL_SECONDS)
            return
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._greetings[client] = _Greeting(client)
        self._selector.register(client, selectors.EVENT_READ)

    def _dismiss(self, greeting: _Greeting, last: bytes = b"") -> None:
        """Close a connection that is not let in."""
        self._let_go(greeting)
        _closed(greeting.client, last)

    def _let_go(self, greeting: _Greeting) -> None:
        del self._greetings[greeting.client]
        self._selector.unregister(greeting.client)

    def _greet(self, greeting: _Greeting) -> None:
        """Read what a client says before it is let in."""
        try:
            chunk = greeting.client.recv(BACKLOG << 5)
            if not chunk:
                self._dismiss(greeting)
                return
            greeting.received += chunk
            while greeting.received and greeting.client in self._greetings:
                if not self._read_greeting(greeting):
                    return
        except _WOULD_BLOCK:
            return
        except (ProtocolError, OSError):
            # PostgreSQL ends these without a word, too: it may be another protocol.
            if greeting.client in self._greetings:
                self._dismiss(greeting)

    def _read_greeting(self, greeting: _Greeting) -> bool:
        """Handle one packet; return whether there was a complete one."""
        if greeting.startup is not None:
            password = messages.read_password(greeting.received)
            if password is None:
                return False
            if not hmac.compare_digest(password[0], self.access.password.encode()):
                user = greeting.startup.get("user")
                text = f'password authentication failed for user "{user}"'
                self._dismiss(greeting, messages.error_response(_INVALID_PASSWORD, text))
                return True
            self._let_go(greeting)
            sent = bytes(greeting.received[password[1] :])
            self._start(self._let_in, greeting.client, greeting.startup, sent)
            return True
        opening = messages.read_opening(greeting.received)
        if opening is None:
            return False
        packet, length = opening
        del greeting.received[:length]
        if isinstance(packet, Startup):
            self._ask_password(greeting, packet)
        elif isinstance(packet, CancelRequest):
            self._cancel(greeting, packet)
        else:
            greeting.client.send(messages.REFUSED_ENCRYPTION)
        return True

    def _ask_password(self, greeting: _Greeting, startup: Startup) -> None:
        if startup.replicates:
            text = "this address is for queries, and has no replication"
            self._dismiss(greeting, messages.error_response(_NOT_SUPPORTED, text))
        elif not startup.get("user"):
            text = "no PostgreSQL user name specified in startup packet"
            self._dismiss(greeting, messages.error_response(_INVALID_AUTHORIZATION, text))
        else:
            greeting.startup = startup
            greeting.client.send(messages.password_request())

    def _cancel(self, greeting: _Greeting, request: CancelRequest) -> None:
        with self._changed:
            server = self._cancellable.get(request.key)
        if server is None:
            # PostgreSQL says nothing either of a key that it does not know.
            self._dismiss(greeting)
            return
        self._let_go(greeting)
        self._start(self._pass_on, greeting.client, server, request)

    def _pass_on(self, client: socket.socket, server: Upstream, request: CancelRequest) -> None:
        """Pass on a request to cancel; the client learns by the end of its connection that it was."""
        try:
            with suppress(OSError):
                upstream.cancel(server, request)
        finally:
            _closed(client)

    def _start(self, do: Callable[..., None], *arguments: object) -> None:
        threading.Thread(target=do, args=arguments, name="supaseed: connection", daemon=True).start()

    def _let_in(self, client: socket.socket, startup: Startup, sent: bytes) -> None:
        """Open the connection to which a client is led; in a thread of the connection's own.

        Args:
            sent: what the client has sent after its password.
        """
        try:
            destination = self._lead(startup)
        except RefusedError as refused:
            _closed(client, refused.response)
            return
        except BaseException:
            _closed(
                client, messages.error_response(_CONNECTION_FAILURE, "the database could not be prepared")
            )
            raise
        with self._changed:
            self._groups[destination.group] = self._groups.get(destination.group, 0) + 1
        try:
            connection = self._connected(destination, startup)
        except UpstreamRefusedError as refused:
            _closed(client, refused.response)
        except (AuthenticationError, ProtocolError, OSError) as error:
            text = f"the server behind this address cannot be connected to: {error}"
            _closed(client, messages.error_response(_CONNECTION_FAILURE, text))
        else:
            link = _Link(client, connection, destination.group)
            link.up.waiting = sent
            if self._hand_over(link, destination.server):
                return
        self._leave(destination.group)

    def _hand_over(self, link: _Link, server: Upstream) -> bool:
        """Have the forwarder's thread forward a connection; return whether there still is that thread."""
        with self._changed:
            if self._closed:
                _closed(link.client)
                _closed(link.server)
                return False
            if link.key:
                self._cancellable[link.key] = server
            self._ask(lambda: self._add(link))
        return True

    def _connected(self, destination: Destination, startup: Startup) -> Connected:
        server, own = destination.server, startup.get("user") == self.access.user
        options = " ".join(filter(None, (server.options, startup.get("options"))))
        user = server.user if own else startup.get("user")
        asked = startup.having(user=user, database=destination.database, options=options)
        return upstream.connected(server, asked, server.password if own else "")

    def _leave(self, group: str) -> None:
        """Note that a connection of a group has ended."""
        with self._changed:
            left = self._groups[group] - 1
            if left:
                self._groups[group] = left
            else:
                del self._groups[group]
            self._changed.notify_all()

    def _add(self, link: _Link) -> None:
        """Begin to forward."""
        for each in (link.client, link.server):
            each.setblocking(False)
            with self._changed:
                self._links[each] = link
            self._selector.register(each, selectors.EVENT_READ)
        self._forward(link)

    def _forward(self, link: _Link) -> None:
        """Forward what can be forwarded, and say which events are waited for next."""
        if self._links.get(link.client) is not link:
            return
        try:
            more = [pipe.pump(self._buffer) for pipe in (link.up, link.down)]
            if link.up.ended and not link.up.waiting and not link.shut:
                link.shut = True
                _shut_down(link.server, socket.SHUT_WR)
        except OSError:
            self._remove(link)
            return
        if link.down.ended and not link.down.waiting:
            self._remove(link)
            return
        if any(more):
            self._again.add(link)
        for each, events in link.events():
            self._wait_for(each, events)

    def _wait_for(self, each: socket.socket, events: int) -> None:
        registered = self._selector.get_map().get(each)
        if registered is None:
            if events:
                self._selector.register(each, events)
        elif not events:
            # A socket whose other side is not read would announce its end again and again.
            self._selector.unregister(each)
        elif registered.events != events:
            self._selector.modify(each, events)

    def _remove(self, link: _Link) -> None:
        """End a connection on both sides."""
        for each in (link.client, link.server):
            with self._changed:
                del self._links[each]
            if each in self._selector.get_map():
                self._selector.unregister(each)
            _closed(each)
        with self._changed:
            self._cancellable.pop(link.key, None)
        self._leave(link.group)

    def _end_links(self, group: str) -> None:
        for link in {link for link in self._links.values() if link.group == group}:
            self._remove(link)

    def _close_all(self) -> None:
        with self._changed:
            self._closed = True
        for greeting in list(self._greetings.values()):
            self._dismiss(greeting)
        while self._asked:
            self._asked.popleft()()
        for link in set(self._links.values()):
            self._remove(link)
        self._selector.close()
        for each in (self._listener, self._bell, self._ringer):
            each.close()


def _shut_down(each: socket.socket, how: int) -> None:
    """End a direction of a connection."""
    with suppress(OSError):
        # That of the file itself: TLS would be ended for both directions.
        socket.socket.shutdown(each, how)


def _closed(each: socket.socket, last: bytes = b"") -> None:
    """Send the last words to a client, as far as it takes them, and close the connection.

    It is shut down first: a process that was forked meanwhile may have a copy of the file.
    """
    if last:
        with suppress(OSError):
            each.setblocking(False)
            each.send(last)
    _shut_down(each, socket.SHUT_RDWR)
    each.close()
