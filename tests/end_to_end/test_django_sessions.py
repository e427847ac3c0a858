"""Django projects under pytest-django, in sessions of their own, as Django can be set up once in a process."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from textwrap import dedent

import pytest

from forked import WITHOUT_PLUGINS

AFTER_COLLECTION = (
    "the fixture supaseed_schema gives 'django', which has to be known before the tests are collected: write "
    "supaseed_schema = django into the ini"
)
PROJECT = Path(__file__).parents[1] / "django_project"

pytestmark = pytest.mark.usefixtures("django_imported")


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
            assert cursor.fetchone() == ("77s", "Europe/Berlin", "blog")

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


VALUES = """
    import pytest
    from blog.models import Author, Post, Tag
    from django.apps import apps
    from django.contrib.auth import authenticate, get_user_model
    from django.contrib.contenttypes.models import ContentType

    @pytest.mark.django_db
    @pytest.mark.seed({"blog.Post": 40, "blog.Author": 3, "auth.User": 3, "blog.Tag": 9, "django_content_type": 7})
    def test_every_row_is_clean():
        for model in apps.get_models():
            for row in model.objects.all():
                row.full_clean()
        assert {tag.target.__class__ for tag in Tag.objects.all()} == {Post}
        # Six posts of forty have two tags at most, and none is tagged twice alike.
        assert len({(tag.label, tag.object_id) for tag in Tag.objects.all()}) == 9
        post = Post.objects.first()
        assert post.manual.name.startswith("manuals/")
        for user in get_user_model().objects.all():
            assert user.is_active and not user.is_staff and not user.is_superuser
        assert authenticate(username=user.username, password="password123") == user
        copy = Post.objects.first()
        copy.pk, copy.token = None, "7d9a2d52-1a3c-4e6e-8df6-2f6d1f1d5d5a"
        copy.save()
        assert copy.pk == 41

    @pytest.mark.seed({"blog.Post": 2, "blog.Author": {"count": 1, "email": "ada@example.org"}})
    @pytest.mark.django_db
    def test_values_of_the_marker():
        assert [author.email for author in Author.objects.all()] == ["ada@example.org"]

    @pytest.mark.seed({Post: {"per": {"blog.Author": 2}}, Author: 2})
    def test_names_of_models(seeded_db):
        assert seeded_db.counts()["blog.Post"] == len(seeded_db.rows("blog.Post")) == 4
        assert seeded_db.spread("blog.Post", "blog.Author") == {1: 2, 2: 2}

    @pytest.mark.seed({"blog.Tag": {"count": 2, "content_type_id": 1, "object_id": 2}})
    @pytest.mark.django_db
    def test_a_target_of_the_marker():
        assert {(tag.content_type_id, tag.object_id) for tag in Tag.objects.all()} == {(1, 2)}
"""
# The same target has two labels at most.
ERRORS = """
    import pytest
    from blog.models import Author
    from django.test import TestCase

    @pytest.mark.seed({"blog.Pots": 20})
    @pytest.mark.django_db
    def test_misspelt(): ...

    @pytest.mark.seed(blog_author=2)
    @pytest.mark.django_db
    def test_committed():
        import threading

        def add():
            Author.objects.create(name="E", email="e@e.org", website="https://e.org")

        thread = threading.Thread(target=add)
        thread.start()
        thread.join()

    @pytest.mark.seed(blog_author=2)
    @pytest.mark.django_db
    def test_after_it(): ...

    @pytest.mark.seed(blog_author=2)
    @pytest.mark.django_db
    def test_next(): ...

    @pytest.mark.seed(blog_author=3)
    class TestCommitted(TestCase):
        def test_a(self):
            import threading

            thread = threading.Thread(
                target=lambda: Author.objects.create(name="E", email="e@e.org", website="https://e.org")
            )
            thread.start()
            thread.join()

        def test_b(self): ...

    @pytest.mark.seed(blog_author=3)
    class TestNext(TestCase):
        def test_it(self): ...
