"""Say how many rows. Get exactly that many in PostgreSQL, in every test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_supaseed.errors import SeedError, SupaseedWarning
from pytest_supaseed.spec import Rows

if TYPE_CHECKING:
    from pytest_supaseed.factory import seeded_database
    from pytest_supaseed.seeded import SeededDatabase
    from pytest_supaseed.supabase.from_supaseed import from_supaseed

__all__ = ["Rows", "SeedError", "SeededDatabase", "SupaseedWarning", "from_supaseed", "seeded_database"]


def __getattr__(name: str) -> Any:
    # SeededDatabase brings SQLAlchemy, and seeded_database brings pytest.
    if name == "SeededDatabase":
        from pytest_supaseed.seeded import SeededDatabase

        return SeededDatabase
    if name == "seeded_database":
        from pytest_supaseed.factory import seeded_database

        return seeded_database
    if name == "from_supaseed":
        from pytest_supaseed.supabase.from_supaseed import from_supaseed

        return from_supaseed
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
