"""What `doctor` looks at: the project, the account, roles and permissions, this machine.

permissions.py is the one list of what each step asks of AWS.
"""
