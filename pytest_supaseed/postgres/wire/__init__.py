"""PostgreSQL's frontend/backend protocol, as far as a forwarder speaks it: packets, passwords, and the forwarder.

Nothing here knows databases of tests: which database a connection is led to is given by the caller.
"""