"""


def test_every_model_reads_every_row(django: pytest.Pytester) -> None:
    django.makepyfile(VALUES)
    django.runpytest_subprocess().assert_outcomes(passed=4)


GALLERY = """
    import os

    from django.contrib.postgres.operations import CITextExtension
    from django.core.exceptions import ValidationError
    from django.db import models

    class CIText(models.CharField):
        def db_type(self, connection):
            return "citext"

    class Picture(models.Model):
        image = models.ImageField(upload_to="pictures", width_field="across", height_field="down")
        across = models.PositiveIntegerField(null=True)
        down = models.PositiveSmallIntegerField(null=True)
        paper = models.FileField(upload_to=lambda picture, name: name, max_length=12, unique=True)
        path = models.FilePathField(path=os.path.dirname(__file__), match=r"[.]py$", max_length=500)
        absent = models.FilePathField(path="/no/such/folder", blank=True)
        nick = CIText(max_length=30, unique=True)

    class Visit(models.Model):
        picture = models.ForeignKey(Picture, models.CASCADE)
        starts = models.DateField()
        ends = models.DateField()
        people = models.PositiveSmallIntegerField()
        note = models.TextField(blank=True)
        late = models.GeneratedField(
            expression=models.Q(people__gt=3), output_field=models.BooleanField(), db_persist=True
        )

        def clean(self):
            if self.picture_id is None or self.picture.nick == "":
                raise ValidationError("no picture")

    class Booking(Visit):
        seats = models.PositiveIntegerField()

        def clean(self):
            if self.seats < 10:
                raise ValidationError({"seats": "ten seats at least"})
            self.note.strip()

    class Event(models.Model):
        starts = models.DateField()
        ends = models.DateField()
        people = models.PositiveSmallIntegerField()
        note = models.TextField(blank=True)

        def clean(self):
            super().clean()
            if self.ends <= self.starts:
                raise ValidationError("it must end after it starts")
            self._check_people()
            if Event.objects.filter(starts=self.starts, note="none").exists():
                raise ValidationError("taken")

        def _check_people(self):
            if not 1 <= self.people <= 6 or (self.people == 6 and not self.note):
                raise ValidationError({"people": "1 to 6, and six need a note"})

    class Discount(models.Model):
        kind = models.CharField(max_length=8, choices=[("percent", "P"), ("fixed", "F")])
        percent = models.PositiveSmallIntegerField(null=True, blank=True)
        amount = models.PositiveIntegerField(null=True, blank=True)

        @property
        def is_percent(self):
            return self.percent is not None and self.amount is None and 0 < self.percent <= 100

        def clean(self):
            if self.kind == "percent" and not self.is_percent:
                raise ValidationError("only percent")
            if self.kind == "fixed" and (self.amount is None or self.percent is not None):
                raise ValidationError("only an amount")

    class Address(models.Model):
        street = models.CharField(max_length=30)
        country = models.CharField(max_length=2)

        def full_clean(self, *args, **options):
            super().full_clean(*args, **options)
            if self.country not in ("DE", "FR"):
                raise ValidationError({"country": "DE or FR"})

    class Never(models.Model):
        number = models.IntegerField()

        def clean(self):
            raise ValidationError(f"{self.number} never fits")
"""
GALLERY_MIGRATION = """
    from django.contrib.postgres.operations import CITextExtension
    from django.db import migrations, models
    from gallery.models import Address, Booking, Discount, Event, Never, Picture, Visit

    class Migration(migrations.Migration):
        operations = [
            CITextExtension(),
            *(
                migrations.CreateModel(
                    model.__name__,
                    [(each.name, each.clone()) for each in model._meta.local_fields],
                    bases=tuple(each.__name__ if each is models.Model else each._meta.label_lower
                                for each in model.__bases__) if model is Booking else None,
                )
                for model in (Picture, Visit, Booking, Event, Discount, Address, Never)
            ),
        ]
"""
PICTURES = """
    import pytest
    from gallery.models import Address, Booking, Discount, Event, Picture, Visit

    @pytest.mark.django_db
    @pytest.mark.seed({"gallery.Picture": 40})
    def test_pictures():
        pictures = list(Picture.objects.all())
        for picture in pictures:
            # No file is made, which the image itself would be cleaned by.
            picture.full_clean(exclude=["image"])
            assert picture.image.name.startswith("pictures/") and picture.across > 0 and picture.down > 0
            assert picture.path.endswith("/gallery/models.py") or picture.path.endswith("/gallery/__init__.py")
        assert len({picture.nick.lower() for picture in pictures}) == 40
        Picture.objects.create(across=1, down=1, image="new.png", paper="new.pdf", path="x", nick="New")

    @pytest.mark.django_db
    @pytest.mark.seed({
        "gallery.Picture": 3, "gallery.Visit": 8, "gallery.Booking": 8, "gallery.Event": 15, "gallery.Discount": 12,
        "gallery.Address": 6,
    })
    def test_what_models_clean():
        for model in (Visit, Booking, Event, Discount, Address):
            for row in model.objects.all():
                row.full_clean()
        assert {each.kind for each in Discount.objects.all()} == {"percent", "fixed"}

    @pytest.mark.django_db
    @pytest.mark.seed({"gallery.Never": 1})
    def test_never(): ...
