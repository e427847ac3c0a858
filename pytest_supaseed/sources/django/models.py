"""What a Django project's models know of their rows beyond the database: choices, validators, blanks, names of tables.

:func:`model_defaults` reads all models of the process. A value that it leads to passes the field's ``clean``, so that
``full_clean`` accepts every row. Validators that say what they accept become limits and patterns; all others are asked,
and so is what a model says of several columns, its ``clean``.
"""

from __future__ import annotations

import hashlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from types import FunctionType
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import validators as django_validators
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connections, models

from pytest_supaseed.fingerprint import Fingerprint
from pytest_supaseed.model.declared import Declarations
from pytest_supaseed.model.schema import Binding, ColumnType, DeclaredColumn, ReferencedLimit, Validator
from pytest_supaseed.planning.plan import Defaults
from pytest_supaseed.sources.column_types import codes_of
from pytest_supaseed.sources.django.connections import without_database
from pytest_supaseed.sources.django.files import file_values, size_fields
from pytest_supaseed.sources.django.generic import completions
from pytest_supaseed.sources.django.limits import limits_of
from pytest_supaseed.sources.django.names import schema_of, spelling
from pytest_supaseed.sources.django.users import user_values
from pytest_supaseed.sources.row_validators import Judge, JudgedColumn, by_column
from pytest_supaseed.tracebacks import is_installed

# What a field's type is called in PostgreSQL, for fields whose stored values are of another form than the model's.
_TYPES: Mapping[type, ColumnType] = {
    models.CharField: ColumnType("text", "text", "S"),
    models.TextField: ColumnType("text", "text", "S"),
    models.BooleanField: ColumnType("boolean", "bool", "B"),
    models.IntegerField: ColumnType("integer", "int4", "N"),
    models.FloatField: ColumnType("double precision", "float8", "N"),
    models.DecimalField: ColumnType("numeric", "numeric", "N"),
    models.DateTimeField: ColumnType("timestamp with time zone", "timestamptz", "D"),
    models.DateField: ColumnType("date", "date", "D"),
    models.TimeField: ColumnType("time without time zone", "time", "D"),
    models.UUIDField: ColumnType("uuid", "uuid", "U"),
    models.JSONField: ColumnType("jsonb", "jsonb", "U"),
}
_FLAGS = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s", re.VERBOSE: "x", re.ASCII: "a"}
_TEXTS = (models.CharField, models.TextField)


def model_defaults(options: Mapping[str, str]) -> Defaults:
    """Return what the models of this process's Django project know of their rows.

    Args:
        options: of the project kind, by name.
    """
    columns: dict[tuple[str, str], DeclaredColumn] = {}
    names: dict[str, str] = {}
    uniques: dict[str, tuple[tuple[str, ...], ...]] = {}
    limits: dict[tuple[str, str], ReferencedLimit] = {}
    generators: dict[str, Any] = {}
    afterwards = {}
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        table = spelling(meta.db_table)
        names[meta.label] = table
        if meta.proxy or meta.swapped:
            continue
        sizes = size_fields(model)
        for each in meta.local_concrete_fields:
            found = declared(each)
            if each.name in sizes:
                found = _of_size(each, found)
            if found is not None:
                columns[table, each.column] = found
        judge = _judge(model)
        if judge is not None:
            for name, validator in by_column(judge):
                known = columns.get((table, name), DeclaredColumn(origin=judge.name))
                columns[table, name] = replace(known, validators=(*known.validators, validator))
        limits.update(limits_of(model))
        keys = tuple(_keys_of_dates(model))
        if keys:
            uniques[table] = keys
        within = f"{schema_of(meta.db_table)}.{table.rpartition('.')[2]}"
        generators.update({f"{within}.{name}": value for name, value in file_values(model).items()})
        completion = completions(model)
        if completion is not None:
            afterwards[within] = completion
    users = user_values(options)
    return Defaults(
        {**generators, **users},
        afterwards,
        declared=Declarations(columns, names=names, uniques=uniques, limits=limits),
        fingerprint=f"{sorted(options.items())} {settings.PASSWORD_HASHERS}",
        of_options=user_values,
    )


