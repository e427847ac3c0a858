"""Options, the environment, URLs, names of fixtures: each is taken, or refused in words."""

from __future__ import annotations

import os
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from pytest_supaseed.errors import ConfigError, ServerError
from pytest_supaseed.plugin.provisioning import process_fixture
from pytest_supaseed.plugin.state import STATE
from pytest_supaseed.postgres.server.external import given_url
from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.settings import ENVIRONMENT, OptionSources, resolve


class Unspeakable:
    def __repr__(self) -> str:
        raise ValueError("no repr")


OURS = re.compile(r"pytest_supaseed[/\\]\S+\.py:\d+|^Traceback|INTERNALERROR", re.MULTILINE)
DIGITS = "9" * 10_000
# The option, its value, and what is said; an empty text where it is taken.
OPTIONS: list[tuple[str, str, str]] = [
    ("max_records", DIGITS, "write a whole number of rows"),
    ("max_records", "9" * 4000, "write a whole number of rows"),
    ("max_records", "1e3", "write a whole number of rows"),
    ("max_records", "-1", "write a whole number of rows"),
    ("max_records", "0x10", "write a whole number of rows"),
    ("max_records", "1000.0", "write a whole number of rows"),
    ("max_records", "inf", "write a whole number of rows"),
    ("max_records", "\u0663", ""),
    ("max_records", "1_000", ""),
    ("max_records", " 10 ", ""),
    ("max_records", "10\0", "has the character NUL"),
    ("max_records", "\udc80", "has half of a character"),
    ("seed", DIGITS, "write a whole number"),
    ("seed", "-" + DIGITS, "write a whole number"),
    ("seed", "9" * 100, ""),
    ("seed", "RANDOM", "write a whole number"),
    ("seed", "1.5", "write a whole number"),
    ("seed", "\udcff", "has half of a character"),
    ("locale", "x" * 100_000, "no such locale"),
    ("locale", "de_DE\0", "has the character NUL"),
    ("locale", "\udc80", "has half of a character"),
    ("locale", "../../etc", "no such locale"),
    ("locale", "de-DE", ""),
    ("date", "2025-02-30", "write a date"),
    ("date", "0000-00-00", "write a date"),
    ("date", "\u0662025-01-01", "write a date"),
    ("date", "2025-01-01T00:00", "write a date"),
    ("date", "\udc80", "has half of a character"),
    ("date", DIGITS, "write a date"),
    ("user_password", "a\0", "has the character NUL"),
    ("user_password", "a\udc80", "has half of a character"),
    ("user_password", "x" * 100_000, "is too long"),
    ("user_password", "\u00e4" * 37, "is too long"),
    ("user_password", "p%4 \"'$`", ""),
    ("postgres", "a\0b", "has the character NUL"),
    ("postgres", "/opt/\udc80/bin", "has half of a character"),
    ("postgres", "sqlite://", "only PostgreSQL will do"),
    ("postgres", "mysql://root@localhost/db", "only PostgreSQL will do"),
    ("postgres", "http://localhost:5432", "only PostgreSQL will do"),
    ("postgres", "fixture:", "write the name of a process fixture"),
    ("postgres", "fixture:a b", "write the name of a process fixture"),
    ("postgres", "fixture:\udc80", "has half of a character"),
    ("postgres", "Embedded", "did you mean 'embedded'"),
    ("postgres", "embeded", "did you mean 'embedded'"),
    ("postgres", DIGITS, "write auto, embedded"),
    ("postgres", "POSTGRESQL://localhost/a", ""),
    ("postgres", "Postgres://localhost/a", ""),
    ("postgres", "postgresql+nope://localhost/a", ""),
    ("schema", "a\0b.sql", "has the character NUL"),
    ("schema", "\udc80.sql", "has half of a character"),
    ("config", "a\0b.json", "has the character NUL"),
    ("config", "\udc80.json", "has half of a character"),
]
SECRET = "s3cr3t"
# What connecting would say is not asked here.
URLS: dict[str, str] = {
    f"postgresql://app:{SECRET}@[::1/a": "cannot be read",
    f"postgresql://app:{SECRET}@::1]/a": "cannot be read",
    f"postgresql://app:{SECRET}@[::1]:5432/a": "",
    f"postgresql://app:{SECRET}@host:port/a": "cannot be read",
    f"postgresql://app:{SECRET}@host:99999999999999999999/a": "",
    f"postgresql://app:{SECRET}@host:-1/a": "",
    f"postgresql://app:{SECRET}@host:{DIGITS}/a": "cannot be read",
    f"postgresql://app:{SECRET}%00@host/a": "its password has the character NUL",
    f"postgresql://app:{SECRET}@host/a%00b": "its dbname has the character NUL",
    f"postgresql://app%00:{SECRET}@host/a": "its user has the character NUL",
    f"postgresql://app:{SECRET}@host/a?options=%00": "its options has the character NUL",
    f"postgresql://app:{SECRET}@host/a?host=%00": "its host has the character NUL",
    f"postgresql://app:{SECRET}@host/a?options=a&options=b": "it has options twice",
    f"postgresql://app:{SECRET}@host/a?sslmode=allow&sslmode=b": "it has sslmode twice",
    f"postgresql://app:{SECRET}@/a?host=a:1&host=b:2": "",
    f"postgresql://app:{SECRET}@/a?host=a&host=b&port=1": "cannot be read",
    f"postgresql://app:{SECRET}@/a?host=a,b&port=1,2": "",
    f"postgresql://app:{SECRET}@host/%ff": "",
    f"postgresql://app:{SECRET}@host/%zz": "",
    f"postgresql://app:{SECRET}@h\u00f6st/a": "",
    f"postgresql://app:{SECRET}@host/a b": "",
    "postgresql://": "",
    "postgresql:///": "",
    "postgresql:///?": "",
    "postgresql://?host": "",
    "postgresql://@": "",
    "postgresql://:@:/": "cannot be read",
    "postgres://localhost": "",
    "POSTGRESQL://localhost": "",
    "postgresql+asyncpg://localhost/a": "",
    "postgresql+no-such-driver://localhost/a": "cannot be read",
}


