"""Finds what IAM must judge in a request: its actions, their resources, and condition keys.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""
