"""Times a Supabase project of many migrations: from the command to the first test's body.

Run it by hand, in a virtualenv with ``pip install -e ".[embedded]"``::

    python benchmarks/supabase.py --migrations 50 --rounds 5

A cold session finds nothing that an earlier one has kept; a warm one finds the cluster with the schema and the seed.
What an empty pytest session takes to its first test's body is subtracted, in medians: sessions of all kinds alternate.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SEEDED = """
import os, time

import pytest


@pytest.mark.seed({"auth.users": 5, "accounts": 5, "notes_1": 8})
def test_first(seeded_connection):
    print("\\nBODY", time.time(), flush=True)
"""
EMPTY = """
import time


def test_first():
    print("\\nBODY", time.time(), flush=True)
"""
ACCOUNTS = """
CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA extensions;
CREATE TABLE public.accounts (
    id uuid PRIMARY KEY DEFAULT extensions.uuid_generate_v4(),
    owner uuid NOT NULL UNIQUE REFERENCES auth.users ON DELETE CASCADE,
    name text NOT NULL
);
ALTER TABLE public.accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON public.accounts TO authenticated USING (owner = (SELECT auth.uid()));
CREATE FUNCTION public.sign_up() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.accounts (owner, name) VALUES (new.id, new.raw_user_meta_data ->> 'name');
    RETURN new;
END
$$;
CREATE TRIGGER sign_up AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION public.sign_up();
"""
NOTES = """
CREATE TYPE public.kind_{n} AS ENUM ('draft', 'published');
CREATE TABLE public.notes_{n} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES public.accounts ON DELETE CASCADE,
    title text NOT NULL CHECK (length(title) > 2),
    kind public.kind_{n} NOT NULL DEFAULT 'draft',
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON public.notes_{n} (account_id);
ALTER TABLE public.notes_{n} ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON public.notes_{n} FOR SELECT USING (kind = 'published');
CREATE POLICY own ON public.notes_{n} TO authenticated
    USING (account_id IN (SELECT id FROM public.accounts WHERE owner = (SELECT auth.uid())));
GRANT SELECT ON public.notes_{n} TO anon;
COMMENT ON TABLE public.notes_{n} IS 'Notes, number {n}';
"""


def write_project(folder: Path, migrations: int) -> None:
    """Write a project whose migrations make a table each."""
    place = folder / "supabase" / "migrations"
    place.mkdir(parents=True)
    (folder / "supabase" / "config.toml").write_text('project_id = "benchmark"\n', encoding="utf-8")
    for number in range(migrations):
        content = NOTES.format(n=number) if number else ACCOUNTS
        (place / f"{20250101000000 + number}_step.sql").write_text(content, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nsupaseed_schema = supabase\n", encoding="utf-8")
    (folder / "test_seeded.py").write_text(SEEDED, encoding="utf-8")
    (folder / "test_empty.py").write_text(EMPTY, encoding="utf-8")


def seconds_to_body(folder: Path, test: str, server: str, cache: Path) -> float:
    """Return how long a session takes from its command to its first test's body."""
    command = [sys.executable, "-m", "pytest", "-q", "-s", test, f"--supaseed-postgres={server}"]
    command += ["-o", f"cache_dir={cache}"]
    started = time.time()
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, "CI": ""})
    if ended.returncode:
        sys.exit(ended.stdout + ended.stderr)
    line = next(line for line in ended.stdout.splitlines() if line.startswith("BODY"))
    return float(line.split()[1]) - started


def main() -> None:
    """Measure, and print medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--migrations", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--server", default="embedded")
    options = parser.parse_args()
    found: dict[str, list[float]] = {"empty": [], "cold": [], "warm": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_project(folder, options.migrations)
        cache = folder / "cache"
        seconds_to_body(folder, "test_seeded.py", options.server, cache)
        for _ in range(options.rounds):
            found["empty"].append(seconds_to_body(folder, "test_empty.py", options.server, cache))
            found["warm"].append(seconds_to_body(folder, "test_seeded.py", options.server, cache))
            other = folder / "cold"
            found["cold"].append(seconds_to_body(folder, "test_seeded.py", options.server, other))
            shutil.rmtree(other, ignore_errors=True)
    empty = statistics.median(found["empty"])
    print(f"an empty session to its first test's body: {empty:.2f} s")
    for kind, goal in (("cold", 2.0), ("warm", 0.5)):
        median = statistics.median(found[kind]) - empty
        print(f"{options.migrations} migrations, {kind}: {median:.2f} s above that (goal: {goal} s)")


if __name__ == "__main__":
    main()
