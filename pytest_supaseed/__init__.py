"""Say how many rows. Get exactly that many in PostgreSQL, in every test."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_supaseed.errors import SeedError, SupaseedWarning
    from pytest_supaseed.plugin.decorators import seed, seed_options
    from pytest_supaseed.plugin.factory import seeded_database
    from pytest_supaseed.plugin.rebinding import rebind
    from pytest_supaseed.session.seeded import SeededDatabase
    from pytest_supaseed.spec import Rows
    from pytest_supaseed.supabase.acting import acting_as, acting_as_anon, acting_as_service_role
    from pytest_supaseed.supabase.from_supaseed import from_supaseed
    from pytest_supaseed.values.meanings.meaning import Ask, Meaning

__all__ = [
    "Ask",
    "Meaning",
    "Rows",
    "SeedError",
    "SeededDatabase",
    "SupaseedWarning",
    "acting_as",
    "acting_as_anon",
    "acting_as_service_role",
    "from_supaseed",
    "rebind",
    "seed",
    "seed_options",
    "seeded_database",
]
# Imported on first use: every pytest run imports this module, and most runs need none of these.
_LATER = {
    "Ask": "values.meanings.meaning",
    "Meaning": "values.meanings.meaning",
    "Rows": "spec",
    "SeedError": "errors",
    "SeededDatabase": "session.seeded",
    "SupaseedWarning": "errors",
    "acting_as": "supabase.acting",
    "acting_as_anon": "supabase.acting",
    "acting_as_service_role": "supabase.acting",
    "from_supaseed": "supabase.from_supaseed",
    "rebind": "plugin.rebinding",
    "seed": "plugin.decorators",
    "seed_options": "plugin.decorators",
    "seeded_database": "plugin.factory",
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
