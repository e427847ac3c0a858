"""The settings of a Django connection that is pointed at another database."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_supaseed.sources.django.connections import pointed_settings
from pytest_supaseed.sources.django.names import spelling

OURS = {"dbname": "test_1", "host": "/tmp/socket", "port": 5433, "user": "me", "hostaddr": "", "options": ""}
PLACE = {"NAME": "test_1", "HOST": "/tmp/socket", "PORT": "5433", "USER": "me", "PASSWORD": ""}


@pytest.mark.parametrize(
    ("given", "more", "options"),
    [
        ({}, {}, {}),
        ({"OPTIONS": None}, {}, {}),
        # What is no address is kept.
        (
            {"pool": {"min_size": 1}, "isolation_level": 3, "connect_timeout": 9, "application_name": "shop"},
            {},
            {"pool": {"min_size": 1}, "isolation_level": 3, "connect_timeout": 9, "application_name": "shop"},
        ),
        (
            {
                **{
                    "service": "shop",
                    "passfile": "/x",
                    "host": "db",
                    "hostaddr": "10.0.0.1",
                    "port": 1,
                    "user": "u",
                },
                **{"password": "p", "dbname": "shop", "channel_binding": "require", "gssencmode": "require"},
                **{"sslmode": "verify-full", "sslrootcert": "/ca", "target_session_attrs": "read-write"},
            },
            {},
            {},
        ),
        # The address of the tests' server may need TLS.
        ({"sslmode": "verify-full"}, {"sslmode": "require"}, {"sslmode": "require"}),
        (
            {"options": "-c search_path=app"},
            {"options": "-c jit=off"},
            {"options": "-c jit=off -c search_path=app"},
        ),
    ],
    ids=["empty", "none", "kept", "address", "TLS", "startup options"],
)
def test_options(given: dict[str, Any], more: dict[str, Any], options: dict[str, Any]) -> None:
    settings = given if "OPTIONS" in given else {"OPTIONS": given}
    found = pointed_settings(
        {"NAME": "shop", "HOST": "db", "PASSWORD": "secret", **settings}, {**OURS, **more}
    )
    assert found == {**PLACE, "OPTIONS": options}


@pytest.mark.parametrize(
    ("db_table", "spelt"),
    [("blog_post", "blog_post"), ('app"."post', "app.post"), ('"app"."post"', "app.post")],
)
def test_a_table_in_another_schema(db_table: str, spelt: str) -> None:
    assert spelling(db_table) == spelt
