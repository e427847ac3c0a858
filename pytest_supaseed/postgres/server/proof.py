"""Identity check of a server: whether the server that answers is the one that this run has started.

The throwaway server's configuration has a secret in a custom setting; :meth:`Proof.demand` reads it back
before anything is created on the server.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from pytest_supaseed.errors import ServerError

# A custom setting of the throwaway server: PostgreSQL accepts unknown settings that have a prefix.
SETTING = "supaseed.launch"
_SHOWN = "SELECT current_setting(%s, true), current_setting('data_directory')"
_ADDRESS = "SELECT host(inet_server_addr()), inet_server_port()"


@dataclass(frozen=True)
class Proof:
    """What identifies the started server.

    Attributes:
        datadir: its data folder.
        secret: a random value in its configuration.
    """

    datadir: Path
    secret: str = field(repr=False)

    def demand(self, connection: Any) -> None:
        """Refuse a connection to another server.

        Args:
            connection: of psycopg2, in autocommit mode.

        Raises:
            ServerError: another server has answered.
        """
        with connection.cursor() as cursor:
            try:
                cursor.execute(_SHOWN, [SETTING])
                [(secret, datadir)] = cursor.fetchall()
            except psycopg2.Error:
                # The started server shows every setting to its superuser, so this is another server.
                secret, datadir = None, ""
            if secret == self.secret and os.path.realpath(datadir) == os.path.realpath(self.datadir):
                return
            cursor.execute(_ADDRESS)
            [(address, port)] = cursor.fetchall()
        info = connection.info
        version = info.parameter_status("server_version")
        place = f"{address}, port {port}" if address else f"the Unix socket in {info.host}, port {info.port}"
        folder = f"works in {datadir}" if datadir else "does not say in which folder it works"
        raise ServerError(
            f"Another server has answered in the place of the one that was started for these tests: PostgreSQL "
            f"{version} at {place} {folder}, and ours works in {self.datadir}. Nothing was created there. "
            "Run the tests again; if it stays so, look which of libpq's environment variables are set, and which "
            "server listens at that place."
        )
