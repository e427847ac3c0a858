from __future__ import annotations

from collections.abc import Iterator

import psycopg2
import pytest
from sqlalchemy import URL

from leftovers import until
from pytest_supaseed.errors import ServerError
from pytest_supaseed.postgres.databases.database import Databases, PreparedClones
from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.postgres.databases.templates import Templates, template_name


@pytest.fixture
def sessions(server_url: URL) -> Iterator[list[Databases]]:
    """Two sessions on a server that somebody else runs."""
    found = [Databases(server_url), Databases(server_url)]
    yield found
    for databases in found:
        if not databases.maintenance._connection.closed:
            databases.drop_all()
            Templates(databases).sweep()
            close(databases)


def close(databases: Databases) -> None:
    """End a session, as the end of its process would, and wait until the server knows."""
    name = f"pytest-supaseed {databases.prefix}"
    databases.close()
    observer = Databases(databases.maintenance.url)
    until(lambda: name not in observer.maintenance.present())
    observer.close()


def names(databases: Databases) -> set[str]:
    return {name for (name,) in databases.maintenance.query("SELECT datname FROM pg_database")}


class Maker:
    """Makes a template's database, and counts how often it had to."""

    def __init__(self, databases: Databases) -> None:
        self.databases = databases
        self.calls = 0

    def __call__(self) -> tuple[str, dict[str, object]]:
        self.calls += 1
        name = self.databases.create()
        with psycopg2.connect(libpq_url(self.databases.url(name))) as connection:
            connection.cursor().execute("CREATE TABLE kept (id int)")
        connection.close()
        return name, {"counts": [self.calls]}


def test_a_template_is_made_once_for_all_sessions(sessions: list[Databases]) -> None:
    makers = [Maker(databases) for databases in sessions]
    name = template_name("supaseed", "seed", "once")
    notes = [Templates(databases).get(name, maker) for databases, maker in zip(sessions, makers, strict=True)]
    assert [maker.calls for maker in makers] == [1, 0]
    assert [each["counts"] for each in notes] == [[1], [1]]
    copy = sessions[1].create(name)
    with psycopg2.connect(libpq_url(sessions[1].url(copy))) as connection:
        connection.cursor().execute("SELECT FROM kept")
    connection.close()


def test_a_connection_that_its_maker_has_left_is_ended(sessions: list[Databases]) -> None:
    left = []

    def make() -> tuple[str, dict[str, object]]:
        name = sessions[0].create()
        left.append(psycopg2.connect(libpq_url(sessions[0].url(name))))
        return name, {}

    name = template_name("supaseed", "tmpl", "left")
    Templates(sessions[0]).get(name, make)
    assert sessions[0].create(name)
    with pytest.raises(psycopg2.Error, match="terminat"):
        left[0].cursor().execute("SELECT")
    left[0].close()


def test_what_another_session_may_use_stays(sessions: list[Databases]) -> None:
    name = template_name("supaseed", "seed", "used")
    for databases in sessions:
        Templates(databases).get(name, Maker(databases))
    mine = sessions[1].create(name)
    sessions[0].drop_all()
    Templates(sessions[0]).sweep()
    assert {name, mine} <= names(sessions[1])
    close(sessions[0])
    sessions[1].drop_all()
    Templates(sessions[1]).sweep()
    assert not {name, mine} & names(sessions[1])


def test_what_a_session_that_has_died_has_left_goes(sessions: list[Databases]) -> None:
    left = sessions[0].create()
    unpublished = Maker(sessions[0])()[0]
    close(sessions[0])
    Templates(sessions[1]).sweep()
    assert not {left, unpublished} & names(sessions[1])


def test_a_session_drops_what_it_has_left_though_it_does_not_remember_it(sessions: list[Databases]) -> None:
    # A server that recovers from a crash may have lost that the database was renamed or dropped.
    forgotten, kept = sessions[0].create(), sessions[1].create()
    sessions[0].forget(forgotten)
    Templates(sessions[0]).leave()
    assert forgotten not in names(sessions[1])
    assert kept in names(sessions[1])


