"""SageMaker's API: api.py lists all actions; training/ and hosting/ implement them."""
