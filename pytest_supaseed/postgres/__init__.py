"""The PostgreSQL server of a session (``server``) and the databases on it (``databases``).

Nothing here imports the session, a kind of project or the plugin.
"""
