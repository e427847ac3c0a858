"""Cache of schema snapshots in a folder: reading the catalog of a large schema takes longer than a session's start.

:class:`Remembered` finds and saves them; :func:`encoded` and :func:`decoded` are the format. A file holds the SHA-256
of what follows: JSON with a list of records, each the number of its class and its fields. A record within another one
is the index of an earlier record, so equal records, such as column types, are stored once. Only these classes can be
made by reading; anything malformed means that the schema is not cached.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import MISSING, Field, fields
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from pytest_supaseed.filesystem import OwnFolder
from pytest_supaseed.model.schema import (
    Attribute,
    Check,
    Column,
    ColumnType,
    Contents,
    Exclusion,
    ForeignKey,
    Schema,
    Sequence,
    Snapshot,
    Table,
    TableName,
    Trigger,
    UniqueKey,
)

_SUFFIX = ".schema"
_MOST = 32
# A table with 20 columns takes 2 KB.
_MOST_BYTES = 256 << 20
# The number of a class is its index.
_CLASSES: tuple[type, ...] = (
    *(TableName, Check, Attribute, ColumnType, Sequence, Column, ForeignKey, UniqueKey, Exclusion, Trigger),
    *(Table, Schema, Contents, Snapshot),
)
_LEAST, _GREATEST = -(1 << 63), (1 << 63) - 1
# Zero bytes and surrogates: no text of PostgreSQL has them, and this module writes none.
_FOREIGN_CHARACTER = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?:0000|[dD][89a-fA-F])")
_Encode = Callable[[Any, "_Writer"], object]
_Decode = Callable[[Any, list[Any]], Any]


class Remembered:
    """The cache.

    Args:
        folder: one that no other user can write to; None to keep nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def find(self, name: str, digest: str | None) -> Snapshot | None:
        """Return the snapshot of a template; None where it is not cached.

        Args:
            name: of the template, which identifies its content.
            digest: as :meth:`save` returned it, from the template's notes: the file of another template would be
                well-formed, too.
        """
        if self._folder is None or digest is None:
            return None
        try:
            with OwnFolder(self._folder) as folder:
                content = folder.read(f"{name}{_SUFFIX}", _MOST_BYTES)
            first, _, written = content.partition(b"\n")
            found = hashlib.sha256(written).hexdigest()
            if found.encode() != first or found != digest:
                return None
            return decoded(written)
        except (OSError, ValueError):
            # Missing, of another owner or malformed: the database is read instead.
            return None

    def save(self, name: str, snapshot: Snapshot) -> str | None:
        """Save the snapshot of a template, and remove those that have not been used for longest.

        Returns:
            The digest by which it is found again; None where nothing is kept.
        """
        if self._folder is None:
            return None
        written = encoded(snapshot)
        digest = hashlib.sha256(written).hexdigest()
        content = digest.encode() + b"\n" + written
        # A full or read-only disk only makes the next session slower.
        with suppress(OSError), OwnFolder(self._folder, make=True) as folder:
            folder.write(f"{name}{_SUFFIX}", lambda file: file.write(content))
            kept = sorted((s.st_mtime_ns, each) for each, s in folder.files() if each.endswith(_SUFFIX))
            for _, each in kept[:-_MOST]:
                folder.remove(each)
        return digest


def encoded(snapshot: Snapshot) -> bytes:
    """Return a snapshot as JSON."""
    writer = _Writer()
    writer.number(snapshot)
    return json.dumps([*writer.records], ensure_ascii=False, separators=(",", ":")).encode()


def decoded(written: bytes) -> Snapshot:
    """Return the snapshot that :func:`encoded` wrote.

    Raises:
        ValueError: it is something else.
    """
    if _FOREIGN_CHARACTER.search(written):
        raise ValueError("a text has characters that PostgreSQL has not")
    try:
        records: list[Any] = []
        for kind, *values in json.loads(written.decode()):
            if type(kind) is not int or not 0 <= kind < len(_CLASSES):
                raise ValueError(f"{kind!r} is the number of no class")
            records.append(_form(kind).read(values, records))
    except (RecursionError, TypeError) as error:
        raise ValueError(f"these are no records: {error}") from error
    if not records or not isinstance(records[-1], Snapshot):
        raise ValueError("the last record is no database")
    return records[-1]


class _Writer:
    """Makes the records, those within a record before it."""

    def __init__(self) -> None:
        self.records: dict[tuple[object, ...], int] = {}
        # Keyed by id(): the objects live as long as the snapshot that is written.
        self._numbers: dict[int, int] = {}

    def number(self, value: Any) -> int:
        """Return the index of a record, which is made if it does not exist."""
        known = self._numbers.get(id(value))
        if known is None:
            kind = _CLASSES.index(type(value))
            record = (kind, *_form(kind).write(value, self))
            known = self._numbers[id(value)] = self.records.setdefault(record, len(self.records))
        return known


