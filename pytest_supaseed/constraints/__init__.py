"""What types, domains and CHECKs say of a column's values, as far as their text can be read."""
