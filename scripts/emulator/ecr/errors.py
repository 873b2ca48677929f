"""The refusals of ECR that moto does not know; their names are the codes that clients see."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class LayersNotFoundException(ServiceException):
    """A manifest names blobs that were not uploaded."""

    code = "LayersNotFoundException"


class LayerAlreadyExistsException(ServiceException):
    """The blob is there already; harmless."""

    code = "LayerAlreadyExistsException"


class InvalidLayerException(ServiceException):
    """The uploaded bytes do not have the digest that was promised."""

    code = "InvalidLayerException"


class EmptyUploadException(ServiceException):
    """An upload without a single part was completed."""

    code = "EmptyUploadException"


class ImageTagAlreadyExistsException(ServiceException):
    """The tag is immutable and taken."""

    code = "ImageTagAlreadyExistsException"


class ImageDigestDoesNotMatchException(ServiceException):
    """The manifest does not have the digest that was promised."""

    code = "ImageDigestDoesNotMatchException"


class ServerException(ServiceException):
    """The registry behind the API is gone or broken."""

    code = "ServerException"


class AccessDeniedException(ServiceException):
    """The policy of another account's repository does not let the caller in."""

    code = "AccessDeniedException"
