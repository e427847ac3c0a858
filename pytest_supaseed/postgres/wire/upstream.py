"""A connection to the server behind the forwarder, opened and authenticated: :func:`connected`.

The server asks for what it wants, as of any client: nothing on our own Unix socket; a password, MD5 or SCRAM where a
URL leads to a server of the user's; TLS as the URL's ``sslmode`` says. What it says before it is ready for queries is
kept for the client.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from pytest_supaseed.postgres.wire import messages
from pytest_supaseed.postgres.wire.authentication import (
    SCRAM,
    AuthenticationError,
    ScramClient,
    md5_answer,
)
from pytest_supaseed.postgres.wire.messages import CancelRequest, ProtocolError, Startup, message

_CONNECT_SECONDS = 10.0
# A server under load may take as long until it is ready.
_READY_SECONDS = 60.0
_READ_BYTES = 1 << 16
_MOST_MESSAGE_BYTES = 1 << 20
_ENCRYPTED = b"S"
_SSL_REQUEST = bytes.fromhex("00000008 04d2162f")


@dataclass(frozen=True)
class Tls:
    """How connections to a server are encrypted, as libpq's parameters of these names say.

    Attributes:
        sslmode: ``disable`` and ``allow`` for no encryption, ``prefer``, ``require``, ``verify-ca``, ``verify-full``.
        sslrootcert: a file of certificates, ``system`` for those of the system; empty for libpq's default file.
        sslcert: the client's certificate; empty for none.
        sslkey: its key; empty for none.
    """

    sslmode: str = "prefer"
    sslrootcert: str = ""
    sslcert: str = ""
    sslkey: str = ""

    @property
    def wanted(self) -> bool:
        """Whether encryption is asked for."""
        return self.sslmode not in ("disable", "allow")

    @property
    def required(self) -> bool:
        """Whether a server without encryption is refused."""
        return self.sslmode not in ("disable", "allow", "prefer")

    def context(self) -> ssl.SSLContext:
        """Return what encrypts, and checks the server's certificate where that is asked for.

        Raises:
            OSError: a certificate cannot be read.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = self.sslmode == "verify-full" or self.sslrootcert == "system"
        default = Path("~/.postgresql/root.crt").expanduser()
        authorities = self.sslrootcert or (str(default) if default.exists() else "")
        if self.sslmode.startswith("verify") or (self.sslmode == "require" and authorities):
            if authorities == "system":
                context.load_default_certs()
            else:
                context.load_verify_locations(authorities or str(default))
        else:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if self.sslcert:
            context.load_cert_chain(self.sslcert, self.sslkey or None)
        return context


@dataclass(frozen=True)
class Upstream:
    """A server, and the role that the forwarder's user stands for there.

    Attributes:
        host: a name, an address, or the folder of a Unix socket.
        port: the port.
        user: the role.
        password: of the role; empty for none.
        options: libpq's ``options``, before those of the client.
        tls: how connections by TCP are encrypted.
        address: the IP address of the host; empty to look it up.
    """

    host: str
    port: int
    user: str
    password: str = field(default="", repr=False)
    options: str = ""
    tls: Tls = Tls()
    address: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Upstream:
        """Return the server of a libpq connection.

        Args:
            parameters: libpq's, of that connection.

        Example:
            >>> Upstream.of({"host": "/run/pg", "port": "5432", "user": "me"}).host
            '/run/pg'
        """
        return cls(
            parameters.get("host") or parameters.get("hostaddr", ""),
            int(parameters["port"]),
            parameters["user"],
            parameters.get("password", ""),
            parameters.get("options", ""),
            Tls(**{each.name: found for each in fields(Tls) if (found := parameters.get(each.name))}),
            parameters.get("hostaddr", ""),
        )

    def open(self) -> socket.socket:
        """Return a socket that is connected to the server.

        Raises:
            OSError: it cannot be connected.
        """
        if self.host.startswith(("/", "@")):
            path = f"{self.host}/.s.PGSQL.{self.port}"
            opened = socket.socket(socket.AF_UNIX)
            try:
                opened.settimeout(_CONNECT_SECONDS)
                opened.connect("\0" + path[1:] if path.startswith("@") else path)
            except BaseException:
                opened.close()
                raise
            return opened
        opened = socket.create_connection((self.address or self.host, self.port), _CONNECT_SECONDS)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def open_encrypted(self) -> socket.socket:
        """Return a socket that is connected to the server, encrypted where that is asked for.

        Raises:
            OSError: it cannot be connected, or not encrypted.
        """
        opened = self.open()
        try:
            if self.host.startswith(("/", "@")) or not self.tls.wanted:
                return opened
            opened.sendall(_SSL_REQUEST)
            if opened.recv(1) == _ENCRYPTED:
                return self.tls.context().wrap_socket(opened, server_hostname=self.host)
            if self.tls.required:
                raise ConnectionRefusedError("the server does not encrypt, and sslmode asks for it")
        except BaseException:
            opened.close()
            raise
        return opened


