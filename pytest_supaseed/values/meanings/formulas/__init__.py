"""Formulas of a row: numbers, lengths of time and booleans that follow from other columns of it.

Where a new one goes:

- one column by its own name, such as an age from a birth date: a ``DerivedNumber`` in ``derived``;
- a number among all those of the row, by the words of their names: the module of its kind, ``bills`` (sums),
  ``differences`` (what is left), ``proportions`` (products, rates, quotients); ``equations`` tries their readings;
- further names of a sum or a share that is known: ``additions``, ``divisions``;
- a length of time: ``time_spans``; a boolean that compares numbers: ``flags``;
- what comments and generated columns say, such as "minutes between A and B": ``expressions``.

``arithmetic`` has the formulas themselves, ``row_numbers`` the numbers of a row by the words of their names.
"""
