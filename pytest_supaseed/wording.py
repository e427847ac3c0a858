"""Values in messages: abbreviated, printable, without passwords, and safe where ``repr()`` or ``str()`` raises.

:func:`abbreviated` spells a value, :func:`shortened` an option, :func:`place` the location of a function;
:func:`text_problem` and :func:`too_many_digits` recognize texts and numbers that PostgreSQL or Python cannot spell.
:func:`redacted` hides the passwords in any text, :func:`redacted_url` in a text that is one URL; a
:class:`ConnectionString` hides its own from ``repr()``.
"""

from __future__ import annotations

import functools
import inspect
import math
import re
import sys
from collections.abc import Iterable
from urllib.parse import quote, quote_plus, unquote, unquote_plus

_LONGEST = 60
_LONGEST_OPTION = 200
# Of seeds and limits: other programs cannot read longer numbers.
MOST_DIGITS = 100
_BITS_PER_DIGIT = math.log2(10)


def abbreviated(value: object) -> str:
    """Spell a value as code, short enough for a message.

    Args:
        value: anything; an exception that its ``repr()`` raises is named instead.

    Example:
        >>> abbreviated([1, "a"]), abbreviated(10**5000)
        ("[1, 'a']", 'a number of 5001 digits')
    """
    digits = too_many_digits(value)
    if digits:
        return f"a number of {digits} digits"
    try:
        text = value.__name__ if inspect.isfunction(value) else repr(value)
    except Exception as error:
        text = f"<{type(value).__name__}, whose repr() raises {type(error).__name__}>"
    text = printable(text if type(text) is str else str.__str__(text))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def shortened(text: str) -> str:
    """Spell the text of an option as code; of a very long one the beginning.

    Example:
        >>> shortened("seven"), len(shortened("7" * 10_000))
        ("'seven'", 205)
    """
    # Cut before repr(): the text may be a gigabyte.
    return repr(text) if len(text) <= _LONGEST_OPTION else f"{text[:_LONGEST_OPTION]!r}..."


def printable(text: str) -> str:
    r"""Return a text that every UTF-8 terminal accepts: lone surrogates and NUL become escapes.

    Example:
        >>> printable("caf\u00e9 \udc80\0")
        'café \\udc80\\x00'
    """
    if text.isascii():
        return text.replace("\0", "\\x00")
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")


def text_problem(text: str) -> str:
    r"""Say why PostgreSQL cannot store a text, as a name or as a value; an empty string if it can.

    Example:
        >>> text_problem("a\0b")
        'has the character NUL, which no text of PostgreSQL can have: leave it out'
    """
    fault = unstorable(text)
    if not fault:
        return ""
    if "\0" in text:
        return f"{fault}, which no text of PostgreSQL can have: leave it out"
    return (
        f"{fault}, which is no Unicode by itself: write the whole character, or read the text in the encoding that "
        "it is in"
    )


def unstorable(text: str) -> str:
    r"""Return the characters that keep PostgreSQL from storing a text, for a message; empty if it can.

    Example:
        >>> unstorable("a\0b")
        'has the character NUL'
    """
    if "\0" in text:
        return "has the character NUL"
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            return f"has half of a character, {text[error.start]!r}"
    return ""


def too_many_digits(value: object) -> int:
    """Return the number of digits of an integer that exceeds Python's limit for ``str()``; 0 for any other value.

    Example:
        >>> too_many_digits(10**5000), too_many_digits(10)
        (5001, 0)
    """
    # Early releases of Python 3.10 have no limit.
    limit = getattr(sys, "get_int_max_str_digits", int)()
    if not limit or not isinstance(value, int) or int.bit_length(value) <= limit * 3:
        return 0
    digits = 1 + int((int.bit_length(value) - 1) / _BITS_PER_DIGIT)
    # The number of bits alone does not tell a power of ten from the number just below it.
    digits += int.__abs__(value) >= 10**digits
    return digits if digits > limit else 0


def too_long(number: int) -> bool:
    """Whether a number has more than :data:`MOST_DIGITS` digits."""
    return bool(int.__abs__(number) >= 10**MOST_DIGITS)


def place(function: object) -> str:
    """Return the message line with file, line and name of a user's function; empty if it has no Python code.

    Example:
        >>> place(len)
        ''
    """
    found = function
    while isinstance(found, functools.partial):
        found = found.func
    if not inspect.isroutine(found) and not inspect.isclass(found) and callable(found):
        # An instance with __call__.
        found = type(found).__call__
    if inspect.isfunction(found):
        found = inspect.unwrap(found)
    code = getattr(found, "__code__", None)
    return (
        f"\n  at {code.co_filename}:{code.co_firstlineno}, in {code.co_name}" if inspect.iscode(code) else ""
    )


@functools.cache
def class_place(kind: type) -> str:
    """Return the message line with file, line and name of a user's class; empty where its source is not known."""
    try:
        _, line = inspect.getsourcelines(kind)
        return f"\n  at {inspect.getfile(kind)}:{line}, in {kind.__name__}"
    except (OSError, TypeError):
        return ""