"""


def test_files_images_case_insensitive_texts_and_what_models_clean(django: pytest.Pytester) -> None:
    (django.path / "config" / "settings_gallery.py").write_text(
        "from config.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'gallery']\n"
        "DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'\n"
    )
    for name, text in {
        "__init__": "",
        "models": GALLERY,
        "migrations/__init__": "",
        "migrations/first": GALLERY_MIGRATION,
    }.items():
        path = django.path / "gallery" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    django.makepyfile(PICTURES)
    result = django.runpytest_subprocess("--ds=config.settings_gallery")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(
        [
            "gallery_never.number (integer): no value could be made: gallery.Never.number takes none of the "
            "values tried: for the last one, *, gallery.Never.clean (which reads number) raised ValueError: * never "
            "fits: give some that fit, as in gallery_never=Rows(1, columns={'number': [[]...]})"
        ]
    )


def test_wrong_rows_are_errors(django: pytest.Pytester) -> None:
    django.makepyfile(ERRORS)
    result = django.runpytest_subprocess()
    result.assert_outcomes(passed=4, errors=3)
    result.stdout.fnmatch_lines(
        [
            "The shared database of seed(blog_author=2) has changed after *::test_committed, which worked on it last:",
            "*blog_author *2 *3  <--",
            "What a test does in the transaction of its framework is undone; this was committed, by another thread or "
            "process, or in SQL. Give that test a database of its own: @pytest.mark.django_db(transaction=True), or "
            "django.test.TransactionTestCase.",
        ]
    )
    result.stdout.fnmatch_lines("blog.Pots is no table (did you mean 'blog.Post' or 'blog_post' *")
    result.stdout.fnmatch_lines(
        "What TestCommitted has set up in seed(blog_author=3) has changed after *::TestCommitted::test_a, *"
    )


def test_a_method_that_differs_from_its_class_is_a_usage_error(django: pytest.Pytester) -> None:
    django.makepyfile("""
        import pytest
        from django.test import TestCase

        @pytest.mark.seed(blog_author=2)
        class TestAuthors(TestCase):
            def test_a(self): ...

            @pytest.mark.seed(blog_author=3)
            def test_b(self): ...

            @pytest.mark.seed_options(seed=7)
            def test_c(self): ...

        class TestOurs(TestCase):
            @pytest.mark.seed(blog_author=3)
            def test_d(self): ...

            @pytest.mark.usefixtures("seeded_db")
            def test_e(self): ...
    """)
    result = django.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    moved = (
        "A django.test.TestCase is set up once, with the rows of its class: move the marker to the class, or the "
        "method to a class of its own, or derive the class from django.test.TransactionTestCase, each of whose methods "
        "has a database of its own"
    )
    result.stderr.fnmatch_lines(
        [
            "*4 problems in what the tests ask for; nothing was run.",
            "*::test_b",
            "    @pytest.mark.seed: test_b asks for seed(blog_author=3), and its class TestAuthors asks for "
            f"seed(blog_author=2). {moved}",
            "*::test_c",
            "    @pytest.mark.seed: test_c asks for seed(blog_author=2), with other options, and its class TestAuthors "
            f"asks for seed(blog_author=2). {moved}",
            "*::test_d",
            "    @pytest.mark.seed: test_d asks for seed(blog_author=3), and its class TestOurs has no marker. "
            f"{moved}",
            "*::test_e",
            "    TestOurs is a django.test.TestCase, whose methods share a transaction in one database, and test_e "
            "asks for another database: leave the fixtures of this plugin out, or derive the class from *",
        ]
    )


def test_several_databases_and_a_user_model_of_the_project(django: pytest.Pytester) -> None:
    django.makepyfile("""
        import pytest
        from django.contrib.auth import authenticate
        from django.test import TestCase
        from people.models import Person

        seeded = pytest.mark.seed({"people.Person": 3})

        @pytest.mark.django_db
        @seeded
        def test_users():
            for person in Person.objects.all():
                person.full_clean()
                assert person.is_active and not person.is_staff and not person.is_superuser
            assert authenticate(username=person.email, password="another") == person

        @pytest.mark.django_db(databases="__all__")
        @seeded
        def test_all():
            assert Person.objects.count() == Person.objects.using("replica").count() == 3
            for alias in ("reporting", "notes"):
                assert Person.objects.using(alias).count() == 0
                Person.objects.using(alias).create(email="a@example.org")

        @pytest.mark.django_db(databases=["reporting", "notes"])
        @seeded
        def test_others():
            assert Person.objects.using("reporting").count() == Person.objects.using("notes").count() == 0

        @pytest.mark.django_db(databases=["default", "reporting"], transaction=True)
        @seeded
        def test_transaction():
            Person.objects.using("reporting").create(email="a@example.org")
            assert Person.objects.count() == 3

        @seeded
        class TestBoth(TestCase):
            databases = {"default", "reporting"}

            def test_it(self):
                assert (Person.objects.count(), Person.objects.using("reporting").count()) == (3, 0)
    """)
    django.runpytest_subprocess(
        "--ds=config.settings_people", "--supaseed-user-password=another"
    ).assert_outcomes(passed=5)


ONE = """
    import pytest
    from blog.models import Author

    @pytest.mark.django_db
    @pytest.mark.seed({"blog.Author": 2})
    def test_it():
        assert Author.objects.count() == 2
