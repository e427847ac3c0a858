"""bcrypt, so that users have passwords that Supabase's auth accepts.

Written here, because nothing in Python's library has it, and one hash in a run is no reason to install a package.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

from pytest_supaseed.config import DEFAULT_PASSWORD

_MASK = 0xFFFFFFFF
_WORDS, _SUBKEYS = 18 + 4 * 256, 18
_PLAIN = b"OrpheanBeholderScryDoubt"
_ALPHABET = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_STANDARD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_TO_BCRYPT, _FROM_BCRYPT = bytes.maketrans(_STANDARD, _ALPHABET), bytes.maketrans(_ALPHABET, _STANDARD)
# The lowest: the password is known to everybody, and this is not in C. The most usual one is hashed already.
_COST = 4
_KNOWN = {DEFAULT_PASSWORD: "$2a$10$IT0gTLwUBxu/ZYGQLepeo.OqstDYH7KEjXpLwxnpeXq/5XJ2h9T/i"}


@lru_cache
def hashed(password: str) -> str:
    """Hash a password, the same in every process: its salt comes from the password.

    Args:
        password: at most 72 bytes; bcrypt reads no more.

    Example:
        >>> hashed("password123")
        '$2a$10$IT0gTLwUBxu/ZYGQLepeo.OqstDYH7KEjXpLwxnpeXq/5XJ2h9T/i'
    """
    if password in _KNOWN:
        return _KNOWN[password]
    return bcrypt(password, hashlib.sha256(b"salt of " + password.encode()).digest()[:16], _COST)


def bcrypt(password: str, salt: bytes, cost: int) -> str:
    """Hash a password.

    Args:
        password: the password.
        salt: 16 bytes.
        cost: the binary logarithm of the number of rounds.
    """
    box = list(_pi())
    secret = password.encode() + b"\0"
    keys = [
        int.from_bytes(bytes(secret[(4 * n + i) % len(secret)] for i in range(4)), "big") for n in range(18)
    ]
    salts = [int.from_bytes(salt[4 * n : 4 * n + 4], "big") for n in range(4)]
    _expand(box, keys, salts)
    repeated = [salts[n % 4] for n in range(_SUBKEYS)]
    for _ in range(1 << cost):
        _expand(box, keys, [0])
        _expand(box, repeated, [0])
    words = [int.from_bytes(_PLAIN[n : n + 4], "big") for n in range(0, len(_PLAIN), 4)]
    found = []
    for left, right in zip(words[::2], words[1::2], strict=True):
        for _ in range(64):
            left, right = _encrypt(box, left, right)
        found += [left, right]
    digest = b"".join(word.to_bytes(4, "big") for word in found)[:23]
    return f"$2a${cost:02}${_text(salt)}{_text(digest)}"


def _expand(box: list[int], keys: list[int], salts: list[int]) -> None:
    """Mix a key into the subkeys, and fill everything with what they encrypt."""
    for number, key in enumerate(keys):
        box[number] ^= key
    left = right = 0
    for place in range(0, _WORDS, 2):
        left, right = _encrypt(box, left ^ salts[place % len(salts)], right ^ salts[(place + 1) % len(salts)])
        box[place], box[place + 1] = left, right


def _encrypt(box: list[int], left: int, right: int) -> tuple[int, int]:
    left ^= box[0]
    for n in range(1, 17, 2):
        right ^= box[n] ^ (
            (((box[18 + (left >> 24)] + box[274 + (left >> 16 & 255)]) ^ box[530 + (left >> 8 & 255)])
             + box[786 + (left & 255)]) & _MASK
        )  # fmt: skip
        left ^= box[n + 1] ^ (
            (((box[18 + (right >> 24)] + box[274 + (right >> 16 & 255)]) ^ box[530 + (right >> 8 & 255)])
             + box[786 + (right & 255)]) & _MASK
        )  # fmt: skip
    return right ^ box[17], left


@lru_cache
def _pi() -> tuple[int, ...]:
    """What Blowfish begins with: the digits of pi after the point, in words of 32 bits."""
    # By Machin's formula, with some more bits than are asked for.
    bits, more = 32 * _WORDS, 64
    one = 1 << (bits + more)

    def arctangent_of_inverse(x: int) -> int:
        term = one // x
        total, divisor = term, 1
        while term:
            term //= -x * x
            divisor += 2
            total += term // divisor
            if term == -1:
                break
        return total

    pi = 4 * (4 * arctangent_of_inverse(5) - arctangent_of_inverse(239))
    digits = ((pi - 3 * one) >> more).to_bytes(bits // 8, "big")
    return tuple(int.from_bytes(digits[n : n + 4], "big") for n in range(0, len(digits), 4))


def _text(data: bytes) -> str:
    return base64.b64encode(data).rstrip(b"=").translate(_TO_BCRYPT).decode()
