"""Talks to AWS: signs in, finds resources, applies plans and follows logs.

Only this package uses boto3, and all its failures are KitErrors. boto3 decides by AWS_ENDPOINT_URL
whether it talks to AWS or to the emulator. The code here asks which it is in one place only: a
folder image, which only the emulator can run, is never sent to AWS.
"""
