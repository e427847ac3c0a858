"""Django's ``limit_choices_to``: rows reference only rows that it allows, and a spec that leaves none is refused."""

from __future__ import annotations

import shutil
from pathlib import Path
from textwrap import dedent

import pytest

from forked import WITHOUT_PLUGINS

pytestmark = pytest.mark.usefixtures("django_imported")

PROJECT = Path(__file__).parents[1] / "django_project"
SETTINGS = """
    from config.settings import *
    INSTALLED_APPS = [*INSTALLED_APPS, "press"]
    DATABASES["default"]["TEST"] = {"MIGRATE": False}
"""
MODELS = """
    import datetime
    from django.contrib.auth.models import User
    from django.contrib.contenttypes.fields import GenericForeignKey
    from django.contrib.contenttypes.models import ContentType
    from django.db import models
    from django.db.models import CASCADE, Q

    class Kind(models.TextChoices):
        WRITER = "writer"
        EDITOR = "editor"
        READER = "reader"
        BOSS = "boss"

    class Person(models.Model):
        kind = models.CharField(max_length=10, choices=Kind.choices)
        is_active = models.BooleanField(default=True)
        age = models.IntegerField()
        joined = models.DateField()
        mentor = models.ForeignKey("self", CASCADE, null=True, limit_choices_to={"mentor__isnull": True})

    def grown():
        return Q(age__gte=18) & Q(joined__lte=datetime.date(2025, 6, 1))

    class Article(models.Model):
        title = models.CharField(max_length=40)
        writer = models.ForeignKey(
            Person, CASCADE, related_name="+", limit_choices_to={"kind": Kind.WRITER, "is_active": True}
        )
        editor = models.ForeignKey(
            Person, CASCADE, null=True, related_name="+", limit_choices_to=Q(kind__in=[Kind.EDITOR, "boss"])
        )
        reviewers = models.ManyToManyField(Person, limit_choices_to={"kind": "reader"})

    class Visit(models.Model):
        person = models.ForeignKey(Person, CASCADE, limit_choices_to=grown)

    class Badge(models.Model):
        person = models.OneToOneField(Person, CASCADE, limit_choices_to={"kind": "boss"})

    class Reward(models.Model):
        person = models.ForeignKey(Person, CASCADE, limit_choices_to=~Q(kind="reader"))
        article = models.ForeignKey(Article, CASCADE, limit_choices_to={"writer__kind__in": ["writer", "boss"]})

    class Shift(models.Model):
        user = models.ForeignKey(User, CASCADE, limit_choices_to={"is_staff": True})

    class Note(models.Model):
        content_type = models.ForeignKey(
            ContentType, CASCADE,
            limit_choices_to=Q(app_label="press", model="article") | Q(app_label="press", model="visit"),
        )
        object_id = models.PositiveIntegerField()
        target = GenericForeignKey()

    def reads_rows():
        return {"pk__in": list(Person.objects.values_list("pk", flat=True))}

    class Later(models.Model):
        person = models.ForeignKey(Person, CASCADE, limit_choices_to=reads_rows)
        unknown = models.ForeignKey(Article, CASCADE, limit_choices_to={"no_such_field": 1})
"""
TESTS = """
    import pytest
    from django.contrib.auth.models import User
    from press.models import Article, Badge, Later, Note, Person, Reward, Shift, Visit

    pytestmark = pytest.mark.django_db
    seed = pytest.mark.seed

    def allowed(model, *names):
        for name in names:
            field = model._meta.get_field(name)
            choices = field.remote_field.model.objects.complex_filter(field.get_limit_choices_to())
            rows = [getattr(row, name) for row in model.objects.all()]
            assert rows and {row for row in rows if row is not None} <= set(choices)

    @seed({Person: 6, Article: 8, "press_article_reviewers": 7})
    def test_several_limits_on_one_table():
        allowed(Article, "writer", "editor")
        allowed(Person, "mentor")
        assert Article.objects.values("writer").distinct().count() > 1
        assert not Article.objects.filter(editor=None) and Person.objects.exclude(mentor=None)
        assert {row.person.kind for row in Article.reviewers.through.objects.all()} == {"reader"}

    @seed({Person: 1, Article: 2})
    def test_what_can_be_null_gives_way():
        allowed(Article, "writer")
        assert Article.objects.filter(editor=None).count() == 2

    @seed({Person: 5, Visit: 4, Badge: 3, Article: 3, Reward: 4})
    def test_conditions_functions_and_joins():
        allowed(Visit, "person")
        allowed(Badge, "person")
        allowed(Reward, "person", "article")

    @seed({Person: 3, Badge: {"per": {"press_person": 1}}})
    def test_one_for_each():
        allowed(Badge, "person")

    @seed({"auth.User": 4, Shift: 5})
    def test_users_are_staff_where_they_have_to_be():
        allowed(Shift, "user")
        assert {user.is_staff for user in User.objects.all()} == {True, False}

    @seed({Person: 4, Article: 3, Visit: 2, Note: 8})
    def test_types_of_generic_relations():
        allowed(Note, "content_type")
        assert {type(note.target) for note in Note.objects.all()} == {Article, Visit}

    @seed({Person: 2, Article: {"count": 3, "writer_id": [1]}, Later: 2})
    def test_supplied_keys_and_what_needs_a_database():
        assert Later.objects.count() == 2

    @seed({Person: {"count": 3, "kind": ["reader", "editor"]}, Article: 2})
    def test_never(): ...

    @seed({Person: {"count": 3, "age": [1, 2]}, Visit: 2})
    def test_never_by_a_condition(): ...

    @seed({Person: 1, Badge: 1, Article: 1})
    def test_never_both(): ...

    @seed({Person: 2, Badge: 3})
    def test_never_so_many(): ...
"""
REFUSED = """
press_article.writer_id is NOT NULL, and limit_choices_to of press.Article.writer allows rows of press_person whose \
kind is 'writer', but all of them have 'reader' or 'editor': have some with a value that it allows, as in \
press_person=Rows(..., columns={'kind': 'writer'})
press_visit.person_id is NOT NULL, but limit_choices_to of press.Visit.person allows no row of press_person that there \
is, for it demands ("age" >= 18 AND "joined" <= '2025-06-01') (*): have press_person filled with rows that it allows, \
as in press_person=Rows(..., columns={'age': [...], 'joined': [...]})
press_person gets 1 row, and no row is allowed by limit_choices_to of press.Badge.person and by limit_choices_to of \
press.Article.writer at once: ask for at least 2
press_badge asks for 3 rows, but press_badge_person_id_key makes person_id unique, and 2 rows of press_person give 2 \
values: ask for at most 2, or for more of what is referenced
"""


def test_only_allowed_rows_are_referenced(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "PYTEST_ADDOPTS", WITHOUT_PLUGINS.replace("-p no:django", "").replace("-p no:asyncio", "")
    )
    shutil.copytree(PROJECT, project.path, dirs_exist_ok=True)
    project.path.joinpath("tox.ini").unlink()
    project.path.joinpath("press").mkdir()
    for name, text in {
        "press/__init__": "",
        "press/models": MODELS,
        "config/settings_press": SETTINGS,
        "test_press": TESTS,
    }.items():
        project.path.joinpath(f"{name}.py").write_text(dedent(text), encoding="utf-8")
    result = project.runpytest_subprocess("--ds=config.settings_press")
    result.assert_outcomes(passed=7, errors=4)
    lines = [line.replace("[", "[[]") for line in REFUSED.strip().splitlines()]
    result.stdout.fnmatch_lines(lines, consecutive=False)