"""


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}}",
            "supaseed_schema is 'django', and DATABASES[[]\"default\"] of config.settings has the engine "
            "django.db.backends.sqlite3. The tests work in PostgreSQL: let the settings that they use have "
            "django.db.backends.postgresql there; any NAME, HOST and PORT will do, for nothing connects to them",
        ),
        (
            "INSTALLED_APPS.remove('django.contrib.auth')\nDATABASE_ROUTERS = ['config.missing.Router']",
            "django: manage.py migrate failed*: ModuleNotFoundError: No module named 'config.missing'*",
        ),
    ],
    ids=["sqlite", "failing"],
)
def test_what_cannot_be_loaded(django: pytest.Pytester, settings: str, said: str) -> None:
    django.makepyfile(ONE)
    with django.path.joinpath("config", "settings.py").open("a", encoding="utf-8") as file:
        file.write(settings)
    result = django.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(said)


def test_without_pytest_django(django: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    django.makeini("[pytest]\nsupaseed_schema = django\nasyncio_default_fixture_loop_scope = function")
    django.path.joinpath("pytest.ini").unlink()
    django.makepyfile("""
        import pytest

        @pytest.mark.seed({"blog.Author": 2})
        def test_it(seeded_db):
            assert seeded_db.counts()["blog_author"] == 2
    """)
    # Neither settings nor their module.
    result = django.runpytest_subprocess("-p", "no:django")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        "supaseed_schema is 'django', and no settings are configured: set DJANGO_SETTINGS_MODULE, in the environment "
        "or, for pytest-django, in the ini or by --ds"
    )
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    django.runpytest_subprocess("-p", "no:django").assert_outcomes(passed=1)
    django.makepyfile("""
        import django
        import pytest

        django.setup()
        from django.test import TestCase

        @pytest.mark.seed(blog_author=2)
        class TestAuthors(TestCase):
            def test_it(self): ...

        @pytest.mark.seed(blog_author=2)
        @pytest.mark.django_db
        def test_it(): ...
    """)
    result = django.runpytest_subprocess("-p", "no:django")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.stderr.str().count("pip install pytest-django. Or ask for a fixture of this plugin") == 2


WRITING = """

def note(apps, schema_editor):
    from blog.notes import wording

    with open("migrated.txt", "a") as file:
        file.write(wording)
