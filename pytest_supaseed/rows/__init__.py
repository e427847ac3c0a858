"""Rows: steps that fill blocks of columns for one table plan, in memory, as values and as COPY text.

Uses no connection, no clock and no global random generator: the same plan, state and allocation give the same rows.
"""
