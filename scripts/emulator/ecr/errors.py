"""Errors of ECR that moto does not have; clients see the class names as error codes."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class LayersNotFoundException(ServiceException):
    """A manifest names blobs that were not uploaded."""

    code = "LayersNotFoundException"


class LayerAlreadyExistsException(ServiceException):
    """The blob exists already; harmless."""

    code = "LayerAlreadyExistsException"


class InvalidLayerException(ServiceException):
    """The uploaded bytes do not have the digest in the request."""

    code = "InvalidLayerException"


class EmptyUploadException(ServiceException):
    """An upload without a single part was completed."""

    code = "EmptyUploadException"


class ImageTagAlreadyExistsException(ServiceException):
    """The tag is immutable and in use."""

    code = "ImageTagAlreadyExistsException"


class ImageDigestDoesNotMatchException(ServiceException):
    """The manifest does not have the digest in the request."""

    code = "ImageDigestDoesNotMatchException"


class ServerException(ServiceException):
    """The registry behind the API does not work."""

    code = "ServerException"


class AccessDeniedException(ServiceException):
    """The policy of another account's repository does not allow the caller."""

    code = "AccessDeniedException"
