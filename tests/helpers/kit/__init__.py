"""The kit in tests: runs of verbs, projects, a person at a terminal."""
