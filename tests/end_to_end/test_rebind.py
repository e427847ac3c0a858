"""Engines and sessionmakers of an application that are pointed at the database of the running test."""

from __future__ import annotations

from pathlib import Path

import pytest

SHOP = """
    from sqlalchemy import create_engine, text
    from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
    from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, scoped_session, sessionmaker

    # It leads nowhere: none of the tests may connect to it.
    URL = "postgresql+psycopg2://nobody@127.0.0.1:1/nowhere"
    engine = create_engine(URL)
    SessionLocal = sessionmaker(engine)
    Scoped = scoped_session(SessionLocal)
    Unbound = sessionmaker()
    async_engine = create_async_engine(URL.replace("psycopg2", "asyncpg"))
    AsyncLocal = async_sessionmaker(async_engine, expire_on_commit=False)

    class Base(DeclarativeBase):
        pass

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        email: Mapped[str] = mapped_column(unique=True)
"""
INI = """
    [pytest]
    supaseed_schema = shop:Base
"""


@pytest.fixture
def shop(project: pytest.Pytester) -> pytest.Pytester:
    project.makeini("\n".join(line[4:] for line in INI.splitlines()))
    project.makepyfile(shop=SHOP)
    return project


def test_what_the_application_has_made_leads_to_the_test(shop: pytest.Pytester) -> None:
    shop.makeconftest(
        """
        from pytest_supaseed import rebind
        from shop import Scoped, SessionLocal, Unbound, engine

        database = rebind(engine, Unbound, autouse=True)
        """
    )
    shop.makepyfile(
        """
        import pytest
        from sqlalchemy import event, func, inspect, select, text
        from sqlalchemy.exc import IntegrityError
        from shop import Base, Scoped, SessionLocal, Unbound, User, engine

        pytestmark = pytest.mark.seed(users=3)
        COUNT = select(func.count()).select_from(User)

        @pytest.mark.parametrize("turn", range(2))
        def test_a_transaction_is_a_savepoint(seeded_session, turn):
            seeded_session.add(User(email="mine"))
            seeded_session.flush()
            with engine.connect() as connection:
                assert connection.scalar(COUNT) == 4
                connection.execute(text("DELETE FROM users"))
                # Not committed, so undone; the test's own is there.
            assert seeded_session.scalar(COUNT) == 4
            seeded_session.commit()
            with engine.begin() as connection:
                connection.execute(text("DELETE FROM users WHERE email = 'mine'"))
            with pytest.raises(ZeroDivisionError), engine.begin() as connection:
                connection.execute(text("DELETE FROM users"))
                1 / 0
            with pytest.raises(IntegrityError), engine.begin() as connection:
                connection.execute(text("UPDATE users SET email = 'same'"))
            assert seeded_session.scalar(COUNT) == 3

        @pytest.mark.parametrize("turn", range(2))
        def test_sessions(seeded_session, turn):
            with SessionLocal() as session:
                session.add(User(email=f"of the application {turn}"))
                session.commit()
                session.add(User(email="dropped"))
                session.flush()
                session.rollback()
            assert seeded_session.scalar(COUNT) == 4
            Scoped.add(User(email="scoped"))
            Scoped.commit()
            Scoped.remove()
            with Unbound() as session:
                session.add(User(email="unbound"))
                session.commit()
            assert seeded_session.scalars(select(User.email)).all()[-2:] == ["scoped", "unbound"]

        def test_nested_and_two_at_once(seeded_connection):
            with SessionLocal() as outer, SessionLocal() as inner:
                outer.add(User(email="outer"))
                outer.flush()
                with inner.begin_nested():
                    inner.add(User(email="inner"))
                inner.commit()
                outer.commit()
            assert seeded_connection.scalar(COUNT) == 5

        def test_inspection_and_create_all(seeded_connection):
            assert inspect(engine).get_table_names() == ["users"]
            Base.metadata.create_all(engine)
            engine.dispose()
            with engine.connect() as connection:
                assert connection.scalar(COUNT) == 3

        def test_listeners_of_the_engine_are_told(seeded_connection):
            seen = []
            listen = lambda connection, cursor, statement, *more: seen.append(statement)
            event.listen(engine, "before_cursor_execute", listen)
            try:
                with SessionLocal() as session:
                    session.scalar(COUNT)
            finally:
                event.remove(engine, "before_cursor_execute", listen)
            assert len(seen) == 1

        def test_a_database_of_its_own(seeded_db):
            with engine.begin() as connection:
                connection.execute(text("DELETE FROM users"))
            with SessionLocal() as one, SessionLocal() as other:
                assert one.scalar(text("SELECT pg_backend_pid()")) != other.scalar(text("SELECT pg_backend_pid()"))
            with Unbound() as session:
                assert session.scalar(COUNT) == 0
            assert seeded_db.counts()["users"] == 0

        def test_by_itself():
            # With autouse= the test needs to name none of the fixtures.
            with SessionLocal() as session:
                assert session.scalar(COUNT) == 3
        """
    )
    shop.runpytest_inprocess("-W", "error").assert_outcomes(passed=9)


