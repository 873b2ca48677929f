"""GitHub: the run of a verb on a runner, the user's repository, the comment, identity tokens.

run.py is the only reader of the runner's variables; api.py is the only client of GitHub's API,
oidc.py of its identity tokens, which claims.py reads. What goes into a summary or a comment is made
by markdown.py and tables.py; redact.py takes out what names the account.
"""
