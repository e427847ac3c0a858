"""What a Django project's models know of their rows, and the names of their tables."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_supaseed.planning.plan import Defaults


def model_defaults(options: Mapping[str, str]) -> Defaults:
    """Return what the models of this process's Django project know of their rows.

    Args:
        options: of the kind, by name.
    """
    return Defaults()
