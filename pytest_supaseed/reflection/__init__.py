"""PostgreSQL's catalog as data."""
