"""The PostgreSQL server of a session (``server``) and the databases on it (``databases``).

Nothing here imports the session, the Supabase emulation or the plugin.
"""
