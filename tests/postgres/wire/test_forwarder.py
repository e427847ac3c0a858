"""The forwarder between real clients and a real server, and between clients that are none."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import pg8000.native
import psycopg
import psycopg2
import psycopg2.errors
import pytest
from psycopg2.extensions import POLL_OK
from sqlalchemy import URL

from leftovers import until
from pytest_supaseed.postgres.databases.maintenance import Maintenance
from pytest_supaseed.postgres.wire import forwarder, forwarder_process
from pytest_supaseed.postgres.wire.forwarder import Access, Destination, Forwarder, RefusedError
from pytest_supaseed.postgres.wire.forwarder_process import ForwarderProcess
from pytest_supaseed.postgres.wire.messages import Startup, error_text
from pytest_supaseed.postgres.wire.upstream import Upstream

ACCESS = Access("ann", "s3cret")
NAME = "SELECT current_database()"


class Leading:
    """Leads to a database that a test may change."""

    def __init__(self, server_url: URL) -> None:
        self.maintenance = Maintenance(server_url, "forwarder")
        self.database = "postgres"
        self.group: str = "first"
        self.asked: list[Startup] = []
        self.error: Exception | None = None
        self.options = ""

    def __call__(self, startup: Startup) -> Destination:
        self.asked.append(startup)
        if self.error is not None:
            raise self.error
        found = Upstream.of({**self.maintenance.parameters_in_use(), "options": self.options})
        return Destination(found, self.database, self.group)


@pytest.fixture
def leading(server_url: URL) -> Iterator[Leading]:
    found = Leading(server_url)
    yield found
    found.maintenance.close()


@pytest.fixture
def forwarding(leading: Leading) -> Iterator[ForwarderProcess]:
    made = ForwarderProcess(ACCESS, leading)
    yield made
    made.close()
    until(lambda: not [each for each in threading.enumerate() if each.name.startswith("supaseed:")])


@pytest.fixture
def inside(leading: Leading) -> Iterator[Forwarder]:
    """A forwarder in this process, whose limits a test may change."""
    made = Forwarder(socket.create_server(("127.0.0.1", 0)), ACCESS, leading)
    yield made
    made.close()
    until(lambda: not [each for each in threading.enumerate() if each.name.startswith("supaseed:")])


def port_of(inside: Forwarder) -> int:
    return int(inside._listener.getsockname()[1])


@pytest.fixture
def dsn(forwarding: ForwarderProcess) -> str:
    return f"postgresql://ann:s3cret@127.0.0.1:{forwarding.port}/tests"


def asked(connection: Any, query: str = NAME) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        [[found]] = cursor.fetchall()
    return found


def raw(port: int) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", port), 20)
    opened.settimeout(20)
    return opened


def closed(opened: socket.socket) -> bytes:
    """Read until the other side ends, and return what it has said."""
    said = b""
    with opened:
        try:
            while chunk := opened.recv(1 << 16):
                said += chunk
        except ConnectionResetError:
            pass
    return said


def test_each_driver_is_led_to_the_database_of_the_moment(
    dsn: str, leading: Leading, empty_database: URL, forwarding: ForwarderProcess
) -> None:
    async def of_asyncpg() -> Any:
        connection = await asyncpg.connect(dsn)
        found = await connection.fetchval(NAME)
        await connection.close()
        return found

    def of_pg8000() -> Any:
        connection = pg8000.native.Connection(
            "ann", password="s3cret", host="127.0.0.1", port=forwarding.port, database="tests"
        )
        [[found]] = connection.run(NAME)
        connection.close()
        return found

    def of_libpq(driver: Any, **options: Any) -> Any:
        connection = driver.connect(dsn, **options)
        found = asked(connection)
        connection.close()
        return found

    leading.database = str(empty_database.database)
    assert of_libpq(psycopg2) == leading.database
    assert of_libpq(psycopg) == leading.database
    # Protocol 3.2 has longer keys; an older server says that it does not know it.
    assert of_libpq(psycopg, max_protocol_version="latest") == leading.database
    assert of_libpq(psycopg, sslmode="prefer", gssencmode="prefer") == leading.database
    assert asyncio.run(of_asyncpg()) == leading.database
    assert of_pg8000() == leading.database
    leading.database = "postgres"
    assert of_libpq(psycopg2) == "postgres"


def test_the_user_stands_for_the_servers_and_options_are_added(dsn: str, leading: Leading) -> None:
    leading.options = "-c work_mem=3MB -c lock_timeout=7"
    connection = psycopg2.connect(dsn, options="-c lock_timeout=8", application_name="shop")
    assert asked(connection, "SELECT current_user") == leading.maintenance.url.username
    assert asked(connection, "SHOW work_mem") == "3MB"
    assert asked(connection, "SHOW lock_timeout") == "8ms"
    assert asked(connection, "SHOW application_name") == "shop"
    connection.close()
    assert leading.asked[0].get("database") == "tests"


def test_another_user_is_passed_on(forwarding: ForwarderProcess, leading: Leading) -> None:
    with pytest.raises(psycopg2.OperationalError, match=r'role "nobody_at_all" does not exist|password'):
        psycopg2.connect(f"postgresql://nobody_at_all:s3cret@127.0.0.1:{forwarding.port}/tests")
    # The process notices the end of a connection when it is its turn.
    waiting = threading.Event()
    while forwarding.connections("first"):
        waiting.wait(0.01)


@pytest.mark.parametrize("password", ["", "wrong", "s3cre", "s3crets", "S3CRET"])
def test_the_password_is_asked_for(dsn: str, leading: Leading, password: str) -> None:
    with pytest.raises(
        psycopg2.OperationalError, match=r'password authentication failed for user "ann"|no password'
    ):
        psycopg2.connect(dsn.replace("s3cret", password))
    assert not leading.asked


def test_a_refusal_is_an_error_of_postgresql(dsn: str, leading: Leading) -> None:
    leading.error = RefusedError("no test is running", hint="wait")
    with pytest.raises(psycopg2.OperationalError, match="FATAL:  no test is running\nHINT:  wait"):
        psycopg2.connect(dsn)
    with pytest.raises(asyncpg.CannotConnectNowError, match="no test is running"):
        asyncio.run(asyncpg.connect(dsn))
    leading.error = None
    leading.database = "there_is_none"
    with pytest.raises(psycopg2.OperationalError, match='database "there_is_none" does not exist'):
        psycopg2.connect(dsn)


def test_replication_is_refused(dsn: str) -> None:
    with pytest.raises(psycopg2.OperationalError, match="has no replication"):
        psycopg2.connect(dsn, replication="database")


def test_a_server_that_is_not_there(leading: Leading, dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = leading.maintenance.parameters_in_use()
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        gone = {**parameters, "host": "127.0.0.1", "port": str(unused.getsockname()[1])}
        monkeypatch.setattr(leading.maintenance, "parameters_in_use", lambda: gone)
        with pytest.raises(
            psycopg2.OperationalError, match="the server behind this address cannot be connected to"
        ):
            psycopg2.connect(dsn)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\xff\xff\xff\xff\0\x03\0\0",
        (10_001).to_bytes(4, "big") + b"\0\x03\0\0" + b"x" * 10_000,
        b"\0\0\0\x08\0\x03\0\0",
        # A password that is another message.
        b"\0\0\0\x11\0\x03\0\0user\0me\0\0" + b"Q\0\0\0\x0bSELECT\0",
        # A request to cancel what does not run here.
        b"\0\0\0\x10\x04\xd2\x16\x2e" + bytes(8),
    ],
)
def test_what_is_no_client_is_dropped(forwarding: ForwarderProcess, dsn: str, sent: bytes) -> None:
    opened = raw(forwarding.port)
    opened.sendall(sent)
    # An AuthenticationCleartextPassword at most.
    assert len(closed(opened)) in (0, 9)
    psycopg2.connect(dsn).close()


def test_a_client_that_sends_its_packets_in_pieces_is_let_in(
    forwarding: ForwarderProcess, leading: Leading
) -> None:
    opened = raw(forwarding.port)
    startup = Startup(196608, {b"user": b"ann", b"database": b"tests"}).packet()
    for sent in struct.pack("!II", 8, 80877104), struct.pack("!II", 8, 80877103):
        for byte in sent:
            opened.sendall(bytes((byte,)))
        assert opened.recv(1) == b"N"
    for byte in startup:
        opened.sendall(bytes((byte,)))
    assert opened.recv(100) == bytes.fromhex("52 00000008 00000003")
    # What follows the password at once is not lost.
    query = b"SELECT 'found'\0"
    opened.sendall(b"p\0\0\0\x0bs3cret\0" + b"Q" + (4 + len(query)).to_bytes(4, "big") + query)
    opened.sendall(b"X\0\0\0\x04")
    said = closed(opened)
    assert said.startswith(bytes.fromhex("52 00000008 00000000"))
    assert b"\0\0\0\x05found" in said


def test_a_client_that_says_nothing_is_dropped(inside: Forwarder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forwarder, "_GREETING_SECONDS", 0.05)
    silent, slow = raw(port_of(inside)), raw(port_of(inside))
    slow.sendall(b"\0\0\0")
    assert closed(silent) == closed(slow) == b""


def test_many_clients_that_say_nothing_keep_none_out(
    inside: Forwarder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarder, "_MOST_GREETINGS", 5)
    silent = [raw(port_of(inside)) for _ in range(40)]
    psycopg2.connect(f"postgresql://ann:s3cret@127.0.0.1:{port_of(inside)}/tests").close()
    for each in silent[:30]:
        assert closed(each) == b""
    for each in silent[30:]:
        each.close()


def test_bytes_go_both_ways_whatever_their_number(dsn: str) -> None:
    data = "".join(f"{number}\t{'x' * 90}\n" for number in range(110_000))
    connection = psycopg2.connect(dsn)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE t (n int, x text)")
        cursor.copy_expert("COPY t FROM STDIN", io.StringIO(data))
        found = io.StringIO()
        cursor.copy_expert("COPY (SELECT * FROM t ORDER BY n) TO STDOUT", found)
        assert found.getvalue() == data
        assert len(data) > 10_000_000
        # In one message, too.
        cursor.execute("SELECT length(%s), repeat('y', 5000000)", ["z" * 5_000_000])
        assert cursor.fetchall() == [(5_000_000, "y" * 5_000_000)]
    connection.close()


def test_a_client_that_does_not_read_holds_up_its_server_and_no_one_else(
    inside: Forwarder,
) -> None:
    dsn = f"postgresql://ann:s3cret@127.0.0.1:{port_of(inside)}/tests"
    slow = psycopg2.connect(dsn, async_=1)
    while slow.poll() != POLL_OK:
        pass
    cursor = slow.cursor()
    cursor.execute("SELECT repeat('x', 1000) FROM generate_series(1, 100000)")
    slow.poll()
    other = psycopg2.connect(dsn)
    other.autocommit = True
    # The server waits for its client, which has 100 MB to read.
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'ClientWrite'"
    until(lambda: asked(other, waiting) == 1)
    until(lambda: any(link.down.waiting for link in inside._links.values()))
    assert max(len(link.down.waiting) for link in inside._links.values()) <= forwarder._BUFFER_BYTES
    # And goes on when the client does.
    while slow.poll() != POLL_OK:
        pass
    other.close()
    slow.close()


@contextmanager
def cancelling(cancel: Callable[[], object]) -> Iterator[None]:
    """Ask for an end of a statement within the context, again as long as that came before the statement began."""
    ended = threading.Event()

    def ask() -> None:
        while not ended.wait(0.05):
            cancel()

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def test_a_running_statement_is_cancelled(dsn: str) -> None:
    connection = psycopg2.connect(dsn)
    with cancelling(connection.cancel), pytest.raises(psycopg2.errors.QueryCanceled):
        asked(connection, "SELECT pg_sleep(60)")
    connection.rollback()
    # The client waits until it is done, so that the next statement is not hit.
    for _ in range(20):
        connection.cancel()
        assert asked(connection) == "postgres"
    connection.close()

    async def late() -> None:
        other = await asyncpg.connect(dsn)
        with pytest.raises(asyncio.TimeoutError):
            await other.execute("SELECT pg_sleep(60)", timeout=0.05)
        assert await other.fetchval(NAME) == "postgres"
        await other.close()

    asyncio.run(late())
    with (
        psycopg.connect(dsn, max_protocol_version="latest") as newest,
        cancelling(newest.cancel_safe),
        pytest.raises(psycopg.errors.QueryCanceled),
    ):
        newest.execute("SELECT pg_sleep(60)")


PROGRAM = """
import sys, psycopg2
connection = psycopg2.connect(sys.argv[1])
connection.cursor().execute("SET application_name = 'dying'")
connection.commit()
print("there", flush=True)
connection.cursor().execute(sys.argv[2])
"""


@pytest.mark.parametrize(
    "statement", ["SELECT pg_sleep(60)", "SELECT repeat('x', 1000) FROM generate_series(1, 200000)"]
)
def test_a_client_that_dies_leaves_nothing(
    dsn: str, forwarding: ForwarderProcess, leading: Leading, statement: str
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, dsn, statement], stdout=subprocess.PIPE, text=True
    ) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == "there\n"
        client.send_signal(signal.SIGKILL)
    # PostgreSQL notices when it wants to write; here it is terminated, as when a test ends.
    assert forwarding.end("first", leading.maintenance.terminate, 20)
    assert forwarding.connections("first") == 0
    query = "SELECT FROM pg_stat_activity WHERE application_name = 'dying'"
    until(lambda: not leading.maintenance.query(query))


def test_fifty_at_once(dsn: str, forwarding: ForwarderProcess) -> None:
    found, errors = [], []
    gate = threading.Barrier(50)

    def client() -> None:
        try:
            gate.wait()
            connection = psycopg2.connect(dsn)
            found.append(asked(connection, "SELECT pg_backend_pid()"))
            gate.wait()
            connection.close()
        except Exception as error:
            errors.append(error)
            gate.abort()

    threads = [threading.Thread(target=client) for _ in range(50)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not errors
    assert len(set(found)) == 50
    until(lambda: forwarding.connections("first") == 0)


def test_a_group_is_ended_and_no_other(dsn: str, forwarding: ForwarderProcess, leading: Leading) -> None:
    idle, waiting = psycopg2.connect(dsn), psycopg.connect(dsn)
    busy: list[Exception] = []
    running = psycopg2.connect(dsn)

    def run() -> None:
        try:
            asked(running, "SELECT pg_sleep(60)")
        except psycopg2.Error as error:
            busy.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    active = "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    until(lambda: leading.maintenance.query(active))
    leading.group = "second"
    other = psycopg2.connect(dsn)
    assert forwarding.connections("first") == 3
    assert forwarding.end("first", leading.maintenance.terminate, 20)
    thread.join()
    assert [isinstance(each, psycopg2.OperationalError) for each in busy] == [True]
    with pytest.raises(psycopg2.OperationalError):
        asked(idle)
    with pytest.raises(psycopg.errors.AdminShutdown, match="terminating connection"):
        asked(waiting)
    assert asked(other) == "postgres"
    assert forwarding.end("third", leading.maintenance.terminate, 20)
    other.close()


def test_connections_that_the_server_does_not_end_are_closed(dsn: str, forwarding: ForwarderProcess) -> None:
    connection = psycopg2.connect(dsn)
    assert not forwarding.end("first", lambda processes: None, 0.05)
    with pytest.raises(psycopg2.OperationalError):
        asked(connection)
    assert forwarding.connections("first") == 0


def test_a_closed_one_ends_all_and_frees_its_port(leading: Leading) -> None:
    made = ForwarderProcess(ACCESS, leading)
    dsn = f"postgresql://ann:s3cret@127.0.0.1:{made.port}/tests"
    connection, greeting = psycopg2.connect(dsn), raw(made.port)
    made.close()
    made.close()
    assert closed(greeting) == b""
    with pytest.raises(psycopg2.OperationalError):
        asked(connection)
    with pytest.raises(psycopg2.OperationalError, match=r"[Cc]onnection refused"):
        psycopg2.connect(dsn)


def test_a_forked_process_keeps_neither_the_port_nor_connections(leading: Leading) -> None:
    made = ForwarderProcess(ACCESS, leading)
    connection = psycopg2.connect(f"postgresql://ann:s3cret@127.0.0.1:{made.port}/tests")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writing)
        os.read(reading, 1)
        os._exit(0)
    try:
        assert asked(connection) == "postgres"
        made.close()
        with pytest.raises(psycopg2.OperationalError):
            asked(connection)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", made.port))
            probe.listen()
    finally:
        os.close(writing)
        os.waitpid(child, 0)
        os.close(reading)


def test_where_no_socket_can_be_handed_on_it_is_a_thread(
    leading: Leading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarder_process, "_AS_THREAD", True)
    made = ForwarderProcess(ACCESS, leading)
    connection = psycopg2.connect(f"postgresql://ann:s3cret@127.0.0.1:{made.port}/tests")
    assert made.running
    assert asked(connection) == "postgres"
    assert made.end("first", leading.maintenance.terminate, 20)
    made.close()
    made.close()
    until(lambda: not [each for each in threading.enumerate() if each.name.startswith("supaseed:")])
    assert not made.running


def test_an_error_of_the_callers_is_told_and_not_hidden(
    dsn: str, leading: Leading, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[BaseException] = []

    def seen(arguments: Any) -> None:
        raised.append(arguments.exc_value)

    monkeypatch.setattr(threading, "excepthook", seen)
    leading.error = ZeroDivisionError("ours")
    with pytest.raises(psycopg2.OperationalError, match="the database could not be prepared"):
        psycopg2.connect(dsn)
    until(lambda: raised)
    assert raised == [leading.error]


def test_the_words_of_a_refusal_are_readable() -> None:
    assert error_text(RefusedError("no test").response[5:]) == "no test"
