"""Models that know more of their rows than the database does."""

import uuid
from decimal import Decimal

from blog.fields import ReversedField
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import (
    FileExtensionValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
    RegexValidator,
)
from django.db import models


def even(value):
    """Refuse odd numbers."""
    if value % 2:
        raise ValidationError("odd")


class Author(models.Model):
    name = models.CharField(max_length=100)
    email = models.EmailField(unique=True)
    website = models.URLField()
    nickname = models.CharField(max_length=40, null=True)


class Tag(models.Model):
    label = models.CharField(max_length=3, choices=[("new", "New"), ("hot", "Hot")])
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveIntegerField()
    target = GenericForeignKey()

    class Meta:
        unique_together = [("label", "content_type", "object_id")]


class Post(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        LIVE = "live", "Live"

    class Stars(models.IntegerChoices):
        FEW = 1
        MANY = 5

    author = models.ForeignKey(Author, on_delete=models.CASCADE)
    title = models.CharField(max_length=200, validators=[MinLengthValidator(5)])
    slug = models.SlugField(unique_for_date="published")
    handle = models.SlugField()
    status = models.CharField(max_length=10, choices=Status.choices)
    stars = models.IntegerField(choices=[("Usual", Stars.choices)])
    rating = models.IntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    places = models.IntegerField(validators=[even])
    code = models.CharField(max_length=10, validators=[RegexValidator(r"^[A-Z]{3}-\d{3}$")])
    lowered = models.CharField(max_length=40, validators=[RegexValidator(r"\d", inverse_match=True)])
    published = models.DateField()
    body = models.TextField()
    subtitle = models.CharField(max_length=50, blank=True)
    extra = models.JSONField(encoder=DjangoJSONEncoder)
    words = ArrayField(models.CharField(max_length=9, choices=[("red", "Red"), ("blue", "Blue")]), size=4)
    price = models.DecimalField(
        max_digits=6, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    length = models.DurationField()
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    raw = models.BinaryField()
    address = models.GenericIPAddressField(protocol="IPv4")
    manual = models.FileField(upload_to="manuals/", validators=[FileExtensionValidator(["txt"])])
    secret = ReversedField(max_length=80)
    tags = GenericRelation(Tag)
