"""Stand-ins for AWS, and what goes wrong on the way to it: faults, roles, a template's account."""
