"""Values of Django's file fields: paths below the folder to which the field uploads. No files are made."""

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


def size_fields(model: type[models.Model]) -> set[str]:
    """Return the names of the fields that hold the width or the height of a model's images."""
    images = [each for each in model._meta.fields if isinstance(each, models.ImageField)]
    return {name for each in images for name in (each.width_field, each.height_field) if name}


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
        whole = f"{prefix}{given.name}_{faker.random.randint(1, 99_999_999):08}.{extension}"
        # The end of a long path has the number, which tells it from others.
        return whole if given.max_length is None else whole[-given.max_length :]

    return path
