"""The refusals of S3 that moto does not know.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from __future__ import annotations

from xml.sax.saxutils import escape


class S3Error(Exception):
    """A refused request: code and HTTP status as S3 gives them."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status

    def answer(self) -> tuple[int, dict[str, str], str]:
        """Write the refusal as S3 does."""
        code, message = escape(self.code), escape(str(self))
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        )
        return self.status, {"content-type": "application/xml"}, body
