"""SageMaker's API: api.py names every action; training/ and hosting/ do the work behind it."""
