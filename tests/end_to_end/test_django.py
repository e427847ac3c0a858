"""Django projects under pytest-django, in sessions of their own, as Django can be set up once in a process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from forked import WITHOUT_PLUGINS

PROJECT = Path(__file__).parents[1] / "django_project"


@pytest.fixture
def django(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project whose settings name a database that does not exist."""
    without = WITHOUT_PLUGINS.replace("-p no:django", "").replace("-p no:asyncio", "")
    monkeypatch.setenv("PYTEST_ADDOPTS", without)
    shutil.copytree(PROJECT, project.path, dirs_exist_ok=True)
    project.path.joinpath("tox.ini").unlink()
    return project


@pytest.fixture
def django_server(django: pytest.Pytester, own_server: pytest.Pytester) -> pytest.Pytester:
    """The same, whose sessions start servers of their own."""
    return django


ISOLATION = """
    import threading
    import urllib.request

    import pytest
    from blog.models import Author, Post
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection, transaction
    from django.test import LiveServerTestCase, SimpleTestCase, TestCase, TransactionTestCase

    seeded = pytest.mark.seed(blog_author=2, blog_post=6)

    def add():
        return Author.objects.create(name="Ada", email="ada@example.org", website="https://a.org").pk

    @pytest.mark.django_db
    @seeded
    @pytest.mark.parametrize("turn", range(2))
    def test_rolled_back(turn, django_assert_num_queries, django_capture_on_commit_callbacks):
        with django_assert_num_queries(2):
            assert Post.objects.count() == 6
            assert add() == 3
        with django_capture_on_commit_callbacks() as callbacks:
            transaction.on_commit(lambda: None)
        assert len(callbacks) == 1

    @seeded
    def test_by_a_fixture(client, db):
        assert client.get("/count/").content == b"6"
        connection.cursor().execute("SHOW statement_timeout")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout'), current_setting('TimeZone'), "
                           "current_setting('application_name')")
            assert cursor.fetchone() == ("7s", "Europe/Berlin", "blog")

    @seeded
    def test_by_name_only(request):
        request.getfixturevalue("db")
        assert add() == 3

    @seeded
    def test_flushed_by_name_only(request):
        request.getfixturevalue("transactional_db")
        assert add() == 3

    @pytest.mark.django_db(transaction=True)
    @seeded
    @pytest.mark.parametrize("turn", range(2))
    def test_own(turn):
        assert add() == 3
        Post.objects.all().delete()
        thread = threading.Thread(target=add_another)
        thread.start()
        thread.join()
        assert Author.objects.count() == 4

    def add_another():
        # Its connection is left open.
        Author.objects.create(name="Eve", email="eve@example.org", website="https://e.org")

    @pytest.mark.django_db(reset_sequences=True)
    @seeded
    def test_sequences_after_the_seed():
        assert add() == 3

    @pytest.mark.django_db(transaction=True, serialized_rollback=True)
    @seeded
    def test_serialized():
        assert Post.objects.count() == 6 and ContentType.objects.count() == 7

    @seeded
    @pytest.mark.parametrize("turn", range(2))
    def test_live(live_server, turn):
        add()
        with urllib.request.urlopen(f"{live_server.url}/count/") as page:
            assert page.read() == b"6"

    @pytest.mark.django_db(transaction=True)
    @seeded
    @pytest.mark.asyncio
    async def test_async():
        assert await Post.objects.acount() == 6
        await Author.objects.all().adelete()

    @pytest.mark.django_db
    @seeded
    @pytest.mark.asyncio
    async def test_async_in_another_thread():
        assert await Author.objects.acount() == 2
        await Author.objects.all().adelete()

    @pytest.mark.django_db
    @seeded
    def test_same_database_as_ours(seeded_db):
        assert connection.settings_dict["NAME"] == seeded_db.url.database
        assert seeded_db.counts() == {**seeded_db.counts(), "blog_post": 6}
        assert Post.objects.count() == 6

    @seeded
    class TestShared(TestCase):
        @classmethod
        def setUpTestData(cls):
            assert Post.objects.count() == 6
            cls.author = add()

        def test_first(self):
            assert self.author == 3 and Author.objects.count() == 3
            assert Author.objects.create(name="B", email="b@b.org", website="https://b.org").pk == 4

        def test_second(self):
            assert Author.objects.count() == 3
            assert Author.objects.create(name="B", email="b@b.org", website="https://b.org").pk == 4

        @seeded
        def test_the_same_marker(self): ...

    @seeded
    class TestOwn(TransactionTestCase):
        fixtures = ["ada.json"]

        def test_first(self):
            assert Author.objects.count() == 3
            Author.objects.all().delete()

        test_second = test_first

        @pytest.mark.seed(blog_author=4)
        def test_another_marker(self):
            assert Author.objects.count() == 5

    @seeded
    class TestLive(LiveServerTestCase):
        def test_page(self):
            with urllib.request.urlopen(f"{self.live_server_url}/count/") as page:
                assert page.read() == b"6"

    class TestPlain(TestCase):
        def test_empty(self):
            assert Author.objects.count() == 0

    class TestPlainOwn(TransactionTestCase):
        def test_first(self):
            assert Author.objects.count() == 0 and ContentType.objects.count() == 7
            add()

        test_second = test_first

    class TestSimple(SimpleTestCase):
        def test_nothing(self): ...

    @pytest.mark.django_db
    def test_plain():
        assert add()

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("turn", range(2))
    def test_plain_own(turn):
        assert Author.objects.count() == 0
        add()

    def test_no_access():
        with pytest.raises(RuntimeError, match="Database access not allowed"):
            Author.objects.count()
"""
ADA = """[{"model": "blog.author", "pk": 100, "fields":
    {"name": "Ada", "email": "ada@example.org", "website": "https://a.org"}}]"""


@pytest.fixture
def isolated(django: pytest.Pytester) -> pytest.Pytester:
    """A project with tests of every kind."""
    django.makepyfile(ISOLATION)
    fixtures = django.path / "blog" / "fixtures"
    fixtures.mkdir()
    fixtures.joinpath("ada.json").write_text(ADA, encoding="utf-8")
    return django


def test_every_kind_of_test_finds_its_rows(isolated: pytest.Pytester) -> None:
    isolated.runpytest_subprocess().assert_outcomes(passed=29)


def test_in_any_order_and_in_workers(isolated: pytest.Pytester) -> None:
    # Each worker takes every other test.
    isolated.runpytest_subprocess("-n", "2", "--dist=load").assert_outcomes(passed=29)


def test_with_psycopg2(isolated: pytest.Pytester) -> None:
    settings = isolated.path / "config" / "settings.py"
    hidden = "import sys\n\nsys.modules['psycopg'] = None\n"
    settings.write_text(hidden + settings.read_text(encoding="utf-8"), encoding="utf-8")
    isolated.makeconftest("""
        import pytest

        @pytest.fixture(autouse=True, scope="session")
        def driver():
            from django.db.backends.postgresql import psycopg_any

            assert not psycopg_any.is_psycopg3
    """)
    isolated.runpytest_subprocess().assert_outcomes(passed=29)
