"""Measurements run by hand; each module or package is one. README.md tells how, and what was last measured."""
