"""The PostgreSQL server of a session: a throwaway server, its sharing and its cluster archives, or an external server.

It knows nothing of schemas, seeds and test databases.
"""
