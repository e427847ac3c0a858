"""The packets and messages of PostgreSQL's protocol that open a connection, as bytes.

:func:`read_opening` reads what a client sends first; :class:`Startup` can be written again with other parameters.
:func:`error_response` and :func:`message` write what a server sends. A client's first packets have a length and no
type; each later message has a type of one byte, and a length that counts itself.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace

_LENGTH = struct.Struct("!I")
_TWO = struct.Struct("!II")
LENGTH_BYTES = 4
# PostgreSQL's own limits.
_MOST_STARTUP_BYTES = 10_000
_MOST_KEY_BYTES = 256
_MOST_PASSWORD_BYTES = 65_535
_CANCEL, _SSL, _GSS = 80877102, 80877103, 80877104
_MAJOR = 3
# The answer to a request for encryption: none.
REFUSED_ENCRYPTION = b"N"
AUTHENTICATION_OK, CLEARTEXT, MD5, SASL, SASL_CONTINUE, SASL_FINAL = 0, 3, 5, 10, 11, 12
READY, ERROR, BACKEND_KEY, AUTHENTICATION, PASSWORD = b"Z", b"E", b"K", b"R", b"p"
PARAMETER_STATUS, TERMINATE = b"S", b"X"


class ProtocolError(Exception):
    """What has been received is no packet of PostgreSQL's protocol, or one that is longer than it may be."""


@dataclass(frozen=True)
class EncryptionRequest:
    """SSLRequest or GSSENCRequest: another opening packet follows."""


@dataclass(frozen=True)
class CancelRequest:
    """A request to cancel the running statement of another connection.

    Attributes:
        key: process id and secret key, as that connection got them in BackendKeyData.
    """

    key: bytes

    def packet(self) -> bytes:
        """Return the packet that asks for it."""
        return _packet(_LENGTH.pack(_CANCEL) + self.key)


@dataclass(frozen=True)
class Startup:
    """StartupMessage: the client wants a connection.

    Attributes:
        version: of the protocol: the major number times 65536, plus the minor number.
        parameters: names and values, in the client's encoding.
    """

    version: int
    parameters: Mapping[bytes, bytes]

    def get(self, name: str) -> str:
        """Return a parameter as text; empty where it was not given."""
        return self.parameters.get(name.encode(), b"").decode("utf-8", "surrogateescape")

    def having(self, **values: str) -> Startup:
        """Return the message with other values of some parameters; an empty one leaves its parameter out."""
        given = {name.encode(): value.encode("utf-8", "surrogateescape") for name, value in values.items()}
        parameters = {**self.parameters, **given}
        return replace(self, parameters={name: value for name, value in parameters.items() if value})

    @property
    def database(self) -> str:
        """The database that is asked for, by default that of the user's name."""
        return self.get("database") or self.get("user")

    @property
    def replicates(self) -> bool:
        """Whether it is a connection of the replication protocol."""
        # The values that PostgreSQL takes for false.
        value = self.get("replication").strip().lower()
        return value not in ("", "0", "f", "fa", "fal", "fals", "false", "n", "no", "of", "off")

    def packet(self) -> bytes:
        """Return the packet."""
        pairs = b"".join(name + b"\0" + value + b"\0" for name, value in self.parameters.items())
        return _packet(_LENGTH.pack(self.version) + pairs + b"\0")


Opening = EncryptionRequest | CancelRequest | Startup


def _packet(body: bytes) -> bytes:
    return _LENGTH.pack(len(body) + LENGTH_BYTES) + body


