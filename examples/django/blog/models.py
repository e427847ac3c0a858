"""Posts of users."""

from django.conf import settings
from django.db import models


class Post(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft"
        LIVE = "live"

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    title = models.CharField(max_length=200)
    slug = models.SlugField(unique_for_date="published")
    status = models.CharField(max_length=10, choices=Status.choices)
    published = models.DateField()
    body = models.TextField()

    def __str__(self):
        return self.title
