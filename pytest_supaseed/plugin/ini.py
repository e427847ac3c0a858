"""pytest's configuration as the plugin reads it: ini values as text, names that are nearly ours, registered markers.

Every pytest run imports this module. An ini value may be a text, or in TOML a list, a number, a date or a boolean;
:func:`text_of` spells each as the ini would. :func:`unknown_key` and :func:`unknown_option` find misspelt names,
:func:`resembles` those of markers, and :func:`is_foreign` the markers of others that have the names of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from pytest_supaseed.plugin.internals import ini_values

PREFIX = "supaseed"
_ON = ("1", "on", "t", "true", "y", "yes")
_OFF = ("0", "f", "false", "n", "no", "off")
# From how near on a name that does not begin with the prefix is taken for one of ours.
_NEAR = 0.85


def _overridden(config: pytest.Config) -> list[str]:
    """Return the keys that ``-o`` gives on the command line."""
    # While conftests are loaded, pytest has parsed the command line, and not taken its options over.
    given = getattr(config.known_args_namespace, "override_ini", None) or config.getoption(
        "override_ini", None
    )
    return [each.partition("=")[0] for each in given or ()]


def is_given(config: pytest.Config, key: str) -> bool:
    """Whether an ini key has a value, and not its default."""
    return key in ini_values(config) or key in _overridden(config)


def text_of(config: pytest.Config, name: str) -> str:
    """Return the value of one of our ini keys as text; empty where it has none.

    Args:
        name: of the key, without the prefix.

    Returns:
        A list as lines, a boolean as ``true`` or ``false``, a number or a date as it is written.
    """
    key = f"{PREFIX}_{name}"
    found = ini_values(config).get(key)
    value = getattr(found, "value", found)  # a ConfigValue since pytest 9
    if _is_overridden_apart(config, key):
        return str(config.getini(key))
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_overridden_apart(config: pytest.Config, key: str) -> bool:
    """Whether ``-o`` gives a key that the file has, too; since pytest 9 it takes the place of the file's value."""
    return not hasattr(ini_values(config).get(key), "origin") and key in _overridden(config)


def switch(config: pytest.Config, name: str) -> bool:
    """Return the value of one of our ini keys that is true or false.

    Raises:
        ValueError: it is neither.
    """
    if not is_given(config, f"{PREFIX}_{name}"):
        return False
    written = text_of(config, name)
    if written.strip().lower() in (*_ON, *_OFF):
        return written.strip().lower() in _ON
    raise ValueError(f"invalid truth value {written!r}")


def unknown_key(config: pytest.Config, keys: Sequence[str], options: Sequence[str]) -> str:
    """Return what is wrong with the ini keys that begin like ours, or nearly so, and are none; empty for nothing.

    Args:
        keys: the names of our ini keys, without the prefix.
        options: the names of our options, without the prefix.
    """
    found = []
    for key in dict.fromkeys((*ini_values(config), *_overridden(config))):
        prefix, name = _parts(key)
        if key[:2] != PREFIX[:2] or key.removeprefix(f"{PREFIX}_") in keys or _is_registered(config, key):
            continue
        if meant := _meant(prefix, name, keys, options):
            word, name = meant
            other = f"the option --{PREFIX}-{name}, which no ini key stands for"
            found.append(f"{key} is no ini key: {_advice(name, word, keys, f'{PREFIX}_', other)}")
    return "\n".join(found)


def _is_registered(config: pytest.Config, key: str) -> bool:
    """Whether any plugin or conftest has registered an ini key."""
    try:
        config.getini(key)
    except (KeyError, ValueError):
        return False
    except (TypeError, pytest.UsageError):
        # It has a value of another type.
        return True
    return True


def unknown_option(arguments: Iterable[str], options: Sequence[str], keys: Sequence[str]) -> str:
    """Return what is wrong with the options that begin like ours, or nearly so, and are none; empty for nothing.

    Args:
        arguments: of the command line.
        options: the names of our options, without the prefix.
        keys: the names of our ini keys, without the prefix.
    """
    found = []
    flags = {f"--{PREFIX}-{each.replace('_', '-')}" for each in options}
    for argument in map(str, arguments):
        option = argument.partition("=")[0]
        prefix, name = _parts(option[2:])
        if not option.startswith(f"--{PREFIX[:2]}") or option in flags:
            continue
        if meant := _meant(prefix, name, options, keys):
            word, name = meant
            other = f"the ini key {PREFIX}_{name}, which -o {PREFIX}_{name}=... gives on the command line"
            found.append(f"{option} is no option: {_advice(name, word, options, f'--{PREFIX}-', other)}")
    return "\n".join(found)


