"""Passwords are shown nowhere."""

from __future__ import annotations

import dataclasses
from urllib.parse import quote, quote_plus, unquote

import pytest
from sqlalchemy import URL

from pytest_supaseed.postgres.server.cluster import Cluster
from pytest_supaseed.postgres.server.external import ExternalServer, given_url
from pytest_supaseed.postgres.server.server import ServerSettings
from pytest_supaseed.settings import Settings
from pytest_supaseed.wording import ConnectionString, redacted, redacted_url, secrets_of

SECRETS = [
    "s3cret",
    "s3c@ret",
    "s3c:ret",
    "s3c/ret",
    "s3c%40ret",
    "s3c ret",
    "s3c?re&t=#+",
    "s3c'r\"et\\",
    "s3c\u00e4ret",
]
# Raw and encoded, in user information and in the query; the URL cannot be read where a raw @ is in it.
SHAPES = [
    "postgresql://ann:{raw}@db.invalid/a",
    "postgresql://ann:{quoted}@db.invalid:1/a",
    "postgresql://ann:{quoted}@/a?host=/nowhere",
    "postgres://:{quoted}@/a?host=/nowhere",
    "postgresql+psycopg2://ann:{quoted}@[::1]:1/a",
    "postgresql:///a?host=/nowhere&user=ann&password={quoted}",
    "postgresql:///a?password={quoted}&host=/nowhere",
    "postgresql:///a?host=/nowhere&PASSWORD={quoted}",
    "postgresql:///a?host=/nowhere&sslpassword={quoted}",
    "postgresql://ann:{quoted}@db.invalid:nonsense/a",
    "postgresql:///a?host=/nowhere&passw%6Frd={quoted}",
    "postgresql://ann%3A{quoted}@db.invalid/a",
    "postgresql:ann:{quoted}@db.invalid/a",
    "postgresql:/ann:{quoted}@db.invalid/a",
    "mysql://ann:{quoted}@db.invalid/a",
    "mysql://ann:{raw}@db.invalid/a",
    "mysql:///a?user=ann&password={quoted}",
    "host=/nowhere user=ann password={keyword}",
    "user=ann password = {keyword} host=/nowhere",
]


def written(shape: str, secret: str) -> str:
    keyword = "'" + secret.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return shape.format(raw=secret, quoted=quote(secret, safe=""), keyword=keyword)


def shown(text: str, secret: str) -> bool:
    forms = {
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        unquote(secret),
        repr(secret)[1:-1],
    }
    # Not a part of it, either.
    return any(spelling in text for spelling in forms) or "s3c" in text or "ret" in text.replace("secret", "")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("secret", SECRETS)
def test_no_shape_of_a_connection_string_shows_its_password(shape: str, secret: str) -> None:
    text = written(shape, secret)
    assert shown(text, secret)
    for found in (redacted_url(text), repr(ConnectionString(text)), repr(Settings(postgres=text))):
        assert not shown(found, secret)
    assert not shown(Settings(postgres=text).shown_postgres, secret)
    said = f'could not translate host name "{unquote(secret)}" or "{quote(secret)}" to address'
    assert not shown(redacted(said, secrets_of(text)), secret)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://localhost:5432/a",
        "postgresql://ann@localhost/a?host=/x",
        "postgresql:///a?passfile=/home/ann/.pgpass&host=/x",
        "host=/x passfile=/home/ann/.pgpass",
        "CHECK (password = 'x')",
        "users: 5, setups: 8",
        "mail ann@example.com, see https://example.com/a:b",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redacted(text) == text


def test_a_text_around_a_url_stays() -> None:
    said = "see 'postgresql://ann:s3cret@db/a', or ask ann@example.com (host=db password='s 3' port=1)"
    assert (
        redacted(said)
        == "see 'postgresql://ann:***@db/a', or ask ann@example.com (host=db password=*** port=1)"
    )


def test_a_short_password_is_hidden_where_it_is_a_word() -> None:
    assert redacted('user "a" or "ab": a', ["a"]) == 'user "***" or "ab": ***'


def test_a_connection_string_is_one_to_those_who_use_it() -> None:
    text = ConnectionString("postgresql://ann:s3cret@db/a")
    assert f"{text}" == "postgresql://ann:s3cret@db/a"
    assert repr(text) == "'postgresql://ann:***@db/a'"


