"""The PostgreSQL server of a session: found, started, stopped; or somebody else's."""
