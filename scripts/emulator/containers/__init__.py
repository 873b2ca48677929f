"""What runs images, as processes or by Docker; interface.py says what both kinds can do."""
