"""Archive of a throwaway server's cluster, with the templates made on it, for later sessions.

:meth:`Kept.keep` archives the cluster when the session ends; :meth:`Kept.fetch` extracts a template's files when they
are needed. A cluster is archived only when nothing but the load of the schema has changed what its databases share: a
role that a test has created would be there in the next session.
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

# A seed costs some 100 KB in an archive, which stores once what clones of a schema have in common.
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
    """Return a digest of what a cluster's databases share, and of its initial databases; needs a superuser."""
    [(state,)] = maintenance.query(_STATE)
    return str(state)


class Kept:
    """What was archived of an earlier server's cluster, and what will be archived of this one's."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._damaged = False

    def fetch(self, marked: Marked) -> bool:
        """Make the files of a template available, which is about to be cloned.

        Args:
            marked: the template, which the server lists; no other process fetches it meanwhile.

        Returns:
            Whether the files are there; otherwise the template has to be made anew.
        """
        if self._launch.room.overflowed(marked.oid):
            return True
        datadir, pack = self._launch.datadir, self._launch.pack
        name = str(marked.oid)
        place = f"base/{name}/"
        aside = datadir.parent / f"fetched-{token(4)}"
        try:
            # The folder's owner may plant links in it, also while the server runs.
            with opened_folder(datadir, "base", owner=self._launch.owner) as base:
                if _is_folder(datadir / "base" / name if base is None else name, base):
                    return True
                if pack is None:
                    # Another process has started the server from an archive that no longer exists.
                    return False
                aside.mkdir(mode=0o700)
                pack.extract(aside, self._launch.account, wanted=lambda path: path.startswith(place))
                # Moved as a whole, so that a killed process leaves all of it or nothing.
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
        """Archive the cluster for later sessions, unless that is of no use or a test has left a database in it.

        Args:
            databases: on the server, which no other process uses any more; their connection is closed.
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
            # A cluster with tablespaces cannot be archived.
            and not launch.room.overflowed(each.oid)
        ]
        known = launch.pack.templates if launch.pack and not self._damaged else {}
        if schema is None or schema not in lasting:
            # The template's name does not tell what was loaded: a file has changed meanwhile, or the load depends on
            # more.
            return False
        if all(known.get(str(each.oid)) == each.name for each in lasting):
            return False
        try:
            kept = self._worth_keeping(lasting)
            if not _only(databases, templates, {*kept.values()}):
                return False
            if launch.password:
                # A later server gets a password of its own.
                databases.maintenance.query("ALTER ROLE CURRENT_USER PASSWORD NULL")
            if schema.notes is None or cluster_state(databases.maintenance) != schema.notes.get("cluster"):
                return False
        except (OSError, psycopg2.Error, ServerError):
            # A test may have changed anything on this server, so it is not archived.
            return False
        finally:
            databases.close()
        if shut_down():
            launch.packs.save(launch.key, launch.datadir, {"templates": kept})
            launch.remember()
        return True

    def _worth_keeping(self, lasting: list[Marked]) -> dict[str, str]:
        """Return the templates to archive by oid: the schema, then the newest seeds."""
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
    """Drop this run's databases except those to archive; return whether no others are left.

    Other databases were created by a test: they are neither dropped nor archived.
    """
    present = {name for (name,) in databases.maintenance.query("SELECT datname FROM pg_database")}
    marked = {each.name for each in templates.all()}
    # Databases of killed workers are marked by their names alone.
    named = re.compile(rf"{re.escape(databases.shared_prefix)}(_gw\d+)?_(\d+|tmpl)")
    ours = {name for name in present - kept if name in marked or named.fullmatch(name)}
    if present - ours - kept - {"postgres", "template0", "template1"}:
        return False
    for name in ours:
        databases.drop_marked(name)
    databases.maintenance.query(sql.SQL("DROP TABLESPACE IF EXISTS {}").format(sql.Identifier(OVERFLOW)))
    return True