def test_of_two_sessions_that_end_at_once_the_second_drops_their_template(sessions: list[Databases]) -> None:
    name = template_name("supaseed", "seed", "ending")
    for databases in sessions:
        Templates(databases).get(name, Maker(databases))
    Templates(sessions[0]).leave()
    assert name in names(sessions[1])
    # The connections of the first are still there.
    assert sessions[0].maintenance.query("SELECT 1") == [(1,)]
    Templates(sessions[1]).leave()
    assert name not in names(sessions[0])


def test_what_nobody_has_asked_for_since_yesterday_goes(
    sessions: list[Databases], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = template_name("supaseed", "seed", "old")
    monkeypatch.setattr("pytest_supaseed.postgres.databases.templates.clock.now", lambda: 0.0)
    Templates(sessions[0]).get(name, Maker(sessions[0]))
    monkeypatch.undo()
    Templates(sessions[1]).sweep()
    assert name not in names(sessions[0])


def test_others_databases_are_left_alone(sessions: list[Databases], empty_database: URL) -> None:
    query = "COMMENT ON DATABASE {} IS {}"
    for comment in ("pytest-supaseed is what I use", "pytest-supaseed {}", "pytest-supaseed [1]"):
        sessions[0].maintenance.query(query.format(f'"{empty_database.database}"', f"'{comment}'"))
        Templates(sessions[1]).sweep()
        assert sessions[1].exists(str(empty_database.database))
    with pytest.raises(ServerError, match="is not one that this session created, and stays"):
        sessions[0].drop(str(empty_database.database))


def test_a_template_whose_files_cannot_be_had_is_made_anew(sessions: list[Databases]) -> None:
    name = template_name("supaseed", "seed", "damaged")
    Templates(sessions[0]).get(name, Maker(sessions[0]))
    again = Maker(sessions[0])
    Templates(sessions[0], lambda created: False).get(name, again)
    assert again.calls == 1


@pytest.mark.parametrize("prefix", ["tests", "x" * 63, "ä" * 31])
def test_a_name_fits(prefix: str) -> None:
    name = template_name(prefix, "seed", "0" * 16)
    assert len(name.encode()) <= 63
    assert name.endswith("_seed_" + "0" * 16)


def test_copies_are_made_ahead(sessions: list[Databases]) -> None:
    databases = sessions[0]
    name = template_name("supaseed", "seed", "ahead")
    Templates(databases).get(name, Maker(databases))
    clones = PreparedClones(databases)
    clones.want(name, 2)
    clones.want(name, 2)
    taken = [clones.take(name) for _ in range(3)]
    assert len(set(taken)) == 3
    assert set(taken) <= names(databases)
    clones.drop(taken[0])
    clones.proceed()
    clones.poll_drops()
    clones.close(wait=True)
    assert taken[0] not in names(databases)
    databases.drop_all()
    assert not set(taken) & names(databases)


def test_copies_of_what_is_not_there_say_so_when_they_are_asked_for(sessions: list[Databases]) -> None:
    clones = PreparedClones(sessions[0])
    clones.want("supaseed_seed_nowhere", 2)
    with pytest.raises(ServerError, match='could not be created: template database "supaseed_seed_nowhere"'):
        clones.take("supaseed_seed_nowhere")
    clones.close(wait=True)


def test_a_server_that_takes_no_more_connections_makes_none_ahead(
    sessions: list[Databases], monkeypatch: pytest.MonkeyPatch
) -> None:
    databases = sessions[0]
    name = template_name("supaseed", "seed", "full")
    Templates(databases).get(name, Maker(databases))
    parameters = databases.maintenance.parameters()
    monkeypatch.setattr(databases.maintenance, "parameters", lambda: {**parameters, "port": 1})
    clones = PreparedClones(databases)
    clones.want(name, 1)
    clones.drop(databases.create())
    clones.proceed()
    assert clones.take(name) in names(databases)
    clones.close(wait=True)


def test_what_is_dropped_in_the_background_loses_its_connections(sessions: list[Databases]) -> None:
    databases = sessions[0]
    name = databases.create()
    connection = psycopg2.connect(libpq_url(databases.url(name)))
    clones = PreparedClones(databases)
    clones.drop(name)
    clones.proceed()
    clones.close(wait=True)
    assert name not in names(databases)
    connection.close()
