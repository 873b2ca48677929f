"""The command `doctor`: checks the project, the account, roles and permissions, and this machine.

permissions.py is the only list of the AWS permissions that each step needs.
"""