class _Form(NamedTuple):
    """How the records of a class are written and read."""

    kind: type
    names: tuple[str, ...]
    defaults: tuple[object, ...]
    encoders: tuple[_Encode, ...]
    decoders: tuple[_Decode, ...]
    needed: int

    def write(self, value: object, writer: _Writer) -> list[object]:
        given = [getattr(value, name) for name in self.names]
        # Trailing fields with default values, which are many, are left out.
        while len(given) > self.needed and given[-1] == self.defaults[len(given) - 1]:
            given.pop()
        return [encode(each, writer) for encode, each in zip(self.encoders, given, strict=False)]

    def read(self, values: list[Any], records: list[Any]) -> object:
        if not self.needed <= len(values) <= len(self.names):
            raise ValueError(f"a {self.kind.__name__} of {len(values)} fields")
        return self.kind(
            *[decode(each, records) for decode, each in zip(self.decoders, values, strict=False)]
        )


@cache
def _form(number: int) -> _Form:
    kind = _CLASSES[number]
    hints = get_type_hints(kind)
    defaults = _defaults(kind)
    codecs = [_codec(hints[name]) for name in defaults]
    return _Form(
        kind,
        tuple(defaults),
        tuple(defaults.values()),
        tuple(encode for encode, _ in codecs),
        tuple(decode for _, decode in codecs),
        sum(default is MISSING for default in defaults.values()),
    )


def _defaults(kind: type) -> dict[str, object]:
    """Return the names of the fields of a class that are written, each with its default."""
    if kind is TableName:
        return dict.fromkeys(TableName._fields, MISSING)
    # What models declare is read again in each session, and follows all other fields.
    return {each.name: _default(each) for each in fields(kind) if not each.metadata.get("declared")}


def _default(field: Field[Any]) -> object:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _codec(hint: Any) -> tuple[_Encode, _Decode]:
    """Return the functions that write and read a value of a type."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in (str, bool, int):
        return _plain(hint)
    if hint in _CLASSES:
        return _record(hint)
    if origin in (Union, UnionType) and len(arguments) == 2 and NoneType in arguments:
        return _optional(next(each for each in arguments if each is not NoneType))
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return _list(arguments[0])
    if origin is tuple and Ellipsis not in arguments:
        return _fixed(arguments)
    if origin is Mapping:
        return _mapping(*arguments)
    raise TypeError(f"a field of type {hint} cannot be kept")


def _plain(kind: type) -> tuple[_Encode, _Decode]:
    def decode(value: Any, records: list[Any]) -> Any:
        if type(value) is not kind or (type(value) is int and not _LEAST <= value <= _GREATEST):
            raise ValueError(f"{value!r} is no {kind.__name__}")
        return value

    return (lambda value, writer: value), decode


def _record(kind: type) -> tuple[_Encode, _Decode]:
    def decode(value: Any, records: list[Any]) -> Any:
        if type(value) is not int or not 0 <= value < len(records) or type(records[value]) is not kind:
            raise ValueError(f"{value!r} is the number of no {kind.__name__}")
        return records[value]

    return (lambda value, writer: writer.number(value)), decode


def _optional(hint: Any) -> tuple[_Encode, _Decode]:
    encode, decode = _codec(hint)
    return (
        lambda value, writer: None if value is None else encode(value, writer),
        lambda value, records: None if value is None else decode(value, records),
    )


def _list(hint: Any) -> tuple[_Encode, _Decode]:
    encode, decode = _codec(hint)
    return (
        lambda value, writer: tuple([encode(each, writer) for each in value]),
        lambda value, records: tuple([decode(each, records) for each in _items(value)]),
    )


def _fixed(hints: tuple[Any, ...]) -> tuple[_Encode, _Decode]:
    codecs = [_codec(hint) for hint in hints]

    def decode(value: Any, records: list[Any]) -> Any:
        if len(_items(value)) != len(codecs):
            raise ValueError(f"{len(value)} values in the place of {len(codecs)}")
        return tuple([read(each, records) for (_, read), each in zip(codecs, value, strict=True)])

    return (
        lambda value, writer: tuple([write(v, writer) for (write, _), v in zip(codecs, value, strict=True)]),
        decode,
    )


def _mapping(key: Any, value: Any) -> tuple[_Encode, _Decode]:
    encode, decode = _list(tuple[key, value])

    def read(written: Any, records: list[Any]) -> Any:
        pairs = decode(written, records)
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a key stands twice")
        return found

    return (lambda mapping, writer: encode(mapping.items(), writer)), read


def _items(value: Any) -> list[Any]:
    if type(value) is not list:
        raise ValueError(f"{value!r} is no list")
    return value
