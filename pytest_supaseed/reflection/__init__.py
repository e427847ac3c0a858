"""PostgreSQL's catalog as data: schemas, exact values and a cache of schema snapshots.

Writes nothing to a database, and does not import planning, values or rows.
"""
