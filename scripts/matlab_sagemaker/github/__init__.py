"""GitHub: the run of a verb on a runner, the user's repository, the comment, identity tokens.

Only run.py reads the runner's variables. Only api.py calls GitHub's API, and only oidc.py fetches
identity tokens, which claims.py decodes. markdown.py and tables.py format summaries and comments;
redact.py removes whatever identifies the AWS account.
"""
