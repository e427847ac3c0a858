"""What will be inserted where, or every problem at once."""
