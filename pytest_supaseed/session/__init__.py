"""A test session on its server: what it makes, shares with other processes, and keeps for later sessions.

Does not import ``supabase``, ``plugin`` or pytest.
"""
