"""The database schema as frozen data: tables, columns, constraints, the dependency graph, foreign keys and names.

No SQL and no I/O: reflection fills these types, every higher layer reads them.
"""
