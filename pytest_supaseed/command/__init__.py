"""The command ``supaseed``: exact rows for a development database, and for files of SQL.

Begin with :mod:`~pytest_supaseed.command.main`. :mod:`~pytest_supaseed.command.arguments` reads what was asked for;
:mod:`~pytest_supaseed.command.standing` seeds a database that is there;
:mod:`~pytest_supaseed.command.throwaway` starts a server for a schema that has none;
:mod:`~pytest_supaseed.command.script` writes rows as SQL;
:mod:`~pytest_supaseed.command.survey` tells what was understood of a schema.
"""
