"""Allocation: which referenced row, and which value of a finite column, each new row gets under unique keys and CHECKs.

Computes in memory on the schema model alone: no database access, no planning and no row values. Begin with
:func:`~pytest_supaseed.allocation.allocate.allocate`.
"""
