"""Characters for columns that have room for few of them."""

from __future__ import annotations

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
# Whatever a collation thinks of case and accents, it tells these from one another. After ASCII come Greek, Cyrillic,
# Hiragana and Chinese.
DISTINCT = (
    *LETTERS,
    *"!#$%&'()*+,-./:;<=>?@[]^_`{|}~",
    *map(chr, (*range(0x3B1, 0x3C2), *range(0x430, 0x439), *range(0x43A, 0x450), *range(0x4E00, 0x9FA5))),
)
# What "char" holds: ASCII, and nothing at all. What is outside is one byte in PostgreSQL, and several in a text.
ASCII = ("", *map(chr, range(1, 128)))
