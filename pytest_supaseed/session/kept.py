"""What a throwaway server leaves to the next session: its cluster, with the templates that were made on it.

A cluster is kept when nothing but the loading of the schema has changed what its databases share: a role that a
test has created would be there in the next session, and its tests would notice.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import psycopg2
from psycopg2 import sql

from pytest_supaseed.errors import ServerError
from pytest_supaseed.filesystem import opened_folder
from pytest_supaseed.postgres.databases.database import OVERFLOW, Databases
from pytest_supaseed.postgres.databases.maintenance import Maintenance
from pytest_supaseed.postgres.databases.templates import Marked, Templates
from pytest_supaseed.postgres.server.archive import DamagedPackError
from pytest_supaseed.postgres.server.launch import Launch
from pytest_supaseed.rng import token

# A seed costs some 100 KB in a pack, for what copies of one schema have in common is stored once.
_MOST_TEMPLATES = 64


_MOST_BYTES = 512 << 20


_STATE = """
SELECT md5(concat_ws(E'\\n',
  (SELECT string_agg(CASE WHEN oid = 10 THEN (to_jsonb(a) - 'rolpassword')::text ELSE a::text END, E'\\n' ORDER BY oid)
    FROM pg_authid a),
  (SELECT string_agg(m::text, E'\\n' ORDER BY m::text) FROM pg_auth_members m),
  (SELECT string_agg(s::text, E'\\n' ORDER BY s::text) FROM pg_db_role_setting s
    WHERE setdatabase = 0 OR setdatabase IN (SELECT oid FROM pg_database WHERE datname IN ('postgres', 'template1'))),
  (SELECT string_agg(t::text, E'\\n' ORDER BY oid) FROM pg_tablespace t),
  (SELECT string_agg(concat_ws(' ', datname, datallowconn, datconnlimit, datacl::text), E'\\n' ORDER BY oid)
    FROM pg_database WHERE datname IN ('postgres', 'template0', 'template1')),
  (SELECT string_agg(concat_ws(' ', name, setting), E'\\n' ORDER BY seqno) FROM pg_file_settings
    WHERE sourcefile LIKE '%postgresql.auto.conf'),
  (SELECT string_agg(concat_ws(' ', tup_inserted, tup_updated, tup_deleted), E'\\n' ORDER BY datid)
    FROM pg_stat_database WHERE datname IN ('postgres', 'template1'))
))
"""


def cluster_state(maintenance: Maintenance) -> str:
    """Return a digest of what the databases of a cluster share, and of those that it was made with.

    Args:
        maintenance: of a superuser.
    """
    [(state,)] = maintenance.query(_STATE)
    return str(state)


class Kept:
    """What was kept of an earlier server, and what will be of this one.

    Args:
        launch: how the server was started.
    """

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._damaged = False

    def fetch(self, marked: Marked) -> bool:
        """Have the files of a template at hand, which is about to be copied.

        Args:
            marked: the template, which its server lists; nobody else fetches it.

        Returns:
            Whether they are there now; if not, it is to be made anew.
        """
        if self._launch.room.overflowed(marked.oid):
            return True
        datadir, pack = self._launch.datadir, self._launch.pack
        name = str(marked.oid)
        place = f"base/{name}/"
        aside = datadir.parent / f"fetched-{token(4)}"
        try:
            # Its owner may plant links in it, also while the server runs.
            with opened_folder(datadir, "base", owner=self._launch.owner) as base:
                if _is_folder(datadir / "base" / name if base is None else name, base):
                    return True
                if pack is None:
                    # Another process has started the server from a pack that is no longer there.
                    return False
                aside.mkdir(mode=0o700)
                pack.extract(aside, self._launch.account, wanted=lambda path: path.startswith(place))
                # All of it or nothing, whenever this process is killed.
                os.rename(
                    aside / "base" / name, datadir / "base" / name if base is None else name, dst_dir_fd=base
                )
        except (DamagedPackError, OSError):
            self._damaged = True
            return False
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        return True

    def keep(self, databases: Databases, templates: Templates, shut_down: Callable[[], bool]) -> bool:
        """Keep the cluster for later sessions, unless that would be of no use, or a test has left a database in it.

        Args:
            databases: on the server, which no other process uses any more; their connection is closed.
            templates: on the server.
            shut_down: stops the server.

        Returns:
            Whether the server was stopped.
        """
        launch = self._launch
        if launch.packs is None or launch.template is None:
            return False
        marked = {each.name: each for each in templates.all() if each.notes is not None}
        schema = marked.get(launch.template)
        lasting = [
            each
            for each in marked.values()
            if each.notes
            and each.notes.get("lasting")
            and each.notes.get("schema") == launch.template
            # A cluster with tablespaces cannot be kept.
            and not launch.room.overflowed(each.oid)
        ]
        known = launch.pack.templates if launch.pack and not self._damaged else {}
        if schema is None or schema not in lasting:
            # What was loaded is not known by its name: a file has changed meanwhile, or it depends on more.
            return False
        if all(known.get(str(each.oid)) == each.name for each in lasting):
            return False
        try:
            kept = self._worth_keeping(lasting)
            if not _only(databases, templates, {*kept.values()}):
                return False
            if launch.password:
                # The next server that needs one is given another.
                databases.maintenance.query("ALTER ROLE CURRENT_USER PASSWORD NULL")
            if schema.notes is None or cluster_state(databases.maintenance) != schema.notes.get("cluster"):
                return False
        except (OSError, psycopg2.Error, ServerError):
            # A test may have changed anything about this server: nothing is kept of it.
            return False
        finally:
            databases.close()
        if shut_down():
            launch.packs.save(launch.key, launch.datadir, {"templates": kept})
            launch.remember()
        return True

    def _worth_keeping(self, lasting: list[Marked]) -> dict[str, str]:
        """The templates to keep, the newest seeds first, by their numbers."""
        kept: dict[str, str] = {}
        size = 0
        newest_first = sorted(
            lasting, key=lambda each: (each.name == self._launch.template, each.oid), reverse=True
        )
        for each in newest_first[:_MOST_TEMPLATES]:
            if not self.fetch(each):
                continue
            size += self._size_of(each)
            if size > _MOST_BYTES:
                break
            kept[str(each.oid)] = each.name
        return kept

    def _size_of(self, marked: Marked) -> int:
        datadir, name = self._launch.datadir, str(marked.oid)
        with (
            opened_folder(datadir, "base", name, owner=self._launch.owner) as folder,
            os.scandir(datadir / "base" / name if folder is None else folder) as entries,
        ):
            return sum(entry.stat(follow_symlinks=False).st_size for entry in entries)


def _is_folder(path: str | Path, folder: int | None) -> bool:
    try:
        return stat.S_ISDIR(os.stat(path, dir_fd=folder, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return False


def _only(databases: Databases, templates: Templates, kept: set[str]) -> bool:
    """Drop this run's databases but those that are kept, and tell whether no others are left.

    Others are a test's own: they are not dropped, and not for a later session.
    """
    present = {name for (name,) in databases.maintenance.query("SELECT datname FROM pg_database")}
    marked = {each.name for each in templates.all()}
    # Those of workers that were killed have no mark but their names.
    named = re.compile(rf"{re.escape(databases.shared_prefix)}(_gw\d+)?_(\d+|tmpl)")
    ours = {name for name in present - kept if name in marked or named.fullmatch(name)}
    if present - ours - kept - {"postgres", "template0", "template1"}:
        return False
    for name in ours:
        databases.drop_marked(name)
    databases.maintenance.query(sql.SQL("DROP TABLESPACE IF EXISTS {}").format(sql.Identifier(OVERFLOW)))
    return True
