"""Passwords in PostgreSQL's protocol: what a client answers to a server that asks for one, and SCRAM verifiers.

:class:`ScramClient` is the client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding,
:func:`md5_answer` that of the older method; :func:`scram_verifier` is what a server stores of a password.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache

SCRAM = "SCRAM-SHA-256"
_DIGEST = "sha256"
_NONCE_BYTES = 18
_SALT_BYTES = 16
# A client announces by "n" that it cannot bind the exchange to a TLS channel.
_NO_BINDING = b"n,,"


class AuthenticationError(Exception):
    """A server's part of the exchange is not what the protocol says, or the server does not know the password."""


def scram_verifier(password: str, iterations: int) -> str:
    """Return what PostgreSQL stores of a password.

    Args:
        password: ASCII text, which SASLprep leaves as it is.
        iterations: of the key derivation: few for a long random password, which no one can guess anyway.

    Example:
        >>> scram_verifier("secret", 1).split(":")[0].startswith("SCRAM-SHA-256$1")
        True
    """
    salt = secrets.token_bytes(_SALT_BYTES)
    client_key, server_key = _keys(password.encode("ascii"), salt, iterations)
    stored = hashlib.new(_DIGEST, client_key).digest()
    return f"{SCRAM}${iterations}:{_text(salt)}${_text(stored)}:{_text(server_key)}"


def md5_answer(user: str, password: str, salt: bytes) -> bytes:
    """Return the answer to AuthenticationMD5Password.

    Example:
        >>> md5_answer("me", "secret", bytes(4))[:3]
        b'md5'
    """
    # The method is PostgreSQL's; what is left of its security is the server's concern.
    inner = hashlib.md5(password.encode() + user.encode(), usedforsecurity=False).hexdigest()
    return b"md5" + hashlib.md5(inner.encode() + salt, usedforsecurity=False).hexdigest().encode()


class ScramClient:
    """The client's side of one exchange.

    Args:
        password: of the role.

    Example:
        >>> ScramClient("secret").first()[:8]
        b'n,,n=,r='
    """

    def __init__(self, password: str) -> None:
        self._password = password.encode()
        self._nonce = base64.b64encode(secrets.token_bytes(_NONCE_BYTES))
        self._server_signature = b""

    def first(self) -> bytes:
        """Return the client's first message; PostgreSQL takes the user from the startup packet instead."""
        return _NO_BINDING + self._bare()

    def _bare(self) -> bytes:
        return b"n=,r=" + self._nonce

    def final(self, challenge: bytes) -> bytes:
        """Return the client's final message.

        Args:
            challenge: the server's first message.

        Raises:
            AuthenticationError: the challenge is not one to this client's first message.
        """
        attributes = _attributes(challenge)
        try:
            nonce, salt = attributes[b"r"], base64.b64decode(attributes[b"s"], validate=True)
            iterations = int(attributes[b"i"])
        except (KeyError, ValueError):
            raise AuthenticationError("the server's SCRAM challenge cannot be read") from None
        if not nonce.startswith(self._nonce) or len(nonce) == len(self._nonce) or iterations < 1:
            raise AuthenticationError("the server's SCRAM challenge is not one to this client")
        client_key, server_key = _keys(self._password, salt, iterations)
        without_proof = b"c=" + base64.b64encode(_NO_BINDING) + b",r=" + nonce
        signed = b",".join((self._bare(), challenge, without_proof))
        signature = hmac.digest(hashlib.new(_DIGEST, client_key).digest(), signed, _DIGEST)
        proof = bytes(one ^ other for one, other in zip(client_key, signature, strict=True))
        self._server_signature = hmac.digest(server_key, signed, _DIGEST)
        return without_proof + b",p=" + base64.b64encode(proof)

    def check(self, outcome: bytes) -> None:
        """Check that the server knows the password, too.

        Args:
            outcome: the server's final message.

        Raises:
            AuthenticationError: it does not.
        """
        try:
            signature = base64.b64decode(_attributes(outcome).get(b"v", b""), validate=True)
        except ValueError:
            signature = b""
        if not self._server_signature or not hmac.compare_digest(signature, self._server_signature):
            raise AuthenticationError("the server does not know the password")


def _attributes(message: bytes) -> dict[bytes, bytes]:
    """Return the attributes of a SCRAM message, by letter."""
    return {part[:1]: part[2:] for part in message.split(b",") if part[1:2] == b"="}


@lru_cache(maxsize=16)
def _keys(password: bytes, salt: bytes, iterations: int) -> tuple[bytes, bytes]:
    """Return ClientKey and ServerKey; a role's salt stays the same, so that all connections but the first are cheap."""
    salted = hashlib.pbkdf2_hmac(_DIGEST, password, salt, iterations)
    return hmac.digest(salted, b"Client Key", _DIGEST), hmac.digest(salted, b"Server Key", _DIGEST)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
