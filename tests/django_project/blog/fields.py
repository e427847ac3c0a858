"""A field whose values are stored in another form than the model has them."""

from django.db import models


class ReversedField(models.CharField):
    """Text that is stored backwards, with a mark that shows it."""

    def from_db_value(self, value, expression, connection):
        if value is None:
            return None
        if not value.startswith("<"):
            raise ValueError(f"{value!r} was not stored by this field")
        return value[:0:-1]

    def get_prep_value(self, value):
        return None if value is None else f"<{value[::-1]}"