def test_no_dataclass_shows_a_password() -> None:
    found = [
        Settings(postgres="postgresql://ann:s3cret@db/a", project_options=(("user_password", "s3cret"),)),
        ServerSettings(password="s3cret"),
        ExternalServer("db", 5432, "ann", "s3cret", "", "tests", "tmpl", "postgres", "18.1"),
        Cluster(None, None, "ann", "s3cret", "", False, "", 5432, "", secret="s3cret"),  # type: ignore[arg-type]
    ]
    assert not any("s3cret" in repr(each) or "s3cret" in str(each) for each in found)
    assert all("s3cret" in str(dataclasses.astuple(each)) for each in found)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?host=/x&user=ann&password=s3cret", ("ann", "s3cret", "postgres")),
        ("?host=/x&user=ann&password=s3c%40ret&dbname=b", ("ann", "s3c@ret", "b")),
        ("?host=/x&user=a&user=b", ("b", None, "postgres")),
    ],
)
def test_what_libpq_takes_from_the_query_is_in_its_place(
    query: str, expected: tuple[str, str | None, str]
) -> None:
    url = given_url(f"postgresql://{query}")
    assert (url.username, url.password, url.database) == expected
    assert dict(url.query) == {"host": "/x"}


TESTS = """
    import pytest

    @pytest.mark.seed(users=2)
    def test_a(seeded_db, seeded_url, supaseed_postgres):
        dsn, url, server = seeded_db.dsn, seeded_url, supaseed_postgres
        assert (dsn, url, server) == 1

    @pytest.mark.seed(nowhere=1)
    def test_b(seeded_connection):
        pass
"""
SECRET = "s3c@r:e/t%40"


@pytest.fixture
def guest(server_url: URL) -> URL:
    """A server by TCP would need no password here: the role has one that nobody asks for."""
    return server_url.set(password=SECRET)


CHOICES = {
    "passing": "postgresql://{user}:{quoted}@/postgres?host={host}&port={port}",
    "query": "postgresql:///postgres?host={host}&port={port}&user={user}&password={quoted}",
    "no such host": "postgresql://ann:{quoted}@nowhere.invalid/a",
    "no server": "postgresql://ann:{quoted}@127.0.0.1:1/a",
    "no socket": "postgresql:///a?host=/nowhere&user=ann&password={quoted}",
    "unknown role": "postgresql://nobody_here:{quoted}@/postgres?host={host}&port={port}",
    "unknown database": "postgresql:///nowhere?host={host}&port={port}&user={user}&password={quoted}",
    "unreadable": "postgresql://ann:{raw}@db.invalid/a",
    "unreadable port": "postgresql://ann:{quoted}@db.invalid:x/a",
    "other scheme": "mysql://ann:{raw}@db.invalid/a",
    "other parameter": "postgresql:///a?host=/nowhere&passwd={quoted}&password={quoted}",
    "keywords": "host=/nowhere user=ann password='{raw}'",
}
ARGUMENTS = [("--supaseed-plan",), ("-l", "--tb=long", "-vv", "-rA"), ("--full-trace", "-l")]


@pytest.mark.parametrize("choice_of_server", CHOICES)
def test_no_session_shows_the_password(
    project: pytest.Pytester, server_url: URL, choice_of_server: str
) -> None:
    host, port = str(server_url.query["host"]), str(server_url.query["port"])
    url = CHOICES[choice_of_server].format(
        raw=SECRET, quoted=quote(SECRET, safe=""), host=host, port=port, user=server_url.username
    )
    project.makepyfile(TESTS)
    for arguments in ARGUMENTS if choice_of_server == "passing" else ARGUMENTS[:2]:
        result = project.runpytest_inprocess(f"--supaseed-postgres={url}", *arguments)
        output = result.stdout.str() + result.stderr.str()
        assert output
        assert not any(
            spelling in output
            for spelling in (SECRET, quote(SECRET, safe=""), quote(SECRET), "s3c@", "s3c%40", "r:e/t")
        )
        assert "INTERNALERROR" not in output
    if choice_of_server == "keywords":
        result.stderr.fnmatch_lines(
            "*[*][*][*]*: write it as a URL, postgresql://user:password@host:5432/postgres"
        )


def test_a_schema_that_fails_shows_no_password(project: pytest.Pytester, guest: URL) -> None:
    project.makepyfile(
        models="""
        def create(connection):
            raise RuntimeError(f"{connection.engine.url.render_as_string(hide_password=False)} will not do, nor "
                "host=db password='s3c@r:e/t%40'")
        """,
        test_it="def test_a(seeded_db): pass",
    )
    project.makeini("[pytest]\nsupaseed_schema = models:create\n")
    url = guest.set(drivername="postgresql").render_as_string(hide_password=False)
    result = project.runpytest_inprocess(f"--supaseed-postgres={url}", "-l", "-vv")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        "*RuntimeError: postgresql+psycopg2://*:[*][*][*]@*will not do*password=[*][*][*]*"
    )
    assert "s3c" not in result.stdout.str()


def test_a_server_of_ours_by_tcp_shows_no_password(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    monkeypatch.setenv("SUPASEED_POSTGRES", choice)
    project.makepyfile(TESTS)
    options = ("-o", "postgresql_host=127.0.0.1", "-o", "postgresql_password=s3cretword", "-l", "-vv", "-rA")
    result = project.runpytest_inprocess(*options)
    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines("*postgresql://postgres:[*][*][*]@127.0.0.1:*")
    assert "s3cretword" not in result.stdout.str()
