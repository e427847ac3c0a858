"""The pytest plugin: hooks, fixtures, markers and reports.

It is the only package that imports pytest; no other package imports it.
"""