def _parts(name: str) -> tuple[str, str]:
    """Split a name into what stands for our prefix, and the rest."""
    name = name.casefold().replace("-", "_")
    prefix, _, rest = name.partition("_")
    return (PREFIX, name[len(PREFIX) :].lstrip("_")) if name.startswith(PREFIX) else (prefix, rest)


def _meant(prefix: str, name: str, known: Sequence[str], others: Sequence[str]) -> tuple[str, str] | None:
    """Return what a misspelt name may mean: "known" or "others", and one of their names; None where it is not ours.

    The word is empty, and so is the name, where the prefix is ours and nothing is near.
    """
    from difflib import (
        SequenceMatcher,
        get_close_matches,
    )  # here, because every pytest run imports this module

    ours = prefix == PREFIX
    if not ours and SequenceMatcher(None, prefix, PREFIX).ratio() < _NEAR:
        return None
    cutoff = 0.6 if ours else _NEAR
    ranked = get_close_matches(name, [*known, *others], n=1, cutoff=cutoff)
    if not ranked:
        return ("", "") if ours else None
    return ("known" if ranked[0] in known else "others"), ranked[0]


def _advice(name: str, word: str, known: Sequence[str], prefix: str, other: str) -> str:
    def spelt(each: str) -> str:
        return prefix + (each.replace("_", "-") if prefix.startswith("-") else each)

    if word == "known":
        return f"did you mean {spelt(name)}?"
    if word == "others":
        return f"did you mean {other}?"
    return f"write one of {', '.join(map(spelt, sorted(known)))}"


SEED, SEED_OPTIONS = "seed", "seed_options"
# What a misspelt marker may end with.
_LONGEST_ENDING = 4


def resembles(name: str) -> str:
    """Return which of our markers a name may be a misspelling of, empty for none; a word like speed or need is none.

    Example:
        >>> resembles("seeds"), resembles("sead"), resembles("seed_option"), resembles("speed"), resembles("seed")
        ('seed', 'seed', 'seed_options', '', '')
    """
    folded = name.casefold().replace("_", "").replace("-", "")
    if name in (SEED, SEED_OPTIONS) or folded[:1] != SEED[0]:
        return ""
    if "opt" in folded:
        from difflib import SequenceMatcher  # here, because every pytest run imports this module

        near = SequenceMatcher(None, folded, SEED_OPTIONS.replace("_", "")).ratio() >= _NEAR
        return SEED_OPTIONS if near else ""
    if name.startswith(f"{SEED}(") or (
        folded.startswith(SEED) and len(folded) <= len(SEED) + _LONGEST_ENDING
    ):
        return SEED
    dropped = [SEED[:at] + SEED[at + 1 :] for at in range(1, len(SEED))]
    doubled = [SEED[:at] + SEED[at] + SEED[at:] for at in range(len(SEED))]
    replaced = len(folded) == len(SEED) and sum(map(str.__ne__, folded, SEED)) == 1
    swapped = sorted(folded) == sorted(SEED)
    return SEED if folded in (*dropped, *doubled) or replaced or swapped else ""


def is_misspelt(mark: pytest.Mark, config: pytest.Config, ours: Sequence[str]) -> bool:
    """Whether a marker's name is a misspelling of one of ours, and no other marker's; its arguments are not read.

    Args:
        ours: the lines with which we have registered our own.
    """
    return bool(resembles(mark.name)) and mark.name not in registered_markers(config, ours)


def is_foreign(mark: pytest.Mark, config: pytest.Config, ours: Sequence[str]) -> bool:
    """Whether a marker is that of another plugin or of the project, such as a random seed, and has the name of ours.

    That is so where it is registered beside ours, and its arguments are none that ours could have.

    Args:
        ours: the lines with which we have registered our own.
    """
    # By their types: an argument may raise an error when it is asked for its class.
    plain = (int, float, str, bytes, type(None))
    if mark.kwargs or (mark.args and not issubclass(type(mark.args[0]), plain)):
        return False
    return mark.name in registered_markers(config, ours)


def registered_markers(config: pytest.Config, ours: Sequence[str]) -> set[str]:
    """Return the names of the markers that others have registered: the ini, plugins, conftests.

    Args:
        ours: the lines with which we have registered our own.
    """
    lines: list[str] = config.getini("markers")
    own = set(ours)
    return {line.partition(":")[0].partition("(")[0].strip() for line in lines if line not in own}
