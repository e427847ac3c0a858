"""Options: which place wins, and what is refused, in which words."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_supaseed import settings as settings_module
from pytest_supaseed.errors import ConfigError
from pytest_supaseed.settings import ENVIRONMENT, OptionSources, Settings, locale_problem, resolve


def settings_of(
    command_line: dict[str, str | None] | None = None,
    environment: dict[str, str] | None = None,
    **ini: str,
) -> Settings:
    return resolve(OptionSources(command_line or {}, environment or {}, ini))


def refusal(
    command_line: dict[str, str | None] | None = None,
    environment: dict[str, str] | None = None,
    **ini: str,
) -> str:
    with pytest.raises(ConfigError) as caught:
        settings_of(command_line, environment, **ini)
    return str(caught.value)


def test_nothing_given_is_the_defaults() -> None:
    assert settings_of() == Settings(1000, False, 0, False, "en_US", "auto", "", False)
    unset: dict[str, str | None] = dict.fromkeys(("max_records", "seed", "locale", "postgres", "date"))
    assert (
        settings_of(unset, {}, max_records="", seed="", locale="", postgres="", schema="", date="")
        == Settings()
    )


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().seed = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "given", "in_ini", "by_line", "by_ini"),
    [
        ("max_records", "50", "60", 50, 60),
        ("max_records", "0", "60", 0, 60),
        ("max_records", "50_000", " 60 ", 50_000, 60),
        ("seed", "7", "8", 7, 8),
        ("seed", "0", "8", 0, 8),
        ("seed", "-1", "8", -1, 8),
        ("locale", "de_DE", "fr_FR", "de_DE", "fr_FR"),
        ("postgres", "system", "embedded", "system", "embedded"),
        ("date", "2024-02-29", " 2024-03-01 ", date(2024, 2, 29), date(2024, 3, 1)),
    ],
)
def test_the_command_line_wins_over_the_ini(
    name: str, given: str, in_ini: str, by_line: object, by_ini: object
) -> None:
    assert getattr(settings_of({name: given}, None, **{name: in_ini}), name) == by_line
    assert getattr(settings_of({name: given}), name) == by_line
    assert getattr(settings_of({name: None}, None, **{name: in_ini}), name) == by_ini


@pytest.mark.parametrize(
    ("line", "environment", "ini", "chosen"),
    [
        ("system", "embedded", "auto", "system"),
        (None, "embedded", "system", "embedded"),
        (None, " embedded ", "system", "embedded"),
        (None, "", "system", "system"),
        (None, "  ", "system", "system"),
        (None, None, "system", "system"),
        (None, None, "", "auto"),
        (None, "embedded", "", "embedded"),
    ],
)
def test_the_environment_stands_between(
    line: str | None, environment: str | None, ini: str, chosen: str
) -> None:
    variables = {} if environment is None else {ENVIRONMENT: environment}
    assert settings_of({"postgres": line}, variables, postgres=ini).postgres == chosen


def test_the_environment_chooses_the_server_and_nothing_else() -> None:
    assert ENVIRONMENT == "SUPASEED_POSTGRES"
    variables = {"SUPASEED_SEED": "5", "SUPASEED_MAX_RECORDS": "5", "SUPASEED_LOCALE": "x"}
    assert settings_of(None, variables) == Settings()


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg", " psycopg "])
def test_a_driver_is_one_that_is_installed(driver: str) -> None:
    assert settings_of(None, None, driver=driver).driver == driver.strip()


def test_no_driver_is_psycopg2_and_for_async_fixtures_the_one_that_is_there() -> None:
    assert (settings_of().driver, settings_of().async_driver) == ("psycopg2", "")
    assert settings_of(None, None, async_driver="asyncpg").async_driver == "asyncpg"


@pytest.mark.parametrize(
    ("option", "written", "advice"),
    [
        ("driver", "psycopg3", "write psycopg"),
        ("driver", "Psycopg2", "write psycopg2"),
        ("driver", "psycopg2-binary", "write psycopg2"),
        ("driver", "postgresql+psycopg", "write psycopg"),
        ("driver", "asyncpg", "write psycopg2 or psycopg; asyncpg can be chosen for supaseed_async_driver"),
        ("driver", "pg8000", "write psycopg2 or psycopg"),
        ("driver", "psycop", "write psycopg2 or psycopg (did you mean 'psycopg' or 'psycopg2'?)"),
        ("async_driver", "psycopg_async", "write psycopg"),
        ("async_driver", "postgresql+asyncpg", "write asyncpg"),
        ("async_driver", "psycopg2", "write asyncpg or psycopg; psycopg2 can be chosen for supaseed_driver"),
        ("async_driver", "aiopg", "write asyncpg or psycopg"),
    ],
)
def test_another_driver_is_refused(option: str, written: str, advice: str) -> None:
    assert refusal(None, None, **{option: written}) == f"supaseed_{option} is {written!r}: {advice}"


def test_a_driver_that_is_not_installed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_module, "find_spec", lambda name: None)
    assert refusal(None, None, driver="psycopg", async_driver="asyncpg") == (
        "supaseed_driver is 'psycopg': it is not installed: pip install psycopg, or write psycopg2\n"
        "supaseed_async_driver is 'asyncpg': it is not installed: pip install asyncpg, or write psycopg"
    )
    assert settings_of(None, None, driver="psycopg2").driver == "psycopg2"


def test_a_limit_is_hard_if_the_command_line_gives_it() -> None:
    assert settings_of({"max_records": "1000"}).hard
    assert not settings_of(None, None, max_records="1000").hard
    assert not settings_of({"seed": "1"}).hard


def test_what_is_the_ini_s_or_the_command_line_s_alone() -> None:
    assert settings_of(None, None, schema="  app.models:Base ").schema == "app.models:Base"
    assert resolve(OptionSources(), plan=True).plan


@pytest.mark.parametrize("place", ["line", "ini"])
def test_a_random_seed_is_drawn(place: str) -> None:
    def drawn() -> Settings:
        return settings_of({"seed": "random"}) if place == "line" else settings_of(None, None, seed="random")

    found = [drawn() for _ in range(20)]
    assert all(settings.drawn and 1 <= settings.seed < 2**31 for settings in found)
    assert len({settings.seed for settings in found}) > 1
    assert not settings_of({"seed": "5"}).drawn
    assert not settings_of().drawn


def test_a_seed_of_the_command_line_overrides_a_random_one() -> None:
    settings = settings_of({"seed": "5"}, None, seed="random")
    assert (settings.seed, settings.drawn) == (5, False)


DATE = "write a date of the years 1900 to 2200 as year-month-day, such as 2025-12-31"
NUMBER = "write a whole number of rows, such as 1000"
SEED = "write a whole number, or random for another one in each run"
SERVER = (
    "write auto, embedded, system, the path of a folder with postgres and initdb, a postgresql:// URL, or "
    "fixture:NAME"
)
FIXTURE = "write the name of a process fixture of pytest-postgresql, such as fixture:postgresql_proc"
MAJOR = "write a major version of 14 or newer behind it, such as"
ONLY = "only PostgreSQL will do: write postgresql://user:password@host:5432/postgres"


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("max_records", "many", f"is 'many': {NUMBER}"),
        ("max_records", "-1", f"is '-1': {NUMBER}"),
        ("max_records", "1.5", f"is '1.5': {NUMBER}"),
        ("max_records", "1e3", f"is '1e3': {NUMBER}"),
        ("seed", "x", f"is 'x': {SEED}"),
        ("seed", "1.0", f"is '1.0': {SEED}"),
        ("seed", "Random", f"is 'Random': {SEED}"),
        (
            "locale",
            "de_DR",
            "is 'de_DR': Faker has no such locale (did you mean 'de_DE' or 'id_ID' or 'es_AR'?)",
        ),
        ("date", "today", f"is 'today': {DATE}"),
        ("date", "2025-02-29", f"is '2025-02-29': {DATE}"),
        ("date", "20250228", f"is '20250228': {DATE}"),
        ("date", "2025-W01-1", f"is '2025-W01-1': {DATE}"),
        ("date", "1899-12-31", f"is '1899-12-31': {DATE}"),
        ("date", "2201-01-01", f"is '2201-01-01': {DATE}"),
        ("locale", "qq", "is 'qq': Faker has no such locale: write one such as de_DE"),
        ("postgres", "atuo", f"is 'atuo': {SERVER} (did you mean 'auto'?)"),
        ("postgres", "docker", f"is 'docker': {SERVER}"),
        ("postgres", "embedded:", f"is 'embedded:': {MAJOR} embedded:16"),
        ("postgres", "embedded:13", f"is 'embedded:13': {MAJOR} embedded:16"),
        ("postgres", "system:16.2", f"is 'system:16.2': {MAJOR} system:16"),
        ("postgres", "auto:16", "is 'auto:16': write embedded:16 or system:16 to ask for a version"),
        ("postgres", "fixture:", f"is 'fixture:': {FIXTURE}"),
        ("postgres", "fixture:my proc", f"is 'fixture:my proc': {FIXTURE}"),
        ("postgres", "mysql://localhost/a", f"is 'mysql://localhost/a': {ONLY}"),
        ("postgres", "sqlite:///a.db", f"is 'sqlite:///a.db': {ONLY}"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_where_it_was_given(
    name: str, value: str, problem: str
) -> None:
    dashed = name.replace("_", "-")
    assert refusal({name: value}) == f"--supaseed-{dashed} {problem}"
    assert refusal(None, None, **{name: value}) == f"supaseed_{name} {problem}"
    if name == "postgres":
        where = "the environment variable SUPASEED_POSTGRES"
        assert refusal(None, {ENVIRONMENT: value}, postgres="auto") == f"{where} {problem}"
    # One that is overridden does no harm.
    good = {
        "max_records": "1",
        "seed": "1",
        "locale": "en_US",
        "postgres": "auto",
        "date": "2025-01-01",
    }[name]
    assert settings_of(
        {name: good}, {ENVIRONMENT: "nonsense"} if name == "postgres" else None, **{name: value}
    )


@pytest.mark.parametrize("empty", ["", " "])
@pytest.mark.parametrize(
    ("name", "elsewhere", "hint"),
    [
        ("max_records", "5", NUMBER),
        ("seed", "5", SEED),
        ("postgres", "system", SERVER),
        ("locale", "de_DE", "Faker has no such locale: write one such as de_DE"),
        ("date", "2025-01-01", DATE),
    ],
)
def test_an_empty_value_on_the_command_line_is_refused(
    name: str, elsewhere: str, hint: str, empty: str
) -> None:
    refused = f"--supaseed-{name.replace('_', '-')} is '': {hint}"
    assert refusal({name: empty}) == refused
    # What is given elsewhere does not take its place.
    environment = {ENVIRONMENT: elsewhere} if name == "postgres" else {}
    assert refusal({name: empty}, environment, **{name: elsewhere}) == refused


def test_an_empty_password_on_the_command_line_is_one() -> None:
    settings = settings_of({"user_password": ""}, None, user_password="other")
    assert settings.project_options == (("user_password", ""),)


def test_a_plan_keeps_nothing_and_reads_what_is_asked_for_all_the_same() -> None:
    assert resolve(OptionSources({"keep_most": "3"}), keep=True, plan=True).keep is None
    with pytest.raises(ConfigError, match="--supaseed-keep-most is '0': write a whole number of databases"):
        resolve(OptionSources({"keep_most": "0"}), keep=True, plan=True)
    with pytest.raises(ConfigError, match="nothing is kept without --supaseed-keep"):
        resolve(OptionSources({"keep_minutes": "5"}), plan=True)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    message = refusal(
        {"max_records": "x", "seed": None},
        {ENVIRONMENT: "docker"},
        seed="y",
        locale="qq",
        date="tomorrow",
        postgres="embedded",
    )
    assert message.splitlines() == [
        f"--supaseed-max-records is 'x': {NUMBER}",
        f"supaseed_seed is 'y': {SEED}",
        "supaseed_locale is 'qq': Faker has no such locale: write one such as de_DE",
        f"supaseed_date is 'tomorrow': {DATE}",
        f"the environment variable SUPASEED_POSTGRES is 'docker': {SERVER}",
    ]


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "de-DE", "en-US", "ja_JP", "fr_QC"])
def test_a_locale_that_faker_knows_is_none(locale: str) -> None:
    assert locale_problem(locale) == ""
    assert settings_of({"locale": locale}).locale == locale


@pytest.mark.parametrize(
    ("value", "fixture", "url"),
    [
        ("auto", None, False),
        ("embedded", None, False),
        ("system", None, False),
        ("/usr/lib/postgresql/16/bin", None, False),
        ("./bin", None, False),
        ("~/pg/bin", None, False),
        ("C:\\pg\\bin", None, False),
        ("fixture:postgresql_proc", "postgresql_proc", False),
        ("postgresql://localhost/postgres", None, True),
        ("postgres://localhost", None, True),
        ("postgresql+psycopg2://localhost", None, True),
        ("postgresql+psycopg://u:p@localhost", None, True),
    ],
)
def test_a_server_is_chosen_in_one_of_these_ways(value: str, fixture: str | None, url: bool) -> None:
    settings = settings_of({"postgres": value})
    assert settings.postgres == value
    assert settings.server_fixture == fixture
    assert settings.server_url == (value if url else None)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("auto", "auto"),
        ("/usr/bin", "/usr/bin"),
        ("fixture:proc", "fixture:proc"),
        ("postgresql://localhost/a", "postgresql://localhost/a"),
        ("postgresql://ann@localhost/a", "postgresql://ann@localhost/a"),
        ("postgresql://ann:s3cret@localhost:5432/a", "postgresql://ann:***@localhost:5432/a"),
        ("postgresql://ann:s3cr%40et@localhost/a", "postgresql://ann:***@localhost/a"),
        ("postgresql://ann:s3c:ret@localhost/a", "postgresql://ann:***@localhost/a"),
        ("postgresql://ann:s3cr@et@localhost/a", "postgresql://ann:***@localhost/a"),
    ],
)
def test_a_password_is_not_shown(value: str, shown: str) -> None:
    assert settings_of({"postgres": value}).shown_postgres == shown


@pytest.mark.parametrize(
    "value",
    [
        # libpq takes it there as well.
        "postgresql:///a?host=/tmp&user=ann&password=s3cret",
        "postgresql://localhost/a?password=s3cret&sslmode=require",
        # SQLAlchemy takes these as they are.
        "postgresql://ann:s3cret/x@localhost/a",
        "postgresql://ann:s3cret?x@localhost/a",
        "postgresql://ann:s3cret#x@localhost/a",
        "postgresql://ann:x[s3cret@localhost/a",
    ],
)
def test_a_password_is_shown_nowhere(value: str) -> None:
    assert "s3cret" not in settings_of({"postgres": value}).shown_postgres
    assert "s3cret" not in refusal({"postgres": value.replace("postgresql", "mysql")})


@pytest.mark.parametrize("password", ["s3cret", "s3c:ret", "s3cr@et"])
def test_a_password_is_not_shown_in_a_refusal(password: str) -> None:
    message = refusal({"postgres": f"mysql://ann:{password}@localhost/a"})
    assert message == f"--supaseed-postgres is 'mysql://ann:***@localhost/a': {ONLY}"


def told(name: str, value: str) -> str:
    try:
        resolve(OptionSources({name: value}))
    except ConfigError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", ["max_records", "seed", "locale", "postgres", "date"])
@given(st.text(max_size=20))
def test_whatever_is_given_is_taken_or_refused(name: str, value: str) -> None:
    message = told(name, value)
    start = f"--supaseed-{name.replace('_', '-')} is {value.strip()!r}: "
    assert not message or message.startswith(start)


@given(st.integers(0, 10**12), st.integers())
def test_whole_numbers_are_read(limit: int, number: int) -> None:
    settings = settings_of({"max_records": str(limit), "seed": str(number)})
    assert (settings.max_records, settings.seed) == (limit, number)


@pytest.mark.parametrize(
    ("hard", "asked", "limit"),
    [(False, None, 50), (False, 60, 60), (False, 0, 0), (True, None, 50), (True, 60, 50), (True, 0, 0)],
)
def test_no_marker_raises_a_limit_of_the_command_line(hard: bool, asked: int | None, limit: int) -> None:
    assert Settings(max_records=50, hard=hard).limit(asked) == limit


def test_settings_of_databases_are_lines() -> None:
    written = "\n TimeZone = UTC\napp.tenant = 'it''s = 7'\n\nsearch_path = \"$user\", public\napp.empty =\n"
    assert settings_of(settings=written).database == (
        ("app.empty", ""),
        ("app.tenant", "it's = 7"),
        ("search_path", '"$user", public'),
        ("TimeZone", "UTC"),
    )


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("app.tenant", "write a setting and its value in each line, as in app.tenant = 7"),
        (
            "7 = 8",
            "write the name of a setting, such as 'TimeZone', or 'app.tenant' for one of the application's",
        ),
        (
            "app. = 8",
            "write the name of a setting, such as 'TimeZone', or 'app.tenant' for one of the application's",
        ),
        (
            "ROLE = a",
            "it cannot be set for a whole database: let the test run SET ROLE, or connect as that role",
        ),
        (
            "default_transaction_read_only = on",
            "it cannot be set for a whole database: no row could be made: let the test run SET TRANSACTION READ ONLY",
        ),
    ],
)
def test_a_setting_of_databases_that_cannot_be_made(written: str, problem: str) -> None:
    assert refusal(settings=written) == f"supaseed_settings has {written!r}: {problem}"
    assert refusal(settings="a.b = 1\nA.B = 2") == "supaseed_settings has A.B twice: write it once"
