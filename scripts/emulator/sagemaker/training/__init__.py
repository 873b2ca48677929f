"""Training jobs that really run."""
