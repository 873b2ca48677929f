"""A session for the SDKs, which name the address of STS themselves."""

import os

import boto3


class EmulatedSession(boto3.Session):
    """A boto3 session all of whose clients go to AWS_ENDPOINT_URL, whatever address they name."""

    def client(self, *words, **more):
        """Return a client of the emulator."""
        return super().client(*words, **{**more, "endpoint_url": os.environ["AWS_ENDPOINT_URL"]})
