"""Planning: a spec and a schema become a :class:`~pytest_supaseed.planning.plan.Plan`, or a list of problems.

Reads the schema model only: no database access, and no row is made here.
"""
