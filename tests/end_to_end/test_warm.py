"""What later sessions find of earlier ones."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

SCHEMA = """
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE stamp (at uuid PRIMARY KEY DEFAULT gen_random_uuid());
INSERT INTO stamp DEFAULT VALUES;
"""
# What the load has stamped tells whether it was loaded again, and the rows' ids whether they were made again.
TESTS = """
    import pytest
    from sqlalchemy import text

    @pytest.mark.seed(users=3)
    def test_stamp(seeded_session, supaseed_postgres):
        with open("stamps", "a") as file:
            print(seeded_session.scalar(text("SELECT at FROM stamp")), file=file)
        with open("places", "a") as file:
            print(seeded_session.scalar(text("SELECT string_agg(xmin::text, ' ') FROM users")), file=file)
        assert seeded_session.scalar(text("SELECT count(*) FROM users")) == 3

    @pytest.mark.seed(users=4)
    def test_own(seeded_db):
        assert seeded_db.counts()["users"] == 4
"""


@pytest.fixture
def cold(pytester: pytest.Pytester, choice: str, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project without a cache."""
    monkeypatch.setenv("SUPASEED_POSTGRES", choice)
    monkeypatch.delenv("CI", raising=False)
    return Project(pytester)


@pytest.fixture
def cached(cold: Project, own_server: pytest.Pytester) -> Project:
    """A project in whose cache there is the cluster as initdb makes it."""
    return cold


