"""Models, endpoint configurations and endpoints that really serve."""