def raised(error: BaseException) -> str:
    """Return type and text of an exception of the user's code, whose ``str()`` may raise.

    Example:
        >>> raised(ValueError("no such role"))
        'ValueError: no such role'
    """
    text = text_of(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def text_of(error: BaseException) -> str:
    """Return the text of an exception, or a note that its ``str()`` raises."""
    try:
        return printable(str(error).strip())
    except Exception as failure:
        return f"(its str() raises {type(failure).__name__})"


HIDDEN = "***"
# URLs are matched as text and not parsed, because messages also show URLs that cannot be parsed. All between the first
# colon of the authority and the last @ is the password, also where it has characters that should be percent-encoded.
_SCHEME = r"\b(?:[a-zA-Z][a-zA-Z0-9+.\-]*://|postgres(?:ql)?(?:\+\w+)?:/?(?!/))"
_USER = r"[^\s:/@?'\"]*?(?::|%3[Aa])"
_USERINFO = re.compile(rf"({_SCHEME}{_USER})(.*)(?=@)", re.DOTALL)
_USERINFO_WORD = re.compile(rf"({_SCHEME}{_USER})([^\s]*)(?=@)")
_NAMES = ("password", "passwd", "pwd", "passphrase", "secret", "scram_client_key", "scram_server_key")
_SECRET = rf"\w*(?:{'|'.join(_NAMES)})"
# The names of a URL's parameters may be percent-encoded as well.
_ENCODED = "|".join(
    "".join(f"(?:{each}|%{ord(each):02x}|%{ord(each) - 32:02x})" for each in name) for name in _NAMES
)
_PARAMETER = re.compile(
    rf"([?&](?:\w|%[0-9a-f]{{2}})*?(?:{_ENCODED})=)((?:[^&\s'\"]|['\"](?=\w))*)", re.IGNORECASE
)
# For connection strings of keywords and values, which _STRING recognizes by other keywords of libpq.
_KEYWORD = re.compile(rf"((?<![?&\w]){_SECRET}\s*=\s*)('(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)+)", re.IGNORECASE)
_STRING = re.compile(r"\b(?:host|hostaddr|port|dbname|user|service|sslmode)\s*=", re.IGNORECASE)
# Shorter secrets are replaced as whole words only: they occur inside too many other words.
_SHORT = 4


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """Return a text with ``***`` in place of passwords.

    Args:
        text: a message that may contain URLs and connection strings, or one of these.
        secrets: known passwords, which are hidden wherever they occur, percent-encoded too.

    Example:
        >>> redacted("postgresql://ann:s3cret@db/a?sslpassword=x is not there")
        'postgresql://ann:***@db/a?sslpassword=*** is not there'
        >>> redacted("host=db user=ann password='a b'")
        'host=db user=ann password=***'
    """
    for secret in sorted(
        {spelling for each in secrets for spelling in _spellings(each)}, key=len, reverse=True
    ):
        pattern = re.escape(secret)
        if len(secret) < _SHORT:
            pattern = rf"(?<!\w){pattern}(?!\w)"
        text = re.sub(pattern, HIDDEN, text)
    text = _PARAMETER.sub(rf"\1{HIDDEN}", _USERINFO_WORD.sub(rf"\1{HIDDEN}", text))
    return _KEYWORD.sub(rf"\1{HIDDEN}", text) if _STRING.search(text) else text


def redacted_url(text: str) -> str:
    """Return a URL, or a text that was meant as one, without passwords.

    Args:
        text: the URL and nothing else, so that a blank is taken for a part of it.
    """
    return redacted(_USERINFO.sub(rf"\1{HIDDEN}", text), secrets_of(text))


class ConnectionString(str):
    """A URL or connection string that hides its password in ``repr()``, which ``--showlocals`` and assertions print."""

    def __repr__(self) -> str:
        return repr(redacted_url(str(self)))


def is_connection_string(text: str) -> bool:
    """Whether a text is a connection string of libpq's keywords and values.

    Example:
        >>> is_connection_string("host=db user=ann"), is_connection_string("/opt/port=1/bin")
        (True, False)
    """
    return _STRING.match(text.strip()) is not None or (
        re.match(r"\w+\s*=", text.strip()) is not None and _STRING.search(text) is not None
    )


def secrets_of(text: str) -> tuple[str, ...]:
    """Return the passwords in a URL or a connection string, as they are written there."""
    userinfo = [match[2] for match in _USERINFO.finditer(text)]
    # A URL parser ends the password at the first @.
    found = [*userinfo, *(each.partition("@")[0] for each in userinfo)]
    found += [match[2] for match in _PARAMETER.finditer(text)]
    if _STRING.search(text):
        for match in _KEYWORD.finditer(text):
            value = match[2]
            found.append(re.sub(r"\\(.)", r"\1", value[1:-1] if value.startswith("'") else value))
    return tuple(each for each in found if each)


def _spellings(secret: str) -> set[str]:
    """Return the spellings of a secret: percent-encoded, decoded, and inside a ``repr()``."""
    plain = {secret, unquote(secret), unquote_plus(secret), unquote(unquote(secret))}
    encoded = {
        spelling for each in plain for spelling in (quote(each, safe=""), quote(each), quote_plus(each))
    }
    return {spelling for spelling in plain | encoded | {repr(each)[1:-1] for each in plain} if spelling}
