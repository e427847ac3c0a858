"""Hooks, options and the marker: what pytest sees of the plugin when it starts."""
