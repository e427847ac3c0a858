"""The tests in this folder run on the Supabase project of the application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest


@pytest.fixture(scope="session")
def supaseed_schema() -> str:
    # A project that has nothing else says so in its pyproject.toml: supaseed_schema = "supabase".
    return "supabase"


@pytest.fixture(scope="session")
def supaseed_generators() -> Mapping[str, Any]:
    # Those of the folder above are for other tables.
    return {}
