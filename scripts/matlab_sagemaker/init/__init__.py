"""The command `init`: finds answers, asks for the others, and writes a repository's files."""
