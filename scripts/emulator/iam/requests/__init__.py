"""What a request asks of IAM: its actions, the ARNs that they are about, and the context keys.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""
