"""Models in the place of table names, and the decorators, in sessions."""

from __future__ import annotations

import pytest

from test_markers_in_sessions import refused

MODELS = """
    from sqlalchemy import Column, ForeignKey, Integer, Table
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase): ...

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        full_name: Mapped[str] = mapped_column("name")

    class Setup(Base):
        __tablename__ = "setups"
        __table_args__ = {"schema": "shop"}
        id: Mapped[int] = mapped_column(primary_key=True)
        user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    tags = Table("tags", Base.metadata, Column("id", Integer, primary_key=True))

    class Other(DeclarativeBase): ...

    class Thing(Other):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
"""


@pytest.fixture
def shop(project: pytest.Pytester) -> pytest.Pytester:
    project.makepyfile(shop_models=MODELS)
    project.makeini("[pytest]\nsupaseed_schema = shop_models:Base\naddopts = --strict-markers -W default")
    return project


TESTS = """
    import pytest
    from pytest_supaseed import Rows, seed, seed_options, seeded_database
    from sqlalchemy import select
    from shop_models import Setup, User, tags

    pytestmark = seed({tags: 2})
    camp = seeded_database({User: 3, Setup: 6}, scope="module")

    @seed({User: {"count": 5, "full_name": "Ann"}, Setup: Rows(per={User: 2})})
    @seed_options(seed=3)
    def test_models(seeded_db):
        assert seeded_db.counts()[User] == 5
        assert seeded_db.counts()["tags"] == 2
        assert {row["name"] for row in seeded_db.rows(User)} == {"Ann"}
        assert len(seeded_db.rows(Setup)) == 10
        assert set(seeded_db.spread(Setup, User).values()) == {2}
        assert seeded_db.spec.seed == 3

    @seed(users=3)
    class TestClass:
        def test_by_name(self, seeded_session):
            assert len(seeded_session.scalars(select(User)).all()) == 3

        @seed({User: 4})
        def test_the_nearest_wins(self, seeded_db):
            assert seeded_db.counts()["users"] == 4

    @pytest.mark.parametrize(
        "number", [pytest.param(1, marks=seed(users=1)), pytest.param(2, marks=[seed({User: 2})])]
    )
    def test_parameters(number, seeded_db):
        assert seeded_db.counts()["users"] == number

    def test_factory(camp):
        assert camp.counts()[Setup] == 6

    def test_no_model(seeded_db):
        with pytest.raises(Exception, match="int is a class without a table"):
            seeded_db.rows(int)
"""


@pytest.mark.parametrize("arguments", [(), ("-n", "2"), ("--import-mode=importlib",)])
def test_models_stand_for_their_tables(shop: pytest.Pytester, arguments: tuple[str, ...]) -> None:
    shop.makepyfile(TESTS)
    shop.runpytest_subprocess(*arguments).assert_outcomes(passed=7)
    assert shop.runpytest_subprocess("--collect-only", *arguments).ret == pytest.ExitCode.OK


def test_what_stands_for_no_table_is_a_usage_error(shop: pytest.Pytester) -> None:
    assert refused(
        shop,
        """
        from pytest_supaseed import Rows, seed, seed_options
        from shop_models import Base, Setup, User

        @seed
        @seed_options
        def test_1(): ...

        @seed({Base: 1}, users=2)
        def test_2(): ...

        @seed({User: 3}, users=4)
        def test_3(): ...

        @seed({"users": 3, User: 4})
        def test_4(): ...

        @seed({Setup: Rows(per={Base: 3})})
        def test_5(): ...

        @seed(users=2)
        @seed_options(maxrecords=3)
        def test_6(): ...
        """,
    ) == [
        "ERROR: supaseed: 7 problems in what the tests ask for; nothing was run.",
        "test_refused.py:4: test_refused.py::test_1",
        "    @pytest.mark.seed: names no table: write how many rows each table shall hold, as in seed(users=5)",
        "    @pytest.mark.seed_options: names no option: write one, as in seed_options(max_records=50_000)",
        "test_refused.py:8: test_refused.py::test_2",
        "    @pytest.mark.seed: Base is a declarative base, and has no table: name a class that is mapped to one",
        "test_refused.py:11: test_refused.py::test_3",
        "    @pytest.mark.seed: users is named twice, in the mapping and as a keyword: keep one of them",
        "test_refused.py:14: test_refused.py::test_4",
        "    @pytest.mark.seed: users is named twice, and User is one of its names: keep one of them",
        "test_refused.py:17: test_refused.py::test_5",
        "    @pytest.mark.seed: shop.setups has per={<class 'shop_models.Base'>: 3}: Base is a declarative base, and "
        "has no table: name a class that is mapped to one",
        "test_refused.py:20: test_refused.py::test_6",
        "    @pytest.mark.seed_options: has no option 'maxrecords': write one of max_records, seed, locale, date, "
        "settings, vary_defaults (did you mean 'max_records'?)",
    ]


FOREIGN = """
    from pytest_supaseed import seed
    from shop_models import Thing

    @seed({Thing: 3})
    def test_foreign(seeded_db): ...
"""
SAID = "Thing is a model of another MetaData than that of {}, which makes the schema: *"


def test_a_model_of_another_metadata_is_a_usage_error(shop: pytest.Pytester) -> None:
    shop.makepyfile(FOREIGN)
    result = shop.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"    @pytest.mark.seed: {SAID.format('shop_models:Base')}"])


def test_a_model_of_another_metadata_than_a_fixtures_is_an_error_of_the_test(shop: pytest.Pytester) -> None:
    shop.makepyfile(FOREIGN)
    shop.makeconftest("""
        import pytest
        from shop_models import Base

        @pytest.fixture(scope="session")
        def supaseed_schema():
            return Base
    """)
    result = shop.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([SAID.format("supaseed_schema")])
