"""What stands in for AWS, or in its way: faults, roles, an account that the template has set up."""
