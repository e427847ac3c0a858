"""Passwords in PostgreSQL's protocol, held against RFC 7677's example and against PostgreSQL."""

from __future__ import annotations

import psycopg2
import pytest
from psycopg2 import sql

from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.postgres.wire import authentication
from pytest_supaseed.postgres.wire.authentication import (
    AuthenticationError,
    ScramClient,
    md5_answer,
    scram_verifier,
)

# Of RFC 7677, whose client sends its user; PostgreSQL's clients leave it to the startup packet.
NONCE = b"rOprNGfwEbeRWgbNEkqO"
CHALLENGE = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> ScramClient:
    made = ScramClient("pencil")
    monkeypatch.setattr(made, "_nonce", NONCE)
    monkeypatch.setattr(made, "_bare", lambda: b"n=user,r=" + NONCE)
    return made


def test_the_exchange_of_the_rfc(client: ScramClient) -> None:
    assert client.first() == b"n,,n=user,r=" + NONCE
    assert client.final(CHALLENGE) == (
        b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
        b"p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    )
    client.check(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")


@pytest.mark.parametrize(
    "challenge",
    [
        b"",
        b"e=other-error",
        CHALLENGE.replace(b"i=4096", b"i=0"),
        CHALLENGE.replace(b"i=4096", b"i=many"),
        CHALLENGE.replace(b"s=W22", b"s=*"),
        CHALLENGE.replace(b"r=rOpr", b"r=another"),
        b"r=" + NONCE + b",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    ],
)
def test_a_challenge_that_is_none_is_refused(client: ScramClient, challenge: bytes) -> None:
    with pytest.raises(AuthenticationError, match="SCRAM challenge"):
        client.final(challenge)


@pytest.mark.parametrize("outcome", [b"", b"v=", b"v=*", b"v=AAAA", b"e=invalid-proof"])
def test_a_server_that_does_not_know_the_password_is_refused(client: ScramClient, outcome: bytes) -> None:
    with pytest.raises(AuthenticationError, match="does not know the password"):
        client.check(outcome)
    client.final(CHALLENGE)
    with pytest.raises(AuthenticationError, match="does not know the password"):
        client.check(outcome)


def test_md5_is_postgresqls(server_url) -> None:  # type: ignore[no-untyped-def]
    # md5(md5(password + user) + salt), where the inner one is what PostgreSQL stores.
    with psycopg2.connect(libpq_url(server_url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 'md5' || md5(md5('secret' || 'me')::bytea || '\\x01020304'::bytea)")
        [[expected]] = cursor.fetchall()
    connection.close()
    assert md5_answer("me", "secret", bytes((1, 2, 3, 4))).decode() == expected


@pytest.mark.parametrize("iterations", [1, 4096])
def test_postgresql_takes_a_verifier_for_one(server_url, iterations: int) -> None:  # type: ignore[no-untyped-def]
    verifier = scram_verifier("0123abcd", iterations)
    with psycopg2.connect(libpq_url(server_url)) as connection, connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE ROLE {} PASSWORD {}").format(sql.Identifier("of_verifier"), sql.Literal(verifier))
        )
        cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'of_verifier'")
        # One that it does not take for a verifier is a password, of which it makes one.
        assert cursor.fetchall() == [(verifier,)]
        connection.rollback()
    connection.close()
    assert scram_verifier("0123abcd", iterations) != verifier


def test_keys_are_derived_once_for_a_salt() -> None:
    authentication._keys.cache_clear()
    for _ in range(3):
        client = ScramClient("pencil")
        client.final(b"r=" + client._nonce + b"more,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
    assert authentication._keys.cache_info().misses == 1
