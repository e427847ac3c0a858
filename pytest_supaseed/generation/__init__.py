"""The rows of one table."""
