"""Every key of a SupaSeed configuration: those that are read, and those that mean nothing here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pytest_supaseed.nearest import did_you_mean
from pytest_supaseed.supabase.literals import Document

_TABLE_READ = ("name",)
_OPTIONAL = ("categories", "gearItems", "setupGearItems", "setupBaseTemplates", "baseTemplates")
_ENTRY_READ = ("count", "categories", "enumCategories", "categoryStrategy")
_ENTRY_IGNORED = ("categoryMapping", "forceGeneration", "skipCategoryTableCreation", "assignmentStrategy")

# By the path of an object: the keys that are read in it. The star stands for any name.
READ: Mapping[str, tuple[str, ...]] = {
    "": (
        "userCount", "users", "setups", "tables", "additionalUsers", "userStrategy", "existingUsers",
        "maxTotalRecords", "setupsPerUser", "seed", "emailDomain", "testUserPassword",
        "createStandardTestEmails", "customTestEmails", "primaryUserTable", "schema",
    ),
    "tables": ("*",),
    "tables.*": _ENTRY_READ,
    "setups": _ENTRY_READ,
    "users": ("count",),
    "additionalUsers": ("count", "personas"),
    "existingUsers": ("table",),
    "schema": (
        "primaryUserTable", "userTable", "setupTable", "setupsTable", "baseTemplateTable", "optionalTables",
    ),
    "schema.userTable": (*_TABLE_READ, "emailField"),
    "schema.setupTable": (*_TABLE_READ, "userField", "categoryField"),
    "schema.setupsTable": (*_TABLE_READ, "userField", "categoryField"),
    "schema.baseTemplateTable": _TABLE_READ,
    "schema.optionalTables": _OPTIONAL,
    **{f"schema.optionalTables.{name}": ("tableName",) for name in _OPTIONAL},
}  # fmt: skip

# Likewise, the keys that are known and mean nothing here; what is below them is not looked at.
IGNORED: Mapping[str, tuple[str, ...]] = {
    "": (
        # Where and how SupaSeed connects.
        "supabaseUrl", "supabaseServiceKey", "supabaseAnonKey", "environment",
        # Images, storage, AI, texts of a domain.
        "imagesPerSetup", "enableRealImages", "storage", "ai", "domain", "domains", "extensions", "data",
        "archetypes", "dataVolumes", "dataGenerationPatterns", "dataGeneration", "generators",
        # What it detects, and works around.
        "detection", "schemaDetection", "frameworkStrategy", "framework", "frameworkOverrides", "platform",
        "makerkit", "constraintHandlers", "constraints", "schemaEvolution", "schemaAdaptation",
        "customRelationships", "userCreationStrategy", "workflows", "customWorkflows",
        "discoveredConstraints", "compatibility", "extensibility",
        # Accounts beside the users, factors, calls to others.
        "createTeamAccounts", "mfa", "enhancedMFA", "webhooks", "advancedWebhooks",
        # How it runs.
        "seeders", "execution", "performance", "memory", "logging", "verbose", "testing", "debug",
        # Of the file itself.
        "$schema", "version", "strategy", "description", "migration",
    ),
    "tables.*": _ENTRY_IGNORED,
    "setups": _ENTRY_IGNORED,
    "additionalUsers": ("authIntegration",),
    "existingUsers": ("preserve", "filter", "idField"),
    "schema": (
        "framework", "frameworkStrategy", "multiTenant", "autoDetectFramework", "frameworkOverride",
        "columnMapping", "constraints", "relationships",
    ),
    "schema.userTable": ("idField", "nameField", "usernameField", "bioField", "pictureField"),
    "schema.setupTable": ("titleField", "descriptionField", "publicField"),
    "schema.setupsTable": ("titleField", "descriptionField", "publicField"),
    "schema.baseTemplateTable": (
        "descriptionField", "typeField", "makeField", "modelField", "yearField",
    ),
    "schema.optionalTables": ("organizations", "memberships"),
    **{f"schema.optionalTables.{name}": ("enabled", "autoCreate") for name in _OPTIONAL},
}  # fmt: skip

_ELSEWHERE = {
    "seeding": "is how SupaSeed 2.2 wrote it, and 2.4 does not read it: move its keys one level up",
    "existingUserQuery": "is what its plans called existingUsers: write existingUsers",
}


def sorted_out(document: Document) -> tuple[list[str], list[tuple[str, str]]]:
    """Find the keys that mean nothing here, and those that SupaSeed does not know.

    Args:
        document: the configuration.

    Returns:
        Paths of keys that are ignored, and path and message for each that is not known.
    """
    ignored: list[str] = []
    unknown: list[tuple[str, str]] = []
    for path, place, key in _keys(document.value, "", ""):
        if key.startswith("//"):
            continue  # a comment, in a format that has none
        if key in IGNORED.get(place, ()):
            ignored.append(path)
        elif key not in READ[place] and "*" not in READ[place]:
            known = (*READ[place], *IGNORED.get(place, ()))
            near = did_you_mean(key, known)
            words = f"is no key of SupaSeed's{near}"
            if not near:
                words += f": write one of {', '.join(READ[place])}, or leave it out"
            unknown.append((path, _ELSEWHERE.get(path, words)))
    return ignored, unknown


def _keys(value: Mapping[str, Any], path: str, place: str) -> Iterator[tuple[str, str, str]]:
    """The keys of what is read: their paths, the entries of :data:`READ` that they are in, their names."""
    for key, inner in value.items():
        whole = f"{path}.{key}" if path else key
        yield whole, place, key
        star = "*" if "*" in READ[place] else key
        below = f"{place}.{star}" if place else star
        if below in READ and isinstance(inner, dict):
            yield from _keys(inner, whole, below)
