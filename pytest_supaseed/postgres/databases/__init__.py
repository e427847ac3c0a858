"""Databases on a server: creating, cloning and dropping them, and isolating tests in them.

Imports ``postgres.server`` and what is below; loads no schema and seeds no rows.
"""
