"""Repair of generated rows that constraints or triggers refuse, with PostgreSQL as the judge.

Before the rows are written, those that CHECKs refuse are changed (`solve`); while they are written, those
that anything else refuses (`insert`). The plan is fixed by then: no count changes, and no value that the user
supplies.
"""
