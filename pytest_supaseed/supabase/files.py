"""The files of a Supabase project's storage, as far as its database knows of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from faker import Faker

_WORDS = (
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
    """Return what Supabase's storage says of buckets and objects, by column."""
    return {
        # A bucket is spoken of by its name.
        "storage.buckets.name": lambda faker, row: str(row.get("id")),
        "storage.buckets.owner": None,
        "storage.buckets.owner_id": None,
        "storage.buckets.file_size_limit": None,
        "storage.buckets.allowed_mime_types": None,
        "storage.objects.name": _path,
        "storage.objects.metadata": _metadata,
        "storage.objects.owner_id": _owner_id,
        "storage.objects.archived_at": None,
    }


def file_references() -> dict[str, str]:
    """Return what storage's rows reference without a constraint, by column."""
    return {"storage.objects.owner": "auth.users.id"}


def _owner_id(faker: Faker, row: Mapping[str, Any]) -> str | None:
    owner = row.get("owner")
    return None if owner is None else str(owner)


def _path(faker: Faker, row: Mapping[str, Any]) -> str:
    """A file in its owner's folder, as most policies want it."""
    random = faker.random
    # Whoever has the secret key uploads for nobody.
    folder = row.get("owner") or UUID(int=random.getrandbits(128), version=4)
    return f"{folder}/{random.choice(_WORDS)}-{random.randint(1, 999)}.{random.choice(sorted(_TYPES))}"


def _metadata(faker: Faker) -> dict[str, Any]:
    size = faker.random.randint(1_000, 5_000_000)
    kind = faker.random.choice(sorted(_TYPES.values()))
    return {"size": size, "mimetype": kind, "cacheControl": "max-age=3600", "contentLength": size}
