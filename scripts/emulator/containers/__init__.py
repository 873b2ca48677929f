"""Runs images, as processes or with Docker; interface.py defines what both can do."""