def read_opening(received: bytes | bytearray) -> tuple[Opening, int] | None:
    """Read the first packet of a client.

    Args:
        received: what has been received so far.

    Returns:
        The packet and its length; None while it is not complete.

    Raises:
        ProtocolError: it is no packet that PostgreSQL accepts.

    Example:
        >>> read_opening(bytes.fromhex("00000008 04d2162f"))
        (EncryptionRequest(), 8)
    """
    if len(received) < LENGTH_BYTES:
        return None
    (length,) = _LENGTH.unpack_from(received)
    if not 2 * LENGTH_BYTES <= length <= _MOST_STARTUP_BYTES:
        raise ProtocolError(f"a first packet of {length} bytes")
    if len(received) < 2 * LENGTH_BYTES:
        return None
    _, code = _TWO.unpack_from(received)
    if code >> 16 != _MAJOR and code not in (_CANCEL, _SSL, _GSS):
        raise ProtocolError(f"protocol {code >> 16}.{code & 0xFFFF}")
    if len(received) < length:
        return None
    body = bytes(received[2 * LENGTH_BYTES : length])
    if code in (_SSL, _GSS):
        if body:
            raise ProtocolError("a request for encryption that has contents")
        return EncryptionRequest(), length
    if code == _CANCEL:
        # A process id, and a key of four bytes or, since protocol 3.2, of up to 256.
        if not 2 * LENGTH_BYTES <= len(body) <= LENGTH_BYTES + _MOST_KEY_BYTES:
            raise ProtocolError("a request to cancel without a key")
        return CancelRequest(body), length
    return Startup(code, _pairs(body)), length


def _pairs(body: bytes) -> dict[bytes, bytes]:
    words = body.split(b"\0")
    # The last pair is followed by an empty name, and each text by a null byte.
    if len(words) < 2 or words[-1] or words[-2] or len(words) % 2:
        raise ProtocolError("parameters that do not end as they should")
    names, values = words[:-2:2], words[1:-2:2]
    if not all(names):
        raise ProtocolError("a parameter without a name")
    return dict(zip(names, values, strict=True))


def read_password(received: bytes | bytearray) -> tuple[bytes, int] | None:
    """Read a client's PasswordMessage.

    Returns:
        The password and the length of the message; None while it is not complete.

    Raises:
        ProtocolError: it is another message.
    """
    if not received:
        return None
    if received[:1] != PASSWORD:
        raise ProtocolError(f"a message of type {bytes(received[:1])!r} in the place of a password")
    if len(received) < 1 + LENGTH_BYTES:
        return None
    (length,) = _LENGTH.unpack_from(received, 1)
    if not LENGTH_BYTES < length <= _MOST_PASSWORD_BYTES:
        raise ProtocolError(f"a password of {length} bytes")
    if len(received) < 1 + length:
        return None
    body = bytes(received[1 + LENGTH_BYTES : 1 + length])
    if body[-1:] != b"\0":
        raise ProtocolError("a password that does not end as it should")
    return body[:-1], 1 + length


def message(kind: bytes, body: bytes = b"") -> bytes:
    """Return a message of a type.

    Example:
        >>> message(READY, b"I").hex()
        '5a0000000549'
    """
    return kind + _packet(body)


def password_request() -> bytes:
    """Return AuthenticationCleartextPassword."""
    return message(AUTHENTICATION, _LENGTH.pack(CLEARTEXT))


def authentication(body: bytes) -> tuple[int, bytes]:
    """Return the method that a server asks for in a message of type AUTHENTICATION, and what belongs to it.

    Raises:
        ProtocolError: there is none.
    """
    if len(body) < LENGTH_BYTES:
        raise ProtocolError("an authentication request without a method")
    return int(_LENGTH.unpack_from(body)[0]), body[LENGTH_BYTES:]


def sasl_first(mechanism: str, data: bytes) -> bytes:
    """Return SASLInitialResponse."""
    return message(PASSWORD, mechanism.encode() + b"\0" + _LENGTH.pack(len(data)) + data)


def error_response(code: str, text: str, hint: str = "") -> bytes:
    r"""Return ErrorResponse of severity FATAL.

    Args:
        code: SQLSTATE.
        text: the message.
        hint: what to do; empty for none.

    Example:
        >>> error_response("57P03", "no test is running")[5:40]
        b'SFATAL\x00VFATAL\x00C57P03\x00Mno test is r'
    """
    fields = {"S": "FATAL", "V": "FATAL", "C": code, "M": text, "H": hint}
    # A null byte would end the field.
    pairs = (
        f"{name}{value}".replace("\0", "?").encode("utf-8", "replace")
        for name, value in fields.items()
        if value
    )
    return message(ERROR, b"".join(pair + b"\0" for pair in pairs) + b"\0")


def error_text(body: bytes) -> str:
    """Return the text of a server's ErrorResponse."""
    fields = (field for field in body.split(b"\0") if field[:1] == b"M")
    return next((field[1:].decode("utf-8", "replace") for field in fields), "")
