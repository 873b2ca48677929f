"""The kit in tests: verbs that run, projects, a person at a terminal."""
