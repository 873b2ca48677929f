"""What `init` does: find answers, ask for the rest, and write a repository's files from them."""
