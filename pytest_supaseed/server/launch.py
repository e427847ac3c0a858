"""A throwaway server on its way: started by whichever process of a run comes first, while it does something else.

Nothing here imports SQLAlchemy: importing it takes as long as starting the server, and both go on at once.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pytest_supaseed.config import Run
from pytest_supaseed.server.binaries import Installation
from pytest_supaseed.server.folders import Account, server_account
from pytest_supaseed.server.meeting import Meeting, can_meet
from pytest_supaseed.server.pack import Pack
from pytest_supaseed.server.packs import Packs, key_of
from pytest_supaseed.server.process import halt_of_another, remove_of_another
from pytest_supaseed.server.server import Server
from pytest_supaseed.server.settings import ServerSettings
from pytest_supaseed.server.space import Room

_LAST = ".last"
_KEY = re.compile(r"[0-9a-f]{32}")


def launched(
    installation: Installation, settings: ServerSettings, run: Run, made_by: str, schema: str, seeds: int = 0
) -> Launch:
    """Begin to start a throwaway server.

    Args:
        installation: the programs to run.
        settings: what the user wants of it.
        run: what the processes of this run have in common.
        made_by: what a kept cluster depends on besides these.
        schema: what the user calls the schema.
        seeds: how many different seeds it will hold.

    Raises:
        ServerError: it cannot be started.
    """
    folder = run.cache()
    # A server that listens to others has a password drawn for it, which a kept cluster does not know.
    meeting = Meeting(run.token) if run.worker and can_meet() else None
    launch = Launch(installation, settings, None if settings.tcp else folder, made_by, meeting, seeds)
    launch.begin(schema)
    return launch


class Launch:
    """A throwaway server on its way.

    Args:
        installation: the programs to run.
        settings: what the user wants of it.
        folder: of what was kept of earlier servers; None where nothing is.
        made_by: what a kept cluster depends on besides these.
        meeting: where the processes of this run agree on one server; None for a server of this process.
        seeds: how many different seeds the server will hold.

    Attributes:
        packs: what was kept of earlier servers.
        pack: what the server was started from; None for a new cluster.
        server: the server, where this process has started it.
        found: what another process says of the server that it has started.
        template: the name of the template with the schema, for which the server was started.
        base: under which its cluster is kept before anything is loaded into it.
    """

    def __init__(
        self,
        installation: Installation,
        settings: ServerSettings,
        folder: Path | None,
        made_by: str,
        meeting: Meeting | None,
        seeds: int = 0,
    ) -> None:
        self.packs = Packs(folder) if folder is not None else None
        self._folder = folder
        self.pack: Pack | None = None
        self.server: Server | None = None
        self.found: Mapping[str, Any] | None = None
        self.template: str | None = None
        self._installation = installation
        self._settings = settings
        self._meeting = meeting
        self._seeds = seeds
        self.base = key_of({
            "made by": made_by,
            "server": [installation.version, installation.origin, str(installation.bin)],
            "settings": [settings.user, settings.password, settings.postgres_options, settings.options],
            "machine": platform.machine(),
        })  # fmt: skip
        self._guess = ""

    def begin(self, schema: str) -> None:
        """Begin to start the server, unless another process does.

        Args:
            schema: what the user calls the schema; what it was the last time is a good guess.

        Raises:
            ServerError: it cannot be started.
        """
        self._guess = key_of({"base": self.base, "schema": schema}) + _LAST
        if self._meeting is None or (self._meeting.take_turn(wait=False) and not self._attach()):
            self._start(self._find(self._remembered()))

    def finish(self, template: str | None) -> None:
        """Wait for the server.

        Args:
            template: the name of the template that will be asked for, None where it cannot have been kept.

        Raises:
            ServerError: it cannot be started.
        """
        try:
            if self.server is None and self.found is None and self._meeting is not None:
                self._meeting.take_turn(wait=True)
                if not self._attach():
                    self._start(self._find(self._key_for(template)))
            if self.server is not None:
                self._finish(self.server, template)
        finally:
            if self._meeting is not None:
                self._meeting.end_turn()

    def _finish(self, server: Server, template: str | None) -> None:
        self.template = template
        self._choose(server, self._key_for(template))
        if server.lifecycle.initialised():
            if self.packs is not None and self.pack is not None:
                # It was damaged, or there was no room for it.
                self.packs.discard(self.pack)
                self.pack = None
            if self.packs is not None:
                self.packs.save(self.base, server.lifecycle.cluster.datadir, {"templates": {}})
            server.lifecycle.run()
        server.ready()
        if self._meeting is not None:
            self._meeting.announce({
                "host": server.host,
                "port": server.port,
                "user": server.user,
                "password": server.password,
                "options": server.options,
                "maintenance": server.maintenance_dbname,
                "folders": [str(folder) for folder in server.lifecycle.folders],
                "room": server.room.notes(),
                "datadir": str(server.lifecycle.cluster.datadir),
                "template": template,
                "pack": self.pack.key if self.pack else None,
            })  # fmt: skip

    def _choose(self, server: Server, wanted: str) -> None:
        """Take another cluster than the one that was guessed, where there is a better one."""
        if self.pack is not None and self.pack.key == wanted:
            return
        better = self._find(wanted)
        if self.pack is not None and better is not None and better.key == self.pack.key:
            better.close()
        elif self.pack is not None or better is not None:
            self.close()
            self.pack = better
            server.lifecycle.begin_again(better)

    def _attach(self) -> bool:
        assert self._meeting is not None  # noqa: S101 for the type checker
        self.found = self._meeting.server()
        if self.found is None:
            return False
        self._meeting.end_turn()
        self.template = self.found["template"]
        if self.packs is not None and self.found["pack"] is not None:
            self.pack = self.packs.find(self.found["pack"])
        return True

    def _start(self, pack: Pack | None) -> None:
        folder = None
        if self._meeting is not None:
            self._meeting.join()
            folder = self._meeting.folder
        self.server, self.pack = Server(self._installation, self._settings, folder, self._seeds), pack
        self.server.lifecycle.begin(pack)

    @property
    def initialising(self) -> bool:
        """Whether this process waits for initdb."""
        return self.server is not None and self.server.lifecycle.initialising

    @property
    def version(self) -> str:
        """PostgreSQL's version."""
        return self._installation.version

    @property
    def dbname(self) -> str:
        """What the names of databases begin with."""
        return self._settings.dbname or "tests"

    @property
    def datadir(self) -> Path:
        """The data folder of the server."""
        if self.found is not None:
            return Path(self.found["datadir"])
        assert self.server is not None  # noqa: S101 for the type checker
        return self.server.lifecycle.cluster.datadir

    @property
    def room(self) -> Room:
        """What the server may take of memory and disk."""
        if self.found is not None:
            return Room(**self.found["room"])
        assert self.server is not None  # noqa: S101 for the type checker
        return self.server.room

    @property
    def account(self) -> Account | None:
        """The user that the server runs as; None for the present one."""
        return server_account()

    @property
    def key(self) -> str:
        """What the cluster is kept under, with the templates that were made on it."""
        return self._key_for(self.template)

    def _key_for(self, template: str | None) -> str:
        return self.base if template is None else key_of({"base": self.base, "template": template})

    def _find(self, key: str) -> Pack | None:
        """What was kept under a key, else a cluster in which nothing has been loaded."""
        if self.packs is None:
            return None
        return self.packs.find(key) or (self.packs.find(self.base) if key != self.base else None)

    def _remembered(self) -> str:
        if self._folder is None:
            return self.base
        try:
            guess = (self._folder / self._guess).read_text("ascii")
        except (OSError, ValueError):
            # It is only a guess.
            return self.base
        return guess if _KEY.fullmatch(guess) else self.base

    def remember(self) -> None:
        """Remember under which key the cluster was kept, as a guess for the next session."""
        if self._folder is not None and self._guess:
            try:
                (self._folder / self._guess).write_text(self.key, "ascii")
            except OSError:
                # The next session begins with another cluster, and finds out.
                return

    def close(self) -> None:
        """Close what was kept."""
        if self.pack is not None:
            self.pack.close()
        self.pack = None

    def leave(self) -> bool:
        """Use the server no longer.

        Returns:
            Whether nobody else does; then :meth:`stop` has to be called.
        """
        if self._meeting is None:
            return True
        if self.server is None and self.found is None:
            # It never came to use one.
            self._meeting.end_turn()
            return False
        self._meeting.take_turn(wait=True)
        alone = self._meeting.leave()
        if not alone:
            if self.server is not None:
                self.server.lifecycle.leave()
            self._meeting.end_turn()
        return alone

    def shut_down(self) -> bool:
        """Stop the server so that its data is complete, and keep the data.

        Returns:
            Whether it has stopped in time.
        """
        if self.server is not None:
            return self.server.lifecycle.shut_down()
        return halt_of_another(self._folders())

    def stop(self) -> None:
        """Stop the server, and remove everything that it has written.

        Raises:
            ServerError: something could not be removed.
        """
        if self.server is not None:
            self.server.stop()
        elif self.found is not None:
            assert self._meeting is not None  # noqa: S101 for the type checker
            remove_of_another([*self._folders(), self._meeting.folder])
        if self._meeting is not None:
            self._meeting.end_turn()

    def _folders(self) -> list[Path]:
        return [Path(folder) for folder in self.found["folders"]] if self.found else []
