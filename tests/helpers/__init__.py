"""What the tests share, by what it is about."""
