"""Hosting: the endpoint, what it serves and has served, how it is changed, and predictions."""
