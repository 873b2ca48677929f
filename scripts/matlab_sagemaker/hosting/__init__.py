"""Hosting: the endpoint, its history, the changes to it, and predictions."""
