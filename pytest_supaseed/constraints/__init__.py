"""SQL expressions of CHECKs, domains, generated columns, defaults and triggers, and what they say of a column or row.

Pure functions over text and trees: nothing here queries a database. An expression that is not understood constrains
nothing; PostgreSQL still checks every row.
"""
