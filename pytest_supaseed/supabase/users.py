"""Column defaults of Supabase's schemas ``auth`` and ``storage``: users, identities, password hashes, buckets, objects.

Begin with :func:`project_defaults`, which returns what Supabase Auth and Storage write into their tables.
:func:`bcrypt` is in pure Python, without a dependency; its algorithm is by N. Provos and D. Mazières, A
Future-Adaptable Password Scheme (USENIX 1999), on Blowfish.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pytest_supaseed.planning.plan import Completion, Defaults
from pytest_supaseed.settings import DEFAULT_PASSWORD, USER_PASSWORD

if TYPE_CHECKING:
    from faker import Faker


_FILE_WORDS = (
    "avatar",
    "beach",
    "campfire",
    "draft",
    "forest",
    "invoice",
    "lake",
    "map",
    "notes",
    "photo",
    "report",
    "tent",
)
_TYPES = {"jpg": "image/jpeg", "pdf": "application/pdf", "png": "image/png", "webp": "image/webp"}


def file_defaults() -> dict[str, Any]:
    """Return the values that Supabase Storage gives to columns of buckets and objects."""
    return {
        # Supabase Storage sets a bucket's name to its id.
        "storage.buckets.name": lambda faker, row: str(row.get("id")),
        "storage.buckets.owner": None,
        "storage.buckets.owner_id": None,
        "storage.buckets.file_size_limit": None,
        "storage.buckets.allowed_mime_types": None,
        "storage.objects.name": _path,
        "storage.objects.metadata": _file_metadata,
        "storage.objects.owner_id": _owner_id,
        "storage.objects.archived_at": None,
    }


def file_references() -> dict[str, str]:
    """Return the columns of Storage that reference others without a constraint, with the referenced ones."""
    return {"storage.objects.owner": "auth.users.id"}


def _owner_id(faker: Faker, row: Mapping[str, Any]) -> str | None:
    owner = row.get("owner")
    return None if owner is None else str(owner)


def _path(faker: Faker, row: Mapping[str, Any]) -> str:
    """A file in its owner's folder, as most policies demand."""
    random = faker.random
    # An upload with the secret key has no owner.
    folder = row.get("owner") or UUID(int=random.getrandbits(128), version=4)
    return f"{folder}/{random.choice(_FILE_WORDS)}-{random.randint(1, 999)}.{random.choice(sorted(_TYPES))}"


def _file_metadata(faker: Faker) -> dict[str, Any]:
    size = faker.random.randint(1_000, 5_000_000)
    kind = faker.random.choice(sorted(_TYPES.values()))
    return {"size": size, "mimetype": kind, "cacheControl": "max-age=3600", "contentLength": size}


_MASK = 0xFFFFFFFF
_WORDS, _SUBKEYS = 18 + 4 * 256, 18
_PLAIN = b"OrpheanBeholderScryDoubt"
_ALPHABET = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_STANDARD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_TO_BCRYPT, _FROM_BCRYPT = bytes.maketrans(_STANDARD, _ALPHABET), bytes.maketrans(_ALPHABET, _STANDARD)
# bcrypt's minimum: the password is no secret, and this is not in C. The default password is hashed already.
_COST = 4
_KNOWN = {DEFAULT_PASSWORD: "$2a$10$IT0gTLwUBxu/ZYGQLepeo.OqstDYH7KEjXpLwxnpeXq/5XJ2h9T/i"}


@lru_cache
def hashed(password: str) -> str:
    """Hash a password with a salt that is derived from it, so that the hash is the same in every process.

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
    """Return the bcrypt hash of a password.

    Args:
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
    """Blowfish's key expansion: mix a key into the subkeys, then replace subkeys and S-boxes by ciphertext."""
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
    """Blowfish's initial subkeys and S-boxes: the fractional digits of pi, in words of 32 bits."""
    # By Machin's formula, with some guard bits.
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