def _keys_of_dates(model: type[models.Model]) -> Iterator[tuple[str, ...]]:
    """Yield the columns that ``unique_for_date`` and its likes make distinct."""
    for each in model._meta.local_concrete_fields:
        if each.unique_for_date and not isinstance(
            day := model._meta.get_field(each.unique_for_date), models.DateTimeField
        ):
            yield each.column, day.column
        elif each.unique_for_date or each.unique_for_month or each.unique_for_year:
            # Distinct in all rows, which is more than within a month.
            yield (each.column,)


def declared(given: Any) -> DeclaredColumn | None:
    """Return what a field knows of its column's values; None where that is what the database knows.

    Args:
        given: a field of a model.
    """
    if given.remote_field is not None or getattr(given, "generated", False):
        # A foreign key's values are those of the referenced rows.
        return None
    found = _of_values(given)
    binding = _binding(given)
    if found is None and binding is None:
        return None
    found = replace(found or DeclaredColumn(), origin=_name(given), binding=binding)
    if found.allowed is not None and binding is not None:
        found = replace(found, allowed=tuple(map(binding.bind, found.allowed)))
    return found


def _name(given: Any) -> str:
    model = getattr(given, "model", None)
    return f"{model._meta.label}.{given.name}" if model is not None else type(given).__name__


def _of_values(given: Any) -> DeclaredColumn | None:
    """Return what a field knows of values as the model has them; None for nothing."""
    known = _Known()
    allowed = _choices(given)
    asked: list[Callable[[Any], None]] = []
    for validator in given.validators:
        if not known.read(validator):
            asked.append(validator)
    base = getattr(given, "base_field", None)
    element = _of_values(base) if base is not None and hasattr(given, "size") else None
    if not given.blank and given.empty_strings_allowed and isinstance(given, _TEXTS):
        known.least(1)
    elif not given.blank and isinstance(given, models.JSONField):
        asked.append(_not_empty)
    elif (not given.blank and element is None and base is not None) or (base is not None and not given.blank):
        known.least(1)
    required = bool(given.null and not given.blank)
    functions = (_validator(given, asked),) if asked else ()
    found = DeclaredColumn(
        allowed=allowed,
        minimum=known.minimum,
        maximum=known.maximum,
        multiple_of=known.step,
        minimum_length=known.shortest,
        maximum_length=known.longest,
        patterns=tuple(known.patterns),
        required=required,
        element=element,
        words=_words(given),
        validators=functions,
    )
    return None if found == DeclaredColumn() else found


def _of_size(given: Any, found: DeclaredColumn | None) -> DeclaredColumn:
    """Return what is declared of a width or a height of an image.

    Where one is NULL or 0, Django opens the file of the image whenever the row is loaded.
    """
    found = found or DeclaredColumn(origin=_name(given))
    least = found.minimum if found.minimum is not None and found.minimum > 1 else 1
    return replace(found, minimum=least, required=True)


def _choices(given: Any) -> tuple[Any, ...] | None:
    """Return the values of ``choices``; None where there are none, or where the field reads them in its own way."""
    if isinstance(given, models.FilePathField):
        return _paths(given)
    if not given.choices or not type(given).validate.__module__.startswith("django."):
        return None
    found = tuple(given.get_prep_value(value) for value, _ in given.flatchoices if value is not None)
    if not given.blank:
        found = tuple(value for value in found if value not in given.empty_values)
    return found or None


def _paths(given: Any) -> tuple[str, ...] | None:
    """Return the files and folders that a ``FilePathField`` offers in its form; None where there are none."""
    try:
        offered = given.formfield().choices
    except OSError:
        # The folder is on another machine.
        return None
    return tuple(sorted(path for path, _ in offered if path)) or None


def _words(given: Any) -> str:
    """Return the name that tells what the values are, for fields whose type says so."""
    if isinstance(given, models.EmailField):
        return "email"
    if isinstance(given, models.URLField):
        return "url"
    return "slug" if isinstance(given, models.SlugField) else ""


def _not_empty(value: Any) -> None:
    if value in ({}, [], ""):
        raise ValidationError("This field cannot be blank.")