def test_async_ones(shop: pytest.Pytester) -> None:
    shop.makeconftest(
        """
        from pytest_supaseed import rebind
        from shop import AsyncLocal

        database = rebind(AsyncLocal, autouse=True)
        """
    )
    shop.makepyfile(
        """
        import asyncio
        import pytest
        from sqlalchemy import func, select, text
        from shop import AsyncLocal, User, async_engine

        pytestmark = pytest.mark.seed(users=3)
        COUNT = select(func.count()).select_from(User)

        @pytest.mark.parametrize("turn", range(2))
        async def test_sessions(seeded_async_session, turn):
            seeded_async_session.add(User(email="mine"))
            await seeded_async_session.commit()
            async with AsyncLocal() as session:
                assert await session.scalar(COUNT) == 4
                session.add(User(email="theirs"))
                await session.commit()
                await session.execute(text("DELETE FROM users"))
            async with async_engine.connect() as connection:
                assert await connection.scalar(COUNT) == 5
            assert await seeded_async_session.scalar(COUNT) == 5

        async def test_without_one_of_our_sessions():
            async with AsyncLocal() as session:
                assert await session.scalar(COUNT) == 3

        async def test_a_database_of_its_own(seeded_db):
            async with async_engine.begin() as connection:
                await connection.execute(text("DELETE FROM users"))
            assert seeded_db.counts()["users"] == 0

        def test_that_is_not_async():
            async def work():
                async with AsyncLocal() as session:
                    return await session.scalar(COUNT)
            assert asyncio.run(work()) == 3
        """
    )
    options = ("-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function")
    result = shop.runpytest_subprocess("-p", "pytest_asyncio.plugin", *options, "-W", "error")
    result.assert_outcomes(passed=5)


def test_as_a_block(shop: pytest.Pytester) -> None:
    shop.makepyfile(
        """
        import pytest
        from sqlalchemy import func, select, text
        from sqlalchemy.exc import OperationalError
        from shop import SessionLocal, User, engine
        from pytest_supaseed import rebind

        pytestmark = pytest.mark.seed(users=3)
        COUNT = select(func.count()).select_from(User)

        @pytest.mark.parametrize("given", ["seeded_connection", "seeded_session", "seeded_engine", "seeded_db"])
        def test_block(given, request):
            to, pool = request.getfixturevalue(given), engine.pool
            with rebind(SessionLocal, to=to):
                with SessionLocal.begin() as session:
                    session.add(User(email="x"))
                with engine.connect() as connection:
                    assert connection.scalar(COUNT) == 4
            assert engine.pool is pool
            with pytest.raises(OperationalError, match="nowhere|refused"):
                engine.connect()
        """
    )
    result = shop.runpytest_inprocess("-W", "error")
    # Asked for by getfixturevalue(), the last two are no fixtures that are known beforehand.
    result.assert_outcomes(passed=4)


@pytest.mark.parametrize(
    ("target", "to", "said"),
    [
        (
            "3",
            "",
            "rebind(3): give it an engine, a sessionmaker, a scoped_session, *",
        ),
        ("", "", "rebind(): name what it is to rebind, as in rebind(engine) or rebind(SessionLocal)"),
        (
            "engine",
            ", to=3",
            "rebind(..., to=3): give it seeded_connection, *",
        ),
        (
            "create_engine('sqlite://')",
            ", to=seeded_session",
            "rebind(): the engine is one of sqlite, whose SQL the application would go on to write: let the "
            "application have a postgresql:// URL in tests; supaseed_env = DATABASE_URL in the ini gives it one",
        ),
        (
            "create_engine(URL.replace('psycopg2', 'psycopg'))",
            ", to=seeded_session",
            "rebind(): the engine works with psycopg, and the test's connection with psycopg2: set supaseed_driver = "
            "psycopg in the ini, or let the test ask for seeded_db, whose database any driver connects to",
        ),
        (
            "async_engine",
            ", to=seeded_session",
            "rebind(): the engine is async: give it seeded_async_session, or *",
        ),
    ],
)
def test_what_cannot_be_rebound_is_told_what_to_write(
    shop: pytest.Pytester, target: str, to: str, said: str
) -> None:
    shop.makepyfile(
        f"""
        import pytest
        from shop import *
        from pytest_supaseed import rebind
        from pytest_supaseed.errors import SeedError

        @pytest.mark.seed(users=3)
        def test_it(seeded_session):
            with pytest.raises(SeedError) as error:
                with rebind({target}{to}):
                    pass
            print(error.value)
        """
    )
    result = shop.runpytest_inprocess("-s", "-W", "error")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"*{said}"])


