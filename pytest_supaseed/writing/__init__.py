"""Rows into the database, what is there already, and how many there are afterwards."""
