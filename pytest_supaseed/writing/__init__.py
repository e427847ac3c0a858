"""Writing to the database: rows by COPY, sequences, late foreign keys; and reading what its tables hold.

No value is generated here, and no refused row is replaced.
"""
