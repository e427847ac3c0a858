"""Connections to the server behind the forwarder: what it asks for, and how they are encrypted."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.postgres.server.server import Server, ServerSettings, start_server
from pytest_supaseed.postgres.wire import upstream
from pytest_supaseed.postgres.wire.authentication import AuthenticationError, md5_answer
from pytest_supaseed.postgres.wire.messages import ProtocolError, Startup, error_text
from pytest_supaseed.postgres.wire.upstream import Tls, Upstream, UpstreamRefusedError, connected

STARTUP = Startup(196608, {b"user": b"postgres", b"database": b"postgres"})


@pytest.fixture(scope="module", params=["password", "scram-sha-256"])
def asking(request: pytest.FixtureRequest, choice: str) -> Iterator[Server]:
    """A server that asks for a password by TCP."""
    given = "chosen" if request.param == "scram-sha-256" else None
    with start_server(find(choice), ServerSettings(loopback=True, password=given)) as server:
        yield server


@pytest.mark.skipif(sys.platform == "win32", reason="the server has no socket")
def test_the_server_gets_the_password_that_it_asks_for(asking: Server) -> None:
    found = Upstream(asking.host, asking.port, asking.user, asking.password or "")
    for _ in range(2):
        connection = connected(found, STARTUP, found.password)
        assert connection.said.startswith(b"R\0\0\0\x08\0\0\0\0")
        assert connection.said.endswith(b"Z\0\0\0\x05I")
        assert connection.process > 0
        connection.socket.close()
    with pytest.raises(UpstreamRefusedError, match="password authentication failed"):
        connected(found, STARTUP, "wrong")
    with pytest.raises(AuthenticationError, match="asks for a password of 'postgres'"):
        connected(found, STARTUP, "")
    with pytest.raises(UpstreamRefusedError, match='database "none_such" does not exist'):
        connected(found, STARTUP.having(database="none_such"), found.password)


def test_the_parameters_of_a_libpq_connection_say_which_server(asking: Server) -> None:
    connection = psycopg2.connect(
        host=asking.host, port=asking.port, user=asking.user, password=asking.password, dbname="postgres"
    )
    parameters = {**connection.info.dsn_parameters, "password": connection.info.password}
    connection.close()
    found = Upstream.of({**parameters, "host": asking.host, "sslmode": "disable", "options": "-c a.b=1"})
    assert found == Upstream(
        asking.host, asking.port, asking.user, asking.password or "", "-c a.b=1", Tls("disable"), ""
    )
    assert "password" not in repr(found)


class Scripted:
    """A server that sends what it is told to, and remembers what it has received."""

    def __init__(self, *answers: bytes, tls: ssl.SSLContext | None = None) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.received: list[bytes] = []
        self._answers, self._tls = answers, tls
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        opened, _ = self._listener.accept()
        try:
            for answer in self._answers:
                self.received.append(opened.recv(1 << 12))
                opened.sendall(answer)
                if answer == b"S" and self._tls is not None:
                    opened = self._tls.wrap_socket(opened, server_side=True)
        except OSError:
            pass
        finally:
            opened.close()

    def close(self) -> None:
        self._thread.join()
        self._listener.close()


LET_IN = b"R\0\0\0\x08\0\0\0\0" + b"K\0\0\0\x0c\0\0\0\x07abcd" + b"Z\0\0\0\x05I"


def test_md5_is_answered() -> None:
    server = Scripted(b"N", b"R\0\0\0\x0c\0\0\0\x05salt", LET_IN)
    found = connected(Upstream("127.0.0.1", server.port, "postgres"), STARTUP, "secret")
    found.socket.close()
    server.close()
    assert found.process == 7
    assert found.key == b"\0\0\0\x07abcd"
    assert server.received[2][5:] == md5_answer("postgres", "secret", b"salt") + b"\0"


@pytest.mark.parametrize(
    ("answers", "error", "said"),
    [
        ([b"N", b""], ConnectionResetError, "has ended the connection"),
        ([b"N", b"HTTP/1.1 400 Bad Request\r\n\r\n"], ProtocolError, "bytes from the server"),
        ([b"N", b"R\0\0\0\x08\0\0\0\x07"], AuthenticationError, "by method 7, which is not known here"),
        ([b"N", b"R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-1\0\0\0\0"], AuthenticationError, "by method 10"),
        ([b"N", b"R\0\0\0\x04"], ProtocolError, "without a method"),
    ],
)
def test_what_is_no_server_is_told(answers: list[bytes], error: type[Exception], said: str) -> None:
    server = Scripted(*answers)
    with pytest.raises(error, match=said):
        connected(Upstream("127.0.0.1", server.port, "postgres"), STARTUP, "secret")
    server.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for localhost, and what a server encrypts with."""
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
        "-addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem"
    )
    try:
        subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return folder / "cert.pem", context


@pytest.mark.parametrize(
    ("host", "sslmode", "rooted", "works"),
    [
        ("127.0.0.1", "prefer", False, True),
        ("127.0.0.1", "require", False, True),
        ("127.0.0.1", "verify-ca", True, True),
        ("localhost", "verify-full", True, True),
        ("127.0.0.1", "verify-full", True, False),
        ("localhost", "verify-full", False, False),
    ],
)
def test_tls_is_what_sslmode_says(
    certificate: tuple[Path, ssl.SSLContext],
    host: str,
    sslmode: str,
    rooted: bool,
    works: bool,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    path, context = certificate
    server = Scripted(b"S", LET_IN, tls=context)
    tls = Tls(sslmode, str(path) if rooted else "")
    found = Upstream(host, server.port, "postgres", tls=tls, address="127.0.0.1")
    if works:
        connection = connected(found, STARTUP, "")
        assert isinstance(connection.socket, ssl.SSLSocket)
        connection.socket.close()
    else:
        with pytest.raises(OSError, match=r"certificate verify failed|No such file"):
            connected(found, STARTUP, "")
    server.close()


@pytest.mark.parametrize(("sslmode", "works"), [("prefer", True), ("require", False), ("disable", True)])
def test_a_server_without_tls(sslmode: str, works: bool) -> None:
    server = Scripted(*([b"N"] if sslmode != "disable" else []), LET_IN)
    found = Upstream("127.0.0.1", server.port, "postgres", tls=Tls(sslmode))
    if works:
        connected(found, STARTUP, "").socket.close()
    else:
        with pytest.raises(OSError, match="does not encrypt, and sslmode asks for it"):
            connected(found, STARTUP, "")
    server.close()


def test_a_server_that_is_not_there_is_an_error_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream, "_CONNECT_SECONDS", 0.2)
    with pytest.raises(OSError, match=r"No such file|Connection refused|not found"):
        connected(Upstream("/nowhere", 5432, "postgres"), STARTUP, "")
    assert error_text(b"Mno\0\0") == "no"
