"""What the collected tests ask for."""
