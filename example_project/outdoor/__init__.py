"""A site where people show what they take along outdoors."""
