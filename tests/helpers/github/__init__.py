"""Stand-ins for GitHub: its API for comments, and its identity tokens."""
