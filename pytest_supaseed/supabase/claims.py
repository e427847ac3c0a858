"""The claims of the JWT with which a request of Supabase comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from pytest_supaseed.errors import SeedError

_USER = """
SELECT aud, role, email, phone, raw_app_meta_data, raw_user_meta_data, is_anonymous FROM auth.users WHERE id = %s
"""
_KNOWS_USERS = "SELECT to_regclass('auth.users') IS NOT NULL"


def claims_of(connection: Connection, user: UUID | str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims that Supabase's auth puts into a user's token.

    Args:
        connection: as a role that may read ``auth.users``.
        user: the user's id.
        given: claims that win over those of the user's row.

    Raises:
        SeedError: the id is none, or there is no ``auth.users``.
    """
    try:
        identifier = user if isinstance(user, UUID) else UUID(str(user))
    except ValueError:
        raise SeedError(f"acting_as was given {user!r}, which is no id of a user: give a UUID") from None
    cursor = connection.connection.cursor()
    try:
        cursor.execute(_KNOWS_USERS)
        if cursor.fetchall() != [(True,)]:
            raise SeedError(
                "There is no table auth.users: acting_as is for the database of a Supabase project, which "
                "supaseed_schema = supabase makes of its folder"
            )
        cursor.execute(_USER, [str(identifier)])
        found = cursor.fetchone()
    finally:
        cursor.close()
    # A token outlives its user.
    audience, role, email, phone, app_metadata, user_metadata, anonymous = found or [None] * 7
    return {
        "aud": audience or "authenticated",
        "sub": str(identifier),
        "email": email or "",
        "phone": phone or "",
        "app_metadata": app_metadata or {},
        "user_metadata": user_metadata or {},
        "role": role or "authenticated",
        "aal": "aal1",
        "is_anonymous": bool(anonymous),
        **given,
    }


def service_claims(role: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims of an API key.

    Args:
        role: that the key stands for.
        given: other claims.
    """
    return {"role": role, **given}
