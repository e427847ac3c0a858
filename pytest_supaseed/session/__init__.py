"""A test session on its server: what it makes, shares with other processes, and keeps for later sessions.

Imports no kind of project, not the plugin, and not pytest.
"""
