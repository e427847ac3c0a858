"""Schema sources: what ``supaseed_schema`` may name, how it is loaded into an empty database, and its digest.

Databases and servers are not created here, and no kind of project is known but by its registration in
`projects`.
"""
