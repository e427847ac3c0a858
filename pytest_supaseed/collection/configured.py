"""What a configuration file asks for, in place of a marker's arguments: :class:`Configuration`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_supaseed.spec import SeedOptions, TableSpec


@dataclass(frozen=True)
class Configuration:
    """What a configuration file asks for, checked as far as it can be without a schema.

    Attributes:
        place: the file, as messages name it.
        tables: what is asked of each table.
        options: what ``seed_options`` would say.
        user_password: of the users that are made; None where the file does not say.
        configured: keys of the file that are used, and their values as it spells them.
        ignored: keys of the file that mean nothing here.
        warnings: names of tables, and what the user will want to change one day of what is asked of them.
        problems: what is wrong, with file and line.
    """

    place: str
    tables: tuple[TableSpec, ...] = ()
    options: SeedOptions = field(default_factory=SeedOptions)
    user_password: str | None = field(default=None, repr=False)
    configured: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What a plan says of it: the keys that are used, and those that are not."""
        used = [f"  {key} = {value}" for key, value in self.configured]
        ignored = [f"  ignored: {', '.join(self.ignored)}"] if self.ignored else []
        return (f"configured in {self.place}:", *used, *ignored)


class ConfigurationFile(ABC):
    """A file that takes the place of a marker's mapping; it is read when the tests have been collected."""

    @abstractmethod
    def read(self, root: Path) -> Configuration:
        """Read the file, once.

        Args:
            root: pytest's rootdir.

        Returns:
            What it asks for, or what is wrong with it: this never raises for what a user has written.
        """

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


def configuration_of(args: tuple[Any, ...]) -> ConfigurationFile | None:
    """Return the configuration file among a marker's positional arguments, if there is one.

    Args:
        args: the positional arguments.
    """
    # By its type: an object of the user's own may raise when it is asked for its class.
    return args[0] if args and issubclass(type(args[0]), ConfigurationFile) else None
