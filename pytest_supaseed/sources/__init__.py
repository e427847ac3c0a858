"""Where the schema comes from, and how it gets into a database."""
