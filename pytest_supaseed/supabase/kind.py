"""The Supabase project as a kind of project folder: :data:`KIND`, which the registry of projects names."""

from __future__ import annotations

from pytest_supaseed.loading.projects import ProjectKind
from pytest_supaseed.supabase.load import EXTENSIONS, STAND_INS, load_project
from pytest_supaseed.supabase.project import read_project
from pytest_supaseed.supabase.users import project_defaults

KIND = ProjectKind(read_project, load_project, STAND_INS, tuple(EXTENSIONS), project_defaults)