def test_with_psycopg_3(shop: pytest.Pytester) -> None:
    shop.makepyfile(
        """
        import pytest
        from sqlalchemy import create_engine, func, select
        from shop import URL, User
        from pytest_supaseed import rebind

        engine = create_engine(URL.replace("psycopg2", "psycopg"))
        database = rebind(engine)
        COUNT = select(func.count()).select_from(User)

        @pytest.mark.seed(users=3)
        @pytest.mark.parametrize("turn", range(2))
        def test_it(database, seeded_session, turn):
            with engine.begin() as connection:
                connection.execute(User.__table__.delete())
            assert seeded_session.scalar(COUNT) == 0
        """
    )
    result = shop.runpytest_inprocess("-o", "supaseed_driver=psycopg", "-W", "error")
    result.assert_outcomes(passed=2)


FLASK = """
    import os
    from flask import Flask
    from flask_sqlalchemy import SQLAlchemy

    db = SQLAlchemy()

    class User(db.Model):
        __tablename__ = "users"
        id = db.Column(db.Integer, primary_key=True)
        email = db.Column(db.String, unique=True, nullable=False)

    def create_app():
        app = Flask(__name__)
        app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql+psycopg2://nobody@127.0.0.1:1/nowhere"
        db.init_app(app)

        @app.post("/users/<email>")
        def add(email):
            db.session.add(User(email=email))
            db.session.commit()
            return {"users": User.query.count()}

        return app
"""


def test_flask_sqlalchemys_db(project: pytest.Pytester) -> None:
    project.makepyfile(site_=FLASK + "\n    metadata = db.metadata\n")
    project.makeini("[pytest]\nsupaseed_schema = site_:metadata")
    project.makeconftest(
        """
        import pytest
        from pytest_supaseed import rebind
        from site_ import create_app, db

        database = rebind(db, autouse=True)

        @pytest.fixture(scope="session")
        def app():
            return create_app()

        @pytest.fixture
        def another():
            # Made while the extension is rebound.
            return create_app()
        """
    )
    project.makepyfile(
        """
        import pytest
        from site_ import User, db

        pytestmark = pytest.mark.seed(users=3)

        @pytest.mark.parametrize("turn", range(2))
        @pytest.mark.parametrize("which", ["app", "another"])
        def test_it(which, seeded_session, turn, request):
            app = request.getfixturevalue(which)
            assert app.test_client().post("/users/me").json == {"users": 4}
            assert seeded_session.query(User).count() == 4
            seeded_session.add(User(email="you"))
            seeded_session.commit()
            with app.app_context():
                assert User.query.count() == 5

        def test_own(seeded_db, app):
            assert app.test_client().post("/users/me").json == {"users": 4}
            assert seeded_db.counts()["users"] == 4
        """
    )
    result = project.runpytest_inprocess("-W", "error", "-W", "ignore::DeprecationWarning")
    result.assert_outcomes(passed=5)


MIGRATED = """
    from flask_migrate import Migrate, upgrade
    from pytest_supaseed import rebind
    from site_ import create_app, db

    def make():
        app = create_app()
        Migrate(app, db)
        return app

    def load(connection):
        app = make()
        with app.app_context(), rebind(db, to=connection.engine):
            upgrade()
"""
REVISION = """
    import sqlalchemy as sa
    from alembic import op

    revision, down_revision = "1", None

    def upgrade():
        columns = sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.Text, unique=True)
        op.create_table("users", *columns)
"""


def test_flask_migrates_ini_is_answered_with_a_function_that_works(project: pytest.Pytester) -> None:
    flask_migrate = pytest.importorskip("flask_migrate")
    template = Path(flask_migrate.__file__).parent / "templates" / "flask"
    folder = project.path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako", "alembic.ini.mako"):
        (folder / name.removesuffix(".mako" if "ini" in name else "?")).write_text(
            (template / name).read_text()
        )
    (folder / "versions" / "1_users.py").write_text("\n".join(line[4:] for line in REVISION.splitlines()))
    project.makepyfile(
        site_=FLASK,
        migrated=MIGRATED,
        test_it="""
        import pytest

        @pytest.mark.seed(users=3)
        def test_it(seeded_db):
            assert seeded_db.counts()["users"] == 3
        """,
    )
    project.makeini("[pytest]\nsupaseed_schema = migrations/alembic.ini")
    result = project.runpytest_inprocess("-W", "ignore::DeprecationWarning")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([
        "*migrations/alembic.ini*: it has no script_location. If it is Flask-Migrate's, its env.py needs your *",
        "*with app.app_context(), rebind(db, to=connection.engine):",
        "*Otherwise add script_location = %(here)s, or the folder with env.py, to its section [[]alembic[]].",
    ])  # fmt: skip
    project.makeini("[pytest]\nsupaseed_schema = migrated:load")
    project.runpytest_inprocess("-W", "ignore::DeprecationWarning").assert_outcomes(passed=1)
