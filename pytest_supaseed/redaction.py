"""Passwords in texts: whatever shows a URL, a connection string or a driver's message shows it without them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus, unquote, unquote_plus

HIDDEN = "***"


# Of URLs: by text, not by a parser, for what cannot be read is shown as well. What stands between the first colon of
# the authority and the last @ is a password, whatever characters it has that ought to be percent-encoded.
_SCHEME = r"\b(?:[a-zA-Z][a-zA-Z0-9+.\-]*://|postgres(?:ql)?(?:\+\w+)?:/?(?!/))"


_USER = r"[^\s:/@?'\"]*?(?::|%3[Aa])"


_USERINFO = re.compile(rf"({_SCHEME}{_USER})(.*)(?=@)", re.DOTALL)


_USERINFO_WORD = re.compile(rf"({_SCHEME}{_USER})([^\s]*)(?=@)")


_NAMES = ("password", "passwd", "pwd", "passphrase", "secret", "scram_client_key", "scram_server_key")


_SECRET = rf"\w*(?:{'|'.join(_NAMES)})"


# The names of a URL's parameters may be percent-encoded, too.
_ENCODED = "|".join(
    "".join(f"(?:{each}|%{ord(each):02x}|%{ord(each) - 32:02x})" for each in name) for name in _NAMES
)


_PARAMETER = re.compile(
    rf"([?&](?:\w|%[0-9a-f]{{2}})*?(?:{_ENCODED})=)((?:[^&\s'\"]|['\"](?=\w))*)", re.IGNORECASE
)


# Of a connection string of keywords and values, which has others of libpq's keywords as well.
_KEYWORD = re.compile(rf"((?<![?&\w]){_SECRET}\s*=\s*)('(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)+)", re.IGNORECASE)


_STRING = re.compile(r"\b(?:host|hostaddr|port|dbname|user|service|sslmode)\s*=", re.IGNORECASE)


# Shorter ones are replaced as words only: as parts of words they are everywhere.
_SHORT = 4


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """Return a text without passwords.

    Args:
        text: a message, a URL, a connection string, or whatever contains some.
        secrets: passwords that are known, which are hidden wherever they stand, percent-encoded too.

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
    """Return a URL, or a text that was to be one, without passwords.

    Args:
        text: all of it is the URL, so that also what has a blank is known as a part of it.
    """
    return redacted(_USERINFO.sub(rf"\1{HIDDEN}", text), secrets_of(text))


class ConnectionString(str):
    """A URL or a connection string that shows its password to those who use it, and not where it is printed by repr.

    It is what ``--showlocals`` and failing assertions print.
    """

    def __repr__(self) -> str:
        return repr(redacted_url(str(self)))


def is_connection_string(text: str) -> bool:
    """Tell whether a text is a connection string of libpq's keywords and values.

    Args:
        text: all of it.

    Example:
        >>> is_connection_string("host=db user=ann"), is_connection_string("/opt/port=1/bin")
        (True, False)
    """
    return _STRING.match(text.strip()) is not None or (
        re.match(r"\w+\s*=", text.strip()) is not None and _STRING.search(text) is not None
    )


def secrets_of(text: str) -> tuple[str, ...]:
    """Return the passwords of a URL or of a connection string, as they are written there.

    Args:
        text: all of it is that.
    """
    userinfo = [match[2] for match in _USERINFO.finditer(text)]
    # What a parser takes for the password ends at the first @.
    found = [*userinfo, *(each.partition("@")[0] for each in userinfo)]
    found += [match[2] for match in _PARAMETER.finditer(text)]
    if _STRING.search(text):
        for match in _KEYWORD.finditer(text):
            value = match[2]
            found.append(re.sub(r"\\(.)", r"\1", value[1:-1] if value.startswith("'") else value))
    return tuple(each for each in found if each)


def _forms(secret: str) -> set[str]:
    """What a secret looks like where it is written in another way."""
    plain = {secret, unquote(secret), unquote_plus(secret), unquote(unquote(secret))}
    encoded = {form for each in plain for form in (quote(each, safe=""), quote(each), quote_plus(each))}
    return {form for form in plain | encoded | {repr(each)[1:-1] for each in plain} if form}
