"""Values of Django's file fields: paths below the folder to which the field uploads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.validators import FileExtensionValidator
from django.db import models

if TYPE_CHECKING:
    from faker import Faker


def file_values(model: type[models.Model]) -> dict[str, Callable[[Faker], str]]:
    """Return the functions that make the paths of a model's file fields, by column."""
    return {
        each.column: _path(each)
        for each in model._meta.local_concrete_fields
        if isinstance(each, models.FileField)
    }


def _path(given: Any) -> Callable[[Faker], str]:
    folder = given.upload_to if isinstance(given.upload_to, str) and "%" not in given.upload_to else ""
    allowed = [
        extension
        for validator in given.validators
        if isinstance(validator, FileExtensionValidator)
        for extension in validator.allowed_extensions or ()
    ]
    usual = "png" if isinstance(given, models.ImageField) else "pdf"
    extension = usual if usual in allowed or not allowed else allowed[0]
    prefix = f"{folder.strip('/')}/" if folder.strip("/") else ""

    def path(faker: Faker) -> str:
        return f"{prefix}{given.name}_{faker.random.randint(1, 99_999_999):08}.{extension}"

    return path