@pytest.mark.parametrize("number", range(len(OPTIONS)), ids=lambda n: f"{OPTIONS[n][0]}-{n}")
@pytest.mark.parametrize("place", ["command line", "ini"])
def test_options_are_taken_or_refused(number: int, place: str) -> None:
    name, value, fragment = OPTIONS[number]
    if name in ("schema", "config") and place == "command line":
        place = "ini"
    line, ini = ({name: value}, {}) if place == "command line" else ({}, {name: value})
    if not fragment:
        resolve(OptionSources(line, {}, ini))
        return
    with pytest.raises(ConfigError) as caught:
        resolve(OptionSources(line, {}, ini))
    message = str(caught.value)
    assert fragment in message
    assert message.startswith(f"--supaseed-{name.replace('_', '-')} " if line else f"supaseed_{name} ")
    assert len(message) < 1000
    message.encode()
    if name == "user_password":
        assert value not in message


def test_the_environment_is_taken_or_refused() -> None:
    for name, value, fragment in OPTIONS:
        if name == "postgres" and fragment:
            with pytest.raises(ConfigError, match=rf"^the environment variable {ENVIRONMENT} is ") as caught:
                resolve(OptionSources({}, {ENVIRONMENT: value}))
            assert fragment in str(caught.value)
    assert resolve(OptionSources({}, {ENVIRONMENT: " \t"})).postgres == "auto"


@pytest.mark.parametrize("url", URLS)
def test_urls_are_read_or_refused_without_the_password(url: str) -> None:
    if not URLS[url]:
        assert given_url(url).get_backend_name() == "postgresql"
        return
    with pytest.raises(ConfigError) as caught:
        given_url(url)
    assert URLS[url] in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "path",
    [
        "~nosuchuser/bin",
        "~nosuchuser",
        "/dev/null",
        "/dev/null/bin",
        "/" + "x" * 300,
        "/proc/self/mem",
        "./nope",
    ],
)
def test_folders_of_programs_are_found_or_refused(path: str) -> None:
    with pytest.raises(ServerError, match=re.escape(repr(path))) as caught:
        find(path)
    assert "cannot be used" in str(caught.value)
    with pytest.raises(ServerError, match="postgresql_exec is"):
        find("auto", pg_ctl=path)