"""


def test_the_migrated_schema_is_kept_until_it_would_differ(django_server: pytest.Pytester) -> None:
    django = django_server
    django.makepyfile(ONE)
    blog, migrated = django.path / "blog", django.path / "migrated.txt"
    blog.joinpath("notes.py").write_text("wording = 'a'\n", encoding="utf-8")
    migration = blog / "migrations" / "0002_note.py"
    migration.write_text(
        "from django.db import migrations\n"
        + WRITING
        + "\n\nclass Migration(migrations.Migration):\n"
        + "    dependencies = [('blog', '0001_initial')]\n"
        + "    operations = [migrations.RunPython(note)]\n",
        encoding="utf-8",
    )

    def run(*arguments: str) -> str:
        result = django.runpytest_subprocess(*arguments)
        result.assert_outcomes(passed=1)
        assert ("--reuse-db changes nothing" in result.stdout.str()) == ("--reuse-db" in arguments)
        return migrated.read_text(encoding="utf-8")

    assert run() == "a"
    # A test module, and a view, change nothing.
    blog.joinpath("views.py").write_text("", encoding="utf-8")
    assert run("--reuse-db") == "a"
    assert run("--create-db") == "aa"
    # What a migration imports takes part in it.
    blog.joinpath("notes.py").write_text("wording = 'b'\n", encoding="utf-8")
    assert run() == "aab"
    with blog.joinpath("models.py").open("a", encoding="utf-8") as file:
        file.write("\n# Another model.\n")
    assert run() == "aabb"
    # No migration is run.
    assert run("--no-migrations") == "aabb"


def test_a_conftest_of_the_project_goes_on_working(django: pytest.Pytester) -> None:
    with django.path.joinpath("config", "settings.py").open("a", encoding="utf-8") as file:
        # A pool for all threads, whose connections would be those of another database.
        file.write("DATABASES['default']['OPTIONS']['pool'] = {'min_size': 1}\n")
        file.write("DATABASES['default']['CONN_MAX_AGE'] = 0\n")
    django.makeconftest("""
        import pytest

        def author(name):
            from blog.models import Author

            return Author.objects.create(name=name, email=f"{name}@example.org", website="https://example.org")

        @pytest.fixture(scope="session")
        def django_db_setup(django_db_setup, django_db_blocker):
            with django_db_blocker.unblock():
                author("session")

        @pytest.fixture(scope="module")
        def of_module(django_db_setup, django_db_blocker):
            with django_db_blocker.unblock():
                made = author("module")
            yield made
            with django_db_blocker.unblock():
                made.delete()
    """)
    django.makepyfile("""
        import pytest
        from blog.models import Author

        @pytest.mark.django_db
        @pytest.mark.seed(blog_author=2)
        def test_marked(of_module):
            assert Author.objects.count() == 2

        @pytest.mark.django_db
        def test_plain(of_module):
            assert {author.name for author in Author.objects.all()} == {"session", "module"}

        @pytest.mark.django_db(transaction=True)
        @pytest.mark.parametrize("turn", range(2))
        def test_own(turn, of_module):
            assert {author.name for author in Author.objects.all()} == {"session", "module"}
            Author.objects.all().delete()

        @pytest.mark.django_db
        @pytest.mark.seed(blog_author=2)
        def test_marked_again(of_module):
            assert Author.objects.count() == 2
    """)
    django.makepyfile(
        test_later="""
        import pytest
        from blog.models import Author

        @pytest.mark.django_db
        def test_later():
            assert {author.name for author in Author.objects.all()} == {"session"}
    """
    )
    django.runpytest_subprocess().assert_outcomes(passed=6)


@pytest.mark.parametrize(
    ("conftest", "ini", "test", "said"),
    [
        (
            "def django_db_setup(): ...",
            "supaseed_schema = django",
            "(db): ...",
            "django_db_setup is overridden by a fixture that does not request the one that it overrides, so that the "
            "databases of supaseed_schema = django are not set up: write def django_db_setup(django_db_setup): ..., or "
            "leave it out",
        ),
        (
            "def supaseed_schema(): return 'django'",
            "",
            "(seeded_db): ...",
            AFTER_COLLECTION,
        ),
        ("def supaseed_schema(): return 'django'", "", "(db): ...", AFTER_COLLECTION),
    ],
    ids=["another setup", "a fixture", "a fixture, and Django's database"],
)
def test_what_cannot_be_set_up(
    django: pytest.Pytester, conftest: str, ini: str, test: str, said: str
) -> None:
    django.makeconftest(f"import pytest\n\n@pytest.fixture(scope='session')\n{conftest}\n")
    django.path.joinpath("pytest.ini").write_text(
        f"[pytest]\nDJANGO_SETTINGS_MODULE = config.settings\n{ini}\n", encoding="utf-8"
    )
    django.makepyfile(f"import pytest\n\n@pytest.mark.seed(blog_author=2)\ndef test_it{test}\n")
    result = django.runpytest_subprocess("-p", "no:asyncio")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(said)


KEPT = """
    import pytest
    from blog.models import Author, Post
    from django.db import connection, transaction
    from django.test import TestCase

    pytestmark = pytest.mark.seed(blog_author=2, blog_post=6)

    @pytest.mark.django_db
    def test_whole():
        with transaction.atomic():
            Post.objects.filter(pk__lte=2).delete()
        Post.objects.filter(pk=3).delete()
        raise AssertionError

    @pytest.mark.django_db
    def test_after_it():
        assert Post.objects.count() == 6

    def test_refused(db):
        Post.objects.filter(pk__lte=2).delete()
        connection.cursor().execute("SELECT 1 / 0")

    @pytest.mark.django_db(transaction=True)
    def test_own():
        Post.objects.filter(pk__lte=4).delete()
        raise AssertionError

    @pytest.fixture
    def broken_in_the_end(db):
        yield
        Post.objects.filter(pk=2).delete()
        raise ValueError

    def test_end(broken_in_the_end):
        Post.objects.filter(pk=1).delete()

    @pytest.fixture
    def broken_too_late():
        yield
        raise ValueError

    class TestPosts(TestCase):
        set_up = 0

        @classmethod
        def setUpTestData(cls):
            cls.set_up += 1
            Author.objects.create(name="of the class", email="class@example.org")

        def setUp(self):
            Post.objects.filter(pk=6).delete()

        def tearDown(self):
            Post.objects.all().delete()

        def test_a_failure(self):
            Post.objects.filter(pk__lte=2).delete()
            self.assertEqual(Author.objects.count(), 4)

        def test_an_error(self):
            Post.objects.filter(pk__lte=1).delete()
            connection.cursor().execute("SELECT 1 / 0")

        @pytest.mark.usefixtures("broken_too_late")
        def test_fails_too_late(self): ...

        def test_next(self):
            assert (Post.objects.count(), Author.objects.count()) == (5, 3)
            assert self.set_up == 3

        def test_parts(self):
            for number in range(3):
                with self.subTest(number=number):
                    Post.objects.filter(pk=number + 1).delete()
                    assert number < 1

        def test_skipped(self):
            self.skipTest("in the end")

    class TestOthers(TestCase):
        def test_other(self):
            assert (Post.objects.count(), Author.objects.count()) == (6, 2)
