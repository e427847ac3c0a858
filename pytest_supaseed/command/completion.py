"""Completion in shells: :func:`script_of` has shtab write a script, which needs neither shtab nor Python afterwards.

shtab is an extra, for it is needed once, by who installs the script.
"""

from __future__ import annotations

import argparse
from typing import Any

from pytest_supaseed.errors import ConfigError

# Options and arguments that are files.
_FILES = frozenset(("config", "output"))
# Where the first word may be a file or a folder, the source of the schema.
_SOURCES = frozenset(("sql", "plan", "schema", "shell"))


def script_of(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return the script that has a shell complete the command.

    Args:
        parser: of the command.
        shell: one of those that shtab knows.

    Raises:
        ConfigError: shtab is not installed.
    """
    try:
        import shtab
    except ImportError:
        raise ConfigError(
            'the script is written by shtab, which is not installed: pip install "pytest-supaseed[completion]"'
        ) from None
    if shell not in shtab.SUPPORTED_SHELLS:
        known = ", ".join(shtab.SUPPORTED_SHELLS)
        raise ConfigError(
            f"this version of shtab writes no script for {shell}, but for {known}: install a newer one"
        )
    for name, command in _commands(parser).items():
        for action in command._actions:
            if action.dest in _FILES or (action.dest == "words" and name in _SOURCES):
                action.complete = shtab.FILE  # type: ignore[attr-defined]
    return f"{shtab.complete(parser, shell)}\n"


def _commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parsers of the subcommands, by their names."""
    actions: list[Any] = [
        action for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    ]
    return {name: command for action in actions for name, command in action.choices.items()}
