"""The values of one column, from its name, its type and what is known of it."""
