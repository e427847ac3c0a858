"""Which referenced row, and which of few values, each new row gets."""