class Project:
    """A project whose sessions leave something to the next."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.path = pytester.path
        self.schema = self.path / "schema.sql"
        self.schema.write_text(SCHEMA, encoding="utf-8")
        pytester.makeini("[pytest]\nsupaseed_schema = schema.sql\n")
        pytester.makepyfile(TESTS)

    def run(self, *arguments: str, passed: int = 2) -> str:
        """Run a session, and return what its load has stamped."""
        # Workers are processes; else one more would only take longer.
        run = self.pytester.runpytest_subprocess if "-n" in arguments else self.pytester.runpytest_inprocess
        run(*arguments).assert_outcomes(passed=passed)
        stamps = (self.path / "stamps").read_text(encoding="utf-8").split("\n")[:-1]
        return stamps[-1]

    @property
    def kept(self) -> list[Path]:
        return sorted((self.path / ".pytest_cache" / "d" / "supaseed").glob("*.pack"))


def test_schema_and_rows_are_kept_for_the_next_session(cold: Project) -> None:
    first = cold.run()
    # The cluster as it was made, and with what was loaded into it.
    assert len(cold.kept) == 2
    assert cold.run() == first
    assert cold.run("-n", "2") == first
    places = (cold.path / "places").read_text(encoding="utf-8").split("\n")[:-1]
    assert len(places) == 3
    assert len(set(places)) == 1


def test_workers_keep_it_too(cold: Project) -> None:
    first = cold.run("-n", "2")
    assert cold.run("-n", "2") == first
    assert cold.run() == first


def test_a_schema_that_has_changed_is_loaded_again(cached: Project) -> None:
    first = cached.run()
    cached.schema.write_text(SCHEMA + "CREATE TABLE more (id int);\n", encoding="utf-8")
    second = cached.run()
    assert second != first
    assert cached.run() == second
    # What was kept for the old one is still there.
    cached.schema.write_text(SCHEMA, encoding="utf-8")
    assert cached.run() == first


def test_other_seeds_are_made_and_kept_beside_it(cached: Project) -> None:
    first = cached.run()
    assert cached.run("--supaseed-seed=7") == first
    assert cached.run("--supaseed-seed=7") == first
    places = (cached.path / "places").read_text(encoding="utf-8").split("\n")[:-1]
    assert places[0] != places[1] == places[2]


def test_other_settings_of_the_server_have_another_cluster(cached: Project) -> None:
    first = cached.run()
    cached.pytester.makeini(
        "[pytest]\nsupaseed_schema = schema.sql\npostgresql_postgres_options = -c work_mem=5MB\n"
    )
    assert cached.run() != first


@pytest.mark.parametrize("argument", ["--cache-clear", "-pno:cacheprovider"])
def test_pytests_own_options_are_honoured(cached: Project, argument: str) -> None:
    first = cached.run()
    assert cached.run(argument) != first


def test_nothing_is_kept_without_a_cache(cold: Project) -> None:
    cold.run("-pno:cacheprovider")
    assert not (cold.path / ".pytest_cache").exists()


def test_a_folder_that_another_worker_has_just_made_is_used(
    cold: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = pytest.Cache.mkdir

    def mkdir(cache: pytest.Cache, name: str) -> Path:
        folder = made(cache, name)
        other = folder.parent / "supaseed"
        other.mkdir(mode=0o700, exist_ok=True)
        (other / "of another worker").touch(0o600)
        return folder

    monkeypatch.setattr(pytest.Cache, "mkdir", mkdir)
    cold.run()
    assert len(cold.kept) == 2


def damage(path: Path, how: str) -> None:
    content = path.read_bytes()
    if how == "cut off":
        path.write_bytes(content[: len(content) // 2])
    elif how == "overwritten":
        middle = len(content) // 2
        path.write_bytes(
            content[: middle // 4] + bytes(len(content) - 2 * (middle // 4)) + content[-(middle // 4) :]
        )
    elif how == "emptied":
        path.write_bytes(b"")
    else:
        path.unlink()
        path.mkdir()


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_what_is_damaged_is_made_anew(cached: Project, workers: list[str]) -> None:
    last = cached.run()
    for how in ("overwritten",) if workers else ("cut off", "overwritten", "emptied", "a folder"):
        for path in (cached.path / ".pytest_cache" / "d" / "supaseed").iterdir():
            damage(path, how)
        made = cached.run(*workers)
        assert made != last, how
        if how != "a folder":
            assert cached.run() == made, how
        last = made


def test_a_cache_that_cannot_be_written_is_no_error(cold: Project) -> None:
    (cold.path / ".pytest_cache" / "d").mkdir(parents=True)
    (cold.path / ".pytest_cache" / "d" / "supaseed").write_text("in the way", encoding="utf-8")
    assert cold.run() != cold.run()


def test_a_schema_whose_content_is_code_is_loaded_again(cold: Project) -> None:
    (cold.path / "loads.py").write_text(
        "import pathlib\n\ndef load(connection):\n"
        "    connection.exec_driver_sql(pathlib.Path('schema.sql').read_text())\n",
        encoding="utf-8",
    )
    cold.pytester.makeini("[pytest]\nsupaseed_schema = loads:load\n")
    assert cold.run() != cold.run()
    # But the cluster that initdb made is there.
    assert len(cold.kept) == 1


def test_what_functions_have_made_is_made_again(cached: Project) -> None:
    cached.pytester.makeconftest("""
        import itertools
        import pytest

        NUMBERS = itertools.count(1)

        def email(faker):
            with open("calls", "a") as file:
                print("called", file=file)
            return f"{next(NUMBERS)}@example.com"

        @pytest.fixture(scope="session")
        def supaseed_generators():
            return {"users.email": email}
    """)
    first = cached.run()
    assert cached.run() == first
    assert (cached.path / "calls").read_text(encoding="utf-8").count("called") == 2 * (3 + 4)


def test_a_role_of_the_schema_is_there_again_and_one_of_a_test_is_not(cached: Project) -> None:
    cached.schema.write_text(
        SCHEMA + "CREATE ROLE reader; GRANT SELECT ON users TO reader;\n", encoding="utf-8"
    )
    first = cached.run()
    cached.pytester.makepyfile(
        test_role="""
        import pytest
        from sqlalchemy import text

        @pytest.mark.seed(users=9)
        def test_role(seeded_engine):
            with seeded_engine.begin() as connection:
                connection.execute(text("SET ROLE reader"))
                assert connection.scalar(text("SELECT count(*) FROM users")) == 9
                connection.execute(text("RESET ROLE"))
                connection.execute(text("CREATE ROLE of_a_test"))
        """
    )
    assert cached.run(passed=3) == first
    # It would have met its own role.
    assert cached.run(passed=3) == first


def test_a_sequence_of_sessions_does_not_grow_the_cache(cached: Project) -> None:
    cached.run()
    sizes = [path.stat().st_size for path in cached.kept]
    cached.run()
    assert [path.stat().st_size for path in cached.kept] == sizes
    assert sum(sizes) < 60 << 20


MODELS = """
import enum
import uuid
from sqlalchemy import Enum, MetaData, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    metadata = MetaData()

class Kind(enum.Enum):
    {members}

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(Enum(Kind, native_enum=False, length=9))
"""


def test_rows_are_made_again_where_models_declare_something_else(
    cached: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached.pytester.makeini("[pytest]\nsupaseed_schema = shop:Base\n")
    cached.pytester.makepyfile(
        """
        import pytest
        from sqlalchemy import select, text

        @pytest.mark.seed(users=4)
        def test_users(seeded_session):
            from shop import User
            kinds = {user.kind.name for user in seeded_session.scalars(select(User))}
            places = seeded_session.scalar(text("SELECT string_agg(xmin::text, ' ') FROM users"))
            with open("stamps", "a") as file:
                print(sorted(kinds), places, file=file)
        """
    )
    found = []
    for members in ("A = 1; B = 2", "A = 1; B = 2", "C = 1; D = 2"):
        (cached.path / "shop.py").write_text(MODELS.format(members=members), encoding="utf-8")
        monkeypatch.delitem(sys.modules, "shop", raising=False)
        found.append(cached.run(passed=1))
        (cached.path / "__pycache__").exists() and shutil.rmtree(cached.path / "__pycache__")
    assert found[0] == found[1]
    # The tables are the same, the rows are not.
    assert [line.partition("]")[0] for line in found[1:]] == ["['A', 'B'", "['C', 'D'"]
