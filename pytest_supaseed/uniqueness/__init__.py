"""Unique keys over foreign keys and few values: what they bind, and how many rows they allow."""