@dataclass
class _Known:
    """What validators say that they accept.

    Attributes:
        minimum: the smallest number.
        maximum: the largest number.
        step: a number has to be a multiple of it.
        shortest: the least length.
        longest: the greatest length.
        patterns: each of which a text has to match somewhere.
    """

    minimum: int | Decimal | None = None
    maximum: int | Decimal | None = None
    step: int | Decimal | None = None
    shortest: int | None = None
    longest: int | None = None
    patterns: list[str] = field(default_factory=list)

    def least(self, length: int) -> None:
        """Note a least length."""
        self.shortest = max(length, self.shortest or 0)

    def read(self, validator: Any) -> bool:
        """Read what a validator accepts; return whether that is all of it, so that it need not be asked."""
        kind = type(validator)
        if kind in (django_validators.ProhibitNullCharactersValidator, django_validators.DecimalValidator):
            # PostgreSQL stores no NUL, and has the digits in the column's type.
            return True
        if kind is django_validators.RegexValidator:
            return self._read_pattern(validator)
        if not isinstance(validator, django_validators.BaseValidator):
            return False
        limit = validator.limit_value() if callable(validator.limit_value) else validator.limit_value
        if isinstance(limit, bool) or not isinstance(limit, (int, float, Decimal)):
            return False
        number = limit if isinstance(limit, int) else Decimal(str(limit))
        if kind is django_validators.MinValueValidator:
            self.minimum = number if self.minimum is None else max(self.minimum, number)
        elif kind is django_validators.MaxValueValidator:
            self.maximum = number if self.maximum is None else min(self.maximum, number)
        elif kind.__name__ == "StepValueValidator" and getattr(validator, "offset", None) is None:
            self.step = number
            return False
        elif isinstance(validator, django_validators.MinLengthValidator):
            self.least(int(number))
        elif isinstance(validator, django_validators.MaxLengthValidator):
            self.longest = int(number) if self.longest is None else min(self.longest, int(number))
        else:
            return False
        return True

    def _read_pattern(self, validator: Any) -> bool:
        if validator.inverse_match:
            return False
        flags = "".join(letter for flag, letter in _FLAGS.items() if validator.regex.flags & flag)
        pattern = validator.regex.pattern
        self.patterns.append(f"(?{flags}){pattern}" if flags else pattern)
        # Asked as well, as patterns are PostgreSQL's here, and Django's are Python's.
        return False


def _validator(given: Any, asked: list[Callable[[Any], None]]) -> Validator:
    """Return one function that asks all validators of a field which do not say what they accept."""

    def accept(value: Any, row: Mapping[str, Any]) -> Any:
        read = given.to_python(value)
        if read not in given.empty_values or _not_empty in asked:
            for validator in asked:
                validator(read)
        return value

    limits = [getattr(each, "limit_value", None) for each in asked]
    hints = tuple(limit() if callable(limit) else limit for limit in limits if limit is not None)
    known = [_of_code(each) for each in asked]
    return Validator(_name(given), accept, hints=hints, fingerprint=Fingerprint(repr(known)))


def _of_code(validator: Any) -> str:
    """Return what tells a validator from others: its path, its arguments, and the code of the project."""
    target = validator if inspect.isroutine(validator) else type(validator)
    arguments = ""
    if hasattr(validator, "deconstruct"):
        _, given, named = validator.deconstruct()
        arguments = f"{given!r} {sorted(named.items())!r}"
    elif not inspect.isroutine(validator):
        arguments = repr(getattr(validator, "__dict__", ""))
    return f"{target.__module__}.{target.__qualname__} {arguments} {_code(target.__module__)}"


@cache
def _code(module: str) -> str:
    """Return the digest of a module of the project; empty for an installed one, whose version is known."""
    file = getattr(sys.modules.get(module), "__file__", None)
    if not file or is_installed(file):
        return ""
    with open(file, "rb") as opened:
        return hashlib.sha256(opened.read()).hexdigest()


