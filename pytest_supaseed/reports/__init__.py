"""What is planned and what was seeded, for people and for programs.

:mod:`~pytest_supaseed.reports.text` words plans and failing tests, :mod:`~pytest_supaseed.reports.plan_json` gives a
plan as JSON.
"""
