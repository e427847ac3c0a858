"""Supabase projects: their databases, users, requests, and SupaSeed configurations.

Only the public API, the plugin and, by name, the registry of project kinds refer to this package.
"""
