"""Value generation for one column, from its type, value domain, name and table; and checks of supplied values.

Begin at :func:`~pytest_supaseed.values.column.value_source`. Reads no database, and knows one row of one table at a
time: the plan, references and row counts belong to higher layers.
"""