def _binding(given: Any) -> Binding | None:
    """Return how a field of the project or of a package stores its values, where it converts what it reads."""
    kind = type(given)
    if not hasattr(given, "from_db_value") or _is_djangos(kind, "from_db_value"):
        return None
    connection = connections[DEFAULT_DB_ALIAS]

    def bind(value: Any) -> Any:
        return given.get_db_prep_save(value, connection)

    def load(value: Any) -> Any:
        return given.from_db_value(value, None, connection)

    found = next((_TYPES[each] for each in kind.__mro__ if each in _TYPES), None)
    code = f"{kind.__module__}.{kind.__qualname__} {given.deconstruct()[2:]!r} {_code(kind.__module__)}"
    return Binding(_name(given), found, bind, load, Fingerprint(code))


def _is_djangos(kind: type, method: str) -> bool:
    owner = next(each for each in kind.__mro__ if method in vars(each))
    return owner.__module__.startswith("django.")


# ---- what a model says of several columns

# The methods that a model overrides to say which objects are valid.
_CLEANING = ("clean", "clean_fields", "full_clean")


def _judge(model: type[models.Model]) -> Judge | None:
    """Return what asks a model's own ``clean()``; None where it has none, or where it reads no column that is made."""
    codes = dict.fromkeys(_codes(model))
    if not codes:
        return None
    words = {
        word
        for each in codes
        for code in codes_of(each.__code__)
        for word in (*code.co_names, *code.co_consts)
    }
    fields = [each for each in model._meta.local_concrete_fields if not getattr(each, "generated", False)]
    read = [
        each for each in fields if each.remote_field is None and not each.primary_key and each.name in words
    ]
    if not read:
        return None
    # Which row a required foreign key leads to is not known yet, and that there is one.
    there = {each.attname: 1 for each in fields if each.remote_field is not None and not each.null}
    absent = {
        each.attname: None
        for each in model._meta.concrete_fields
        if each.primary_key and not each.remote_field
    }
    names = {each.column: each.attname for each in read}
    cleans_only = not any(_of_project(model, name) for name in _CLEANING[1:])

    def accept(values: Mapping[str, Any]) -> None:
        known = {**there, **absent, **{names[column]: value for column, value in values.items()}}
        # In the order of the fields; what is not among them is read from the database when it is asked for.
        given = [each.attname for each in model._meta.concrete_fields if each.attname in known]
        instance = model.from_db(DEFAULT_DB_ALIAS, given, [known[name] for name in given])
        instance._state.adding = True
        unknown = [each.name for each in model._meta.fields if each.column not in values]
        try:
            with without_database():
                if cleans_only:
                    instance.clean()
                else:
                    instance.full_clean(exclude=unknown, validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            raise ValueError("; ".join(error.messages)) from error
        except Exception:
            # It needs more than is known of the row. That says nothing of the values.
            return

    modules = "".join(_code(module) for module in dict.fromkeys(each.__module__ for each in codes))
    name = f"{model._meta.label}.{next(iter(codes)).__name__}"
    return Judge(
        f"{name} (which reads {', '.join(names)})",
        tuple(_judged(each) for each in read),
        accept,
        tuple(codes),
        Fingerprint(f"{name} {sorted(names)} {modules}"),
    )


def _judged(given: Any) -> JudgedColumn:
    found = next((_TYPES[each] for each in type(given).__mro__ if each in _TYPES), _TYPES[models.TextField])
    return JudgedColumn(
        given.column,
        given.column,
        found,
        given.null,
        given.to_python,
        _choices(given) or (),
        _binding(given) is not None,
    )


def _of_project(model: type[models.Model], name: str) -> Iterator[FunctionType]:
    """Yield the methods and properties of a name, of a class and of those that it inherits from, but Django's."""
    for each in model.__mro__:
        found = vars(each).get(name)
        code = inspect.unwrap(found.fget) if isinstance(found, property) and found.fget else found
        if isinstance(code, FunctionType) and not code.__module__.startswith("django."):
            yield code


def _codes(model: type[models.Model]) -> Iterator[FunctionType]:
    """Yield the methods that say which objects are valid, and those of the model that they name."""
    waiting = [found for name in _CLEANING for found in _of_project(model, name)]
    met: set[FunctionType] = set()
    while waiting:
        function = waiting.pop(0)
        if function in met:
            continue
        met.add(function)
        yield function
        for name in dict.fromkeys(name for code in codes_of(function.__code__) for name in code.co_names):
            if name not in _CLEANING and name not in vars(models.Model):
                waiting += _of_project(model, name)
