"""CloudFormation resource types that moto does not have or only partly supports."""