_DOMAIN = "example.com"
_NO_INSTANCE = "00000000-0000-0000-0000-000000000000"
_NO_LETTERS = re.compile(r"[^a-z]+")
# Sign-up of users whose row has no created_at.
_SINCE = datetime(2025, 1, 1, tzinfo=timezone.utc)
# Supabase Auth reads these columns into strings that cannot be NULL.
_EMPTY = (
    *("confirmation_token", "recovery_token", "email_change_token_new", "email_change", "phone_change"),
    *("phone_change_token", "email_change_token_current", "reauthentication_token"),
)
_NOTHING = (
    *("invited_at", "recovery_sent_at", "email_change_sent_at", "phone", "phone_confirmed_at"),
    *("phone_change_sent_at", "banned_until", "reauthentication_sent_at", "deleted_at"),
)


def project_defaults(options: Mapping[str, str]) -> Defaults:
    """Return what Supabase Auth writes for users and their identities, and Storage for files.

    Args:
        options: the password of the users, where a test gives none.
    """
    users: dict[str, Any] = {
        "instance_id": _NO_INSTANCE,
        "aud": "authenticated",
        "role": "authenticated",
        "email": _email,
        "email_confirmed_at": _signed_up_at,
        "confirmation_sent_at": _signed_up_at,
        "raw_app_meta_data": {"provider": "email", "providers": ["email"]},
        "raw_user_meta_data": _metadata,
        "is_super_admin": False,
        "email_change_confirm_status": 0,
        "is_sso_user": False,
        "is_anonymous": False,
        **dict.fromkeys(_EMPTY, ""),
        **dict.fromkeys(_NOTHING),
    }
    # identities.sql completes these rows when the users have been inserted.
    identities: dict[str, Any] = {"provider": "email", "provider_id": _own_id, "identity_data": {}}
    return Defaults(
        {
            **{f"auth.users.{column}": value for column, value in users.items()},
            **_of_options(options),
            **{f"auth.identities.{column}": value for column, value in identities.items()},
            **file_defaults(),
        },
        {
            "auth.identities": Completion(
                Path(__file__).with_name("sql").joinpath("identities.sql").read_text("utf-8")
            )
        },
        file_references(),
        _sign_in,
        options[USER_PASSWORD],
        _of_options,
    )


def _sign_in(connection: Any, number: int, among: Sequence[Any] = ()) -> AbstractContextManager[bool]:
    # Imported late, as it imports SQLAlchemy's ORM, and few schemas have triggers that ask for a user.
    from pytest_supaseed.supabase.acting import signed_in

    return signed_in(connection, number, among)


def _of_options(options: Mapping[str, str]) -> dict[str, Any]:
    return {"auth.users.encrypted_password": _Hash(options[USER_PASSWORD])}


@dataclass(frozen=True)
class _Hash:
    """The generator of a password's hash; its repr does not show the password."""

    password: str = field(repr=False)

    def __call__(self, faker: Faker) -> str:
        return hashed(self.password)


def _email(faker: Faker) -> str:
    # Imported late, as users that come from a cache need no names.
    from pytest_supaseed.values.meanings.people import LAST, MEN, WOMEN

    random = faker.random
    first, last = random.choice((*WOMEN, *MEN)).lower(), random.choice(LAST).lower()
    return f"{first}.{_NO_LETTERS.sub('', last)}{random.randint(1, 99)}@{_DOMAIN}"


def _signed_up_at(faker: Faker, row: Mapping[str, Any]) -> datetime:
    found = row.get("created_at")
    return found if isinstance(found, datetime) else _SINCE


def _metadata(faker: Faker, row: Mapping[str, Any]) -> dict[str, Any]:
    """What Supabase Auth stores of a sign-up, with the names and the picture that applications ask for."""
    email, user = row.get("email"), str(row.get("id"))
    parts = [part for part in _NO_LETTERS.split(str(email).partition("@")[0].lower()) if part] or ["user"]
    name = " ".join(map(str.capitalize, parts))
    # Short, of letters and digits, as handles have to be, and distinct by the user's id.
    username = f"{parts[-1][:8]}{user[:6]}"
    return {
        "sub": user,
        "email": email,
        "name": name,
        "full_name": name,
        "first_name": parts[0].capitalize(),
        "last_name": parts[-1].capitalize(),
        "display_name": name,
        "username": username,
        "user_name": username,
        "handle": username,
        "avatar_url": f"https://avatars.{_DOMAIN}/{user}.png",
        "email_verified": True,
        "phone_verified": False,
    }


def _own_id(faker: Faker, row: Mapping[str, Any]) -> str:
    return str(row.get("id"))
