"""Errors of S3 that moto does not have.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from __future__ import annotations

from xml.sax.saxutils import escape


class S3Error(Exception):
    """A refused request, with S3's error code and HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status

    def answer(self) -> tuple[int, dict[str, str], str]:
        """Write the error as S3 does."""
        code, message = escape(self.code), escape(str(self))
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        )
        return self.status, {"content-type": "application/xml"}, body
