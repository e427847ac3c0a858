"""Users of a Django project: active, without privileges, with a password that Django's hasher takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from pytest_supaseed.settings import USER_PASSWORD
from pytest_supaseed.sources.django.names import schema_of, spelling

if TYPE_CHECKING:
    from faker import Faker

# As long as Django's own, which it takes for strong enough to be left as it is.
_SALT = "supaseed0supaseed0seed"
_FLAGS = {"is_active": True, "is_staff": False, "is_superuser": False}


def user_values(options: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of the user model's columns, by ``schema.table.column``.

    Args:
        options: of the project kind, with the password.
    """
    from django.apps import apps
    from django.conf import settings
    from django.contrib.auth.base_user import AbstractBaseUser

    if not apps.is_installed("django.contrib.auth"):
        return {}
    model = apps.get_model(settings.AUTH_USER_MODEL, require_ready=False)
    found: dict[str, Any] = {}
    for each in model._meta.concrete_fields:
        table = spelling(each.model._meta.db_table)
        within = f"{schema_of(each.model._meta.db_table)}.{table.rpartition('.')[2]}.{each.column}"
        if each.name in _FLAGS:
            found[within] = _FLAGS[each.name]
        elif each.name == "password" and issubclass(model, AbstractBaseUser):
            found[within] = _Hash(options[USER_PASSWORD])
    return found


@dataclass(frozen=True)
class _Hash:
    """The generator of a password's hash; its repr does not show the password."""

    password: str = field(repr=False)

    def __call__(self, faker: Faker) -> str:
        return _hashed(self.password)


@cache
def _hashed(password: str) -> str:
    """Return the hash of a password by the project's first hasher: once, because a hash is slow on purpose."""
    from django.contrib.auth.hashers import make_password

    try:
        # With the same salt, so that the same seed makes the same rows.
        return str(make_password(password, salt=_SALT))
    except Exception:
        # bcrypt's salt has a form of its own.
        return str(make_password(password))
