"""Errors with SageMaker's codes: raised anywhere, and sent to the client by the gateway."""

from __future__ import annotations


class ServiceError(Exception):
    """A refused request, with SageMaker's error code and HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class ValidationError(ServiceError):
    """The request is wrong; most of SageMaker's refusals have this code."""

    def __init__(self, message: str) -> None:
        super().__init__("ValidationException", message)


class ResourceInUseError(ServiceError):
    """The name is already in use."""

    def __init__(self, message: str) -> None:
        super().__init__("ResourceInUse", message)


class PlatformError(Exception):
    """A job or endpoint failed outside its program; the text becomes its FailureReason."""


class CannotStartError(Exception):
    """The emulator cannot start; the text says why and what to do."""


def left_out(what: str) -> ValidationError:
    """Refuse a feature that SageMaker has and the emulator does not."""
    return ValidationError(f"Not emulated: {what}. Use Amazon SageMaker for it.")
