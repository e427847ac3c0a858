"""Value generation by type: makers by ``pg_type.typname``, and texts, ranges and intervals within a value domain.

Uses no other module of ``values``.
"""