class UpstreamRefusedError(Exception):
    """The server has refused the connection.

    Attributes:
        response: its ErrorResponse.
    """

    def __init__(self, response: bytes) -> None:
        super().__init__(messages.error_text(response))
        self.response = message(messages.ERROR, response)


@dataclass(frozen=True)
class Connected:
    """A connection that is ready for queries.

    Attributes:
        socket: without timeout.
        said: what the server has said since it let the connection in, for the client.
        key: process id and secret key, by which a statement is cancelled; empty where there is none.
    """

    socket: socket.socket
    said: bytes
    key: bytes

    @property
    def process(self) -> int:
        """The process id of the backend; 0 where it is not known."""
        return int.from_bytes(self.key[: messages.LENGTH_BYTES], "big")


def connected(server: Upstream, startup: Startup, password: str) -> Connected:
    """Open a connection to a server.

    Args:
        server: which one.
        startup: what to open it with.
        password: of the startup packet's user there; empty for none.

    Raises:
        UpstreamRefusedError: the server refuses it.
        AuthenticationError: the server cannot be authenticated to.
        ProtocolError: the server does not speak PostgreSQL's protocol.
        OSError: there is no server, or its connection has ended.
    """
    opened = server.open_encrypted()
    try:
        opened.settimeout(_READY_SECONDS)
        opened.sendall(startup.packet())
        found = _Exchange(opened, startup.get("user"), password).run()
        opened.settimeout(None)
    except BaseException:
        opened.close()
        raise
    return found


class _Exchange:
    """What is said between the startup packet and the first query."""

    def __init__(self, opened: socket.socket, user: str, password: str) -> None:
        self._socket = opened
        self._user = user
        self._password = password
        self._scram: ScramClient | None = None
        self._received = bytearray()
        self._said = bytearray()

    def run(self) -> Connected:
        key = b""
        while True:
            kind, body = self._read()
            if kind == messages.ERROR:
                raise UpstreamRefusedError(body)
            if kind == messages.AUTHENTICATION and not self._let_in(body):
                continue
            self._said += message(kind, body)
            if kind == messages.BACKEND_KEY:
                key = body
            if kind == messages.READY:
                # A server does not speak unasked before the first query, except for what follows here.
                return Connected(self._socket, bytes(self._said + self._received), key)

    def _let_in(self, body: bytes) -> bool:
        """Answer an authentication request; return whether the server asks for nothing more."""
        method, data = messages.authentication(body)
        if method == messages.AUTHENTICATION_OK:
            return True
        if method == messages.SASL_FINAL and self._scram is not None:
            self._scram.check(data)
            return False
        if not self._password:
            raise AuthenticationError(f"the server asks for a password of {self._user!r}")
        if method == messages.CLEARTEXT:
            answer = message(messages.PASSWORD, self._password.encode() + b"\0")
        elif method == messages.MD5:
            answer = message(messages.PASSWORD, md5_answer(self._user, self._password, data) + b"\0")
        elif method == messages.SASL and SCRAM.encode() in data.split(b"\0"):
            self._scram = ScramClient(self._password)
            answer = messages.sasl_first(SCRAM, self._scram.first())
        elif method == messages.SASL_CONTINUE and self._scram is not None:
            answer = message(messages.PASSWORD, self._scram.final(data))
        else:
            raise AuthenticationError(
                f"the server asks for authentication by method {method}, which is not known here"
            )
        self._socket.sendall(answer)
        return False

    def _read(self) -> tuple[bytes, bytes]:
        """Return type and contents of the next message."""
        header = 1 + messages.LENGTH_BYTES
        while len(self._received) < header:
            self._receive()
        length = int.from_bytes(self._received[1:header], "big")
        if not messages.LENGTH_BYTES <= length <= _MOST_MESSAGE_BYTES:
            raise ProtocolError(f"a message of {length} bytes from the server")
        while len(self._received) < 1 + length:
            self._receive()
        kind, body = bytes(self._received[:1]), bytes(self._received[header : 1 + length])
        del self._received[: 1 + length]
        return kind, body

    def _receive(self) -> None:
        chunk = self._socket.recv(_READ_BYTES)
        if not chunk:
            raise ConnectionResetError("the server has ended the connection")
        self._received += chunk


def cancel(server: Upstream, request: CancelRequest) -> None:
    """Ask a server to cancel a statement, and wait until it has done so.

    Raises:
        OSError: it cannot be asked.
    """
    with server.open() as opened:
        opened.sendall(request.packet())
        while opened.recv(_READ_BYTES):
            pass
