"""File names, paths, extensions and MIME types."""

from __future__ import annotations

import re

from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.meaning import Meaning
from pytest_supaseed.values.meanings.people import PERSONS
from pytest_supaseed.values.meanings.writer import Ask, text_columns, word
from pytest_supaseed.values.types.vocabulary import MIME_TYPES


def path(ask: Ask) -> str:
    """A path: of an API route, a page, a branch of a tree or a file, by the entity of the row."""
    things = {ask.context.subject, *ask.context.things}
    if things & {"log", "request", "route", "endpoint", "webhook", "visit"}:
        return (
            f"/api/{ask.pick(('users', 'orders', 'products', 'invoices'))}/{ask.faker.random.randint(1, 900)}"
        )
    if things & {"category", "page", "menu", "node", "tree", "location", "department", "taxonomy"}:
        return f"/{word(ask)}/{word(ask)}"
    return f"/{word(ask)}/{file_name(ask)}"


def file_name(ask: Ask) -> str:
    """A file name with an extension."""
    return f"{word(ask)}-{ask.digits(4)}.{ask.pick(tuple(MIME_TYPES))}"


def file_columns(context: Context) -> tuple[str, ...]:
    """Return the columns that reveal a file's extension."""
    pattern = re.compile(r"_(file_name|original_name|path|extension|ext)_|^_name_$")
    return tuple(c.name for c in text_columns(context) if pattern.search(spelt(c.name)))


def _extension(ask: Ask) -> str:
    texts = [ask.text_of(name).rpartition(".")[2].lower() for name in file_columns(ask.context)]
    known = next((text for text in texts if text in MIME_TYPES), None)
    return known or str(ask.pick(tuple(MIME_TYPES)))


def extension(ask: Ask) -> str:
    """A file extension; for a person, the extension of a phone number."""
    return ask.digits(3) if ask.context.subject in PERSONS else _extension(ask)


def mime_type(ask: Ask) -> str:
    """The MIME type that belongs to the file's extension."""
    return str(MIME_TYPES[_extension(ask)])


FILE_NAME = Meaning("file name", r"_(file|original|stored|document)_name_", file_name)
EXTENSION = Meaning(
    "file extension", r"_(ext|extension)_", extension, file_columns, stages={1: r"_(extension|ext)_$"}
)
MIME_TYPE = Meaning(
    "MIME type", r"_mime_|_content_type_", mime_type, file_columns, stages={2: r"_mime_|_content_type_"}
)
FOLDER = Meaning("folder", r"_(folder|directory|dir)_", lambda ask: f"/{word(ask)}/{word(ask)}")
PATH = Meaning("path", r"_(path|filepath)_", path, essential="path")
