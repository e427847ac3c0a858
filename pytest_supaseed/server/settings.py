"""What the user wants of the throwaway server: the options of pytest-postgresql, and ours."""

from __future__ import annotations

import os
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ServerSettings:
    """What the user gave to pytest-postgresql's options, and to ours; None for what was not given.

    Attributes:
        user: the name of the superuser.
        password: of the superuser.
        dbname: the name of the tests' database.
        options: libpq's ``options`` for the clients' connections.
        host: the address to listen on; without it and `port` there is a Unix socket instead.
        port: the port to listen on.
        unixsocketdir: the folder for the Unix socket.
        postgres_options: more of the command line of ``postgres``.
        loopback: whether it listens to this machine, besides a Unix socket: ``supaseed_tcp``.
    """

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    dbname: str | None = None
    options: str | None = None
    host: str | None = None
    port: int | None = None
    unixsocketdir: str | None = None
    postgres_options: str | None = None
    loopback: bool = False

    @property
    def tcp(self) -> bool:
        """Whether clients connect through TCP: as they were told, or for want of Unix sockets."""
        return self.loopback or self.host is not None or self.port is not None or os.name == "nt"
