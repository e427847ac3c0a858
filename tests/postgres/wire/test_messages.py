"""First packets of PostgreSQL's protocol: what is read, what is refused, what is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_supaseed.postgres.wire.messages import (
    CancelRequest,
    EncryptionRequest,
    Opening,
    ProtocolError,
    Startup,
    error_response,
    error_text,
    read_opening,
    read_password,
)


def packet(code: int, body: bytes = b"") -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + code.to_bytes(4, "big") + body


V3, V32 = 196608, 196610
SSL, GSS, CANCEL = 80877103, 80877104, 80877102
ME = b"user\0me\0database\0shop\0options\0-c work_mem=1MB\0\0"


@pytest.mark.parametrize(
    ("received", "found"),
    [
        (packet(SSL), EncryptionRequest()),
        (packet(GSS), EncryptionRequest()),
        (packet(CANCEL, b"12345678"), CancelRequest(b"12345678")),
        # Protocol 3.2 has keys of up to 256 bytes.
        (packet(CANCEL, bytes(4) + b"k" * 256), CancelRequest(bytes(4) + b"k" * 256)),
        (packet(V3, b"\0"), Startup(V3, {})),
        (packet(V32, b"user\0me\0\0"), Startup(V32, {b"user": b"me"})),
        (packet(V3, b"user\0\0\0"), Startup(V3, {b"user": b""})),
        (packet(V3, ME), Startup(V3, {b"user": b"me", b"database": b"shop", b"options": b"-c work_mem=1MB"})),
    ],
)
def test_a_packet_is_read_when_it_is_complete(received: bytes, found: Opening) -> None:
    for length in range(len(received)):
        assert read_opening(received[:length]) is None
    assert read_opening(received) == (found, len(received))
    assert read_opening(bytearray(received) + b"more") == (found, len(received))
    if not isinstance(found, EncryptionRequest):
        assert found.packet() == received


@pytest.mark.parametrize(
    "received",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01",  # TLS without asking
        b"GET / HTTP/1.1\r\n",
        bytes(8),
        packet(0),
        packet(2 << 16, b"\0"),
        packet(SSL, b"x"),
        packet(CANCEL),
        packet(CANCEL, b"1234567"),
        packet(CANCEL, bytes(4) + b"k" * 257),
        (10_001).to_bytes(4, "big"),
        b"\xff\xff\xff\xff",
        packet(V3),
        packet(V3, b"user"),
        packet(V3, b"user\0me"),
        packet(V3, b"user\0me\0"),
        packet(V3, b"user\0\0"),
        packet(V3, b"\0me\0\0"),
        packet(V3, b"user\0me\0\0x"),
    ],
)
def test_what_is_no_packet_is_refused(received: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_opening(received)


@given(st.binary(max_size=64))
def test_nothing_else_comes_of_any_bytes(received: bytes) -> None:
    for read in read_opening, read_password:
        try:
            found = read(received)
        except ProtocolError:
            continue
        assert found is None or found[1] <= len(received)


def test_parameters_are_replaced_and_left_out() -> None:
    startup = Startup(V3, {b"user": b"me", b"database": b"shop", b"options": b"-c a=b"})
    assert startup.database == "shop"
    assert startup.having(database="test_1", options="", search="x").parameters == {
        b"user": b"me",
        b"database": b"test_1",
        b"search": b"x",
    }
    assert startup.having(database="").database == "me"
    # Names in another encoding than UTF-8 stay as they are.
    odd = Startup(V3, {b"user": b"m\xfc"})
    assert odd.having(user=odd.get("user")) == odd


@pytest.mark.parametrize(
    ("value", "replicates"),
    [
        (b"true", True),
        (b"database", True),
        (b"1", True),
        (b"on", True),
        (b"false", False),
        (b"off", False),
        (b"0", False),
    ],
)
def test_replication_is_seen(value: bytes, replicates: bool) -> None:
    assert Startup(V3, {b"user": b"me", b"replication": value}).replicates is replicates


def test_a_password_is_read_when_it_is_complete() -> None:
    received = b"p\0\0\0\x0bsecret\0"
    for length in range(len(received)):
        assert read_password(received[:length]) is None
    assert read_password(received + b"Q") == (b"secret", len(received))


@pytest.mark.parametrize(
    "received",
    [b"Q", b"p\0\0\0\x03", b"p\0\0\0\x04", b"p\x7f\xff\xff\xff", b"p\0\0\0\x05x", b"p\0\0\0\x06xy"],
)
def test_what_is_no_password_is_refused(received: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_password(received)


def test_an_error_keeps_its_fields_apart() -> None:
    response = error_response("57P03", "no\0 test\nis running \ud800", "wait")
    assert error_text(response[5:]) == "no? test\nis running ?"
    assert response[5:].split(b"\0")[-3:] == [b"Hwait", b"", b""]
    assert error_text(b"") == ""
