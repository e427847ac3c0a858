"""The users of a Supabase project, as its auth would have made them when they signed up and confirmed their address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_supaseed.planning.defaults import Defaults
from pytest_supaseed.supabase.files import file_defaults, file_references
from pytest_supaseed.supabase.passwords import hashed
from pytest_supaseed.supabase.signing import signed_in

if TYPE_CHECKING:
    from faker import Faker

_DOMAIN = "example.com"
_NO_INSTANCE = "00000000-0000-0000-0000-000000000000"
_NO_LETTERS = re.compile(r"[^a-z]+")
# Of users whose row says nothing of when they came.
_SINCE = datetime(2025, 1, 1, tzinfo=timezone.utc)
# The auth reads them into strings, which no NULL fits into.
_EMPTY = (
    *("confirmation_token", "recovery_token", "email_change_token_new", "email_change", "phone_change"),
    *("phone_change_token", "email_change_token_current", "reauthentication_token"),
)
_NOTHING = (
    *("invited_at", "recovery_sent_at", "email_change_sent_at", "phone", "phone_confirmed_at"),
    *("phone_change_sent_at", "banned_until", "reauthentication_sent_at", "deleted_at"),
)


def project_defaults(password: str) -> Defaults:
    """Return what Supabase's auth makes of users and their identities, and its storage of files.

    Args:
        password: of the users, where a test does not say.
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
    # The SQL that runs when the users are there says what is theirs.
    identities: dict[str, Any] = {"provider": "email", "provider_id": _own_id, "identity_data": {}}
    return Defaults(
        {
            **{f"auth.users.{column}": value for column, value in users.items()},
            **_of_password(password),
            **{f"auth.identities.{column}": value for column, value in identities.items()},
            **file_defaults(),
        },
        {"auth.identities": Path(__file__).with_name("sql").joinpath("identities.sql").read_text("utf-8")},
        file_references(),
        signed_in,
        password,
        _of_password,
    )


def _of_password(password: str) -> dict[str, Any]:
    return {"auth.users.encrypted_password": _Hash(password)}


@dataclass(frozen=True)
class _Hash:
    """The hash of a password, which is shown nowhere."""

    password: str = field(repr=False)

    def __call__(self, faker: Faker) -> str:
        return hashed(self.password)


def _email(faker: Faker) -> str:
    # Where the users were made in an earlier session, nobody asks for a name.
    from pytest_supaseed.values.names import LAST, MEN, WOMEN

    random = faker.random
    first, last = random.choice((*WOMEN, *MEN)).lower(), random.choice(LAST).lower()
    return f"{first}.{_NO_LETTERS.sub('', last)}{random.randint(1, 99)}@{_DOMAIN}"


def _signed_up_at(faker: Faker, row: Mapping[str, Any]) -> datetime:
    found = row.get("created_at")
    return found if isinstance(found, datetime) else _SINCE


def _metadata(faker: Faker, row: Mapping[str, Any]) -> dict[str, Any]:
    """What the auth keeps of a sign-up, and the names and the picture that applications ask for."""
    email, user = row.get("email"), str(row.get("id"))
    parts = [part for part in _NO_LETTERS.split(str(email).partition("@")[0].lower()) if part] or ["user"]
    name = " ".join(map(str.capitalize, parts))
    # Short and of letters and digits, as handles have to be, and another one for each user.
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
