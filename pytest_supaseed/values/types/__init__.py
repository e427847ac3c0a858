"""One declaration for each PostgreSQL type, :class:`~pytest_supaseed.values.types.pgtype.PgType`, in its registry.

Uses no other module of ``values``. :mod:`~pytest_supaseed.values.types.pgtype` says how to add a type.
"""
