"""What a test session has made, shares with others, and leaves to the next."""
