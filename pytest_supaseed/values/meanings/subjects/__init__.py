"""Words and phrases of the subjects of schemas, a module each, collected by the module ``vocabulary``.

:mod:`~pytest_supaseed.values.meanings.subjects.general` and :mod:`~pytest_supaseed.values.meanings.subjects.prose` have
those of any subject.
"""