def test_a_link_that_leads_to_itself_has_no_programs(tmp_path: Path) -> None:
    link = tmp_path / "bin"
    link.symlink_to(link)
    with pytest.raises(ServerError, match="cannot be used: "):
        find(str(link))


FIXTURES: dict[str, tuple[object, str]] = {
    "a number": (5, "gives, 5, is no server: it has no host and no port and no user and no template_dbname"),
    "nothing": (None, "gives, None, is no server"),
    "a generator": ((each for each in ()), "is no server: it has no host"),
    "a namespace": (SimpleNamespace(host="a", port=1), "it has no user and no template_dbname"),
    "a URL": ("postgresql://localhost", "is no server: it has no host"),
    "what cannot be shown": (Unspeakable(), "whose repr() raises ValueError>, is no server"),
}


@pytest.mark.parametrize("case", FIXTURES)
def test_what_is_no_process_fixture_is_refused(case: str) -> None:
    value, fragment = FIXTURES[case]
    with pytest.raises(
        ConfigError, match=r"^supaseed_postgres is 'fixture:mine', and what mine gives, "
    ) as caught:
        process_fixture("mine", value)
    assert fragment in str(caught.value)


NAMES = {
    "request": "there is no fixture request",
    "tmp_path": "is a fixture of a narrower scope than the session",
    "number": "what number gives, 5, is no server",
}
CONFTEST = """
    import pytest

    @pytest.fixture(scope="session")
    def number():
        return 5
"""


@pytest.mark.parametrize("name", NAMES)
def test_a_fixture_that_is_no_process_fixture_is_refused(project: pytest.Pytester, name: str) -> None:
    project.makeconftest(CONFTEST)
    project.makepyfile("def test_a(seeded_db): pass")
    result = project.runpytest_inprocess(f"--supaseed-postgres=fixture:{name}")
    if name == "number":
        # What it gives is known only then.
        result.assert_outcomes(errors=1)
    else:
        assert result.ret == pytest.ExitCode.USAGE_ERROR
    said = result.stdout.str() + result.stderr.str()
    assert NAMES[name] in said, said
    assert not OURS.search(said), said


PORTS = [
    (value, "write one number from 1 to 65535")
    for value in ("0", "65536", DIGITS, "-1", "8888-9000", "five", "\u00b2")
]


@pytest.mark.parametrize(("value", "fragment"), PORTS, ids=range(len(PORTS)))
def test_ports_of_pytest_postgresql_are_refused_in_words(
    pytester: pytest.Pytester, value: str, fragment: str
) -> None:
    config = pytester.parseconfigure("--supaseed-seed=0", "-o", f"postgresql_port={value}")
    with pytest.raises(ConfigError, match=r"^postgresql_port is ") as caught:
        config.stash[STATE].postgresql_options()
    assert fragment in str(caught.value)
    assert len(str(caught.value)) < 1000


def test_texts_of_pytest_postgresql_are_refused_in_words(pytester: pytest.Pytester) -> None:
    for name in ("user", "password", "dbname", "options", "host", "unixsocketdir", "postgres_options"):
        config = pytester.parseconfigure("--supaseed-seed=0", "-o", f"postgresql_{name}=a\udc80")
        with pytest.raises(ConfigError, match=rf"^postgresql_{name} has half of a character"):
            config.stash[STATE].postgresql_options()


def test_a_program_of_a_user_who_is_not_there(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    pytester.makeini(f"[pytest]\npostgresql_exec = ~nosuchuser/pg_ctl\npostgresql_port = {DIGITS}")
    pytester.makepyfile("def test_a(seeded_db): pass")
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "postgresql_exec is '~nosuchuser/pg_ctl', which cannot be used: " in result.stderr.str()
    assert not OURS.search(result.stdout.str() + result.stderr.str())


def test_bytes_that_are_no_text_on_the_command_line(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_a(): pass")
    result = pytester.runpytest_inprocess(os.fsdecode(b"--supaseed-seed=\xff"))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("ERROR: supaseed: --supaseed-seed is '*udcff': it has half of a character*")
