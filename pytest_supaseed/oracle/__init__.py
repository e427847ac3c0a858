"""What PostgreSQL itself says of values and rows, and what follows from it."""
