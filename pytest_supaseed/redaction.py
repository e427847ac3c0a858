"""Redaction of passwords in URLs, connection strings and messages of drivers.

:func:`redacted` is for any text, :func:`redacted_url` for a text that is one URL; :class:`ConnectionString` hides its
password from ``repr()``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus, unquote, unquote_plus

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
    for secret in sorted({form for each in secrets for form in _forms(each)}, key=len, reverse=True):
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


def _forms(secret: str) -> set[str]:
    """Return the spellings of a secret: percent-encoded, decoded, and inside a ``repr()``."""
    plain = {secret, unquote(secret), unquote_plus(secret), unquote(unquote(secret))}
    encoded = {form for each in plain for form in (quote(each, safe=""), quote(each), quote_plus(each))}
    return {form for form in plain | encoded | {repr(each)[1:-1] for each in plain} if form}
