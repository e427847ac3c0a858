"""Value generation by meaning: which text, number or moment a column holds, from its name, comment and table.

Uses ``values.types``, but neither the other modules of ``values`` nor a database; Faker's generator is an argument.
"""
