"""Databases on a server: made, copied, and used by tests that leave nothing behind."""
