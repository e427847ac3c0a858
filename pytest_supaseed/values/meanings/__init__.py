"""Value generation by meaning: which text, number or moment a column holds, from its name, comment and table.

A new meaning is one declaration, in the module of its subject:

- a text, or a value of any other type but numbers and moments: a ``Meaning``, in a tuple of its module, from which
  ``registry`` takes all; it stands after those whose names it must not take, and where it follows other columns of
  its row, its ``stages`` say that these come first;
- a text of a few well-known ones: a line of ``wordlists``; phrases of a subject: a line of its module in ``subjects``;
- a number: a ``Measure`` in ``numbers``; one that others of its row determine: ``formulas``, whose ``__init__``
  says where;
- a date or time: a ``Moment`` in ``moments``;
- a state that few rows are in, such as deleted: a ``RareState`` in ``moments``.

Each says as well which words make a column one that no row can do without, so that it is never NULL.

Uses ``values.types``, but neither the other modules of ``values`` nor a database; Faker's generator is an argument.
"""