"""


def test_databases_of_failing_tests_are_kept(
    django_server: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("notes")))
    django_server.makepyfile(test_kept=KEPT)
    result = django_server.runpytest_subprocess("--supaseed-keep")
    # pytest 9 counts parts of a test by themselves.
    parts = 1 if pytest.version_tuple >= (9,) else 0
    try:
        result.assert_outcomes(failed=6 + parts, passed=5 + parts, skipped=1, errors=2)
        output = result.stdout.str()
        found = re.findall(r"^  test_kept.py::(.*?): (as .*)\n    (psql .*)$", output, re.MULTILINE)
        rows = {}
        for test, _, line in found:
            command = f"{line} -Atc 'SELECT count(*) FROM blog_post'"
            answer = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
            rows[test] = int(answer.stdout)
        assert rows == {
            "test_whole": 3,
            "test_refused": 6,
            "test_own": 2,
            "test_end": 4,
            "TestPosts::test_a_failure": 3,
            "TestPosts::test_an_error": 6,
            "TestPosts::test_parts": 3,
        }
        assert dict(each[:2] for each in found) == {
            "test_whole": "as it was when the test failed",
            "test_refused": "as the test has found it: a statement had failed",
            "test_own": "as the test and its fixtures have left it",
            "test_end": "as it was when the test failed",
            "TestPosts::test_a_failure": "as it was when the test failed",
            "TestPosts::test_an_error": "as the test has found it: a statement had failed",
            "TestPosts::test_parts": "as it was when the test failed",
        }
        result.stdout.fnmatch_lines(
            "supaseed: no database of *::test_fails_too_late is kept: what it had done was undone *"
        )
    finally:
        django_server.runpytest_subprocess("--supaseed-drop")
