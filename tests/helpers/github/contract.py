"""Checks requests and answers against GitHub's own descriptions of its API.

The descriptions are extracts, made by openapi/extract.py. Importing this takes long, so import it
only where it is needed.
"""

import functools
import json
from urllib.parse import urlsplit

import graphql
from openapi_core import OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.responses.exceptions import ResponseNotFound

from helpers.github.openapi import extract

ROOT = "https://api.github.com"


class Contract:
    """GitHub's API at `root`, an address."""

    def __init__(self, root):
        self._prefix = urlsplit(root).path

    def faults_of_request(self, request):
        """Return what is wrong with a REST request."""
        asked = _Asked(request, self._prefix)
        return [_text(e) for e in _errors(_rest().iter_request_errors, asked)]

    def faults_of_answer(self, request, answer):
        """Return what is wrong with the answer to a REST request.

        The description does not have every refusal; those that it does not have can have any form.
        """
        told = _Asked(request, self._prefix), WerkzeugOpenAPIResponse(answer)
        errors = _errors(_rest().iter_response_errors, *told)
        refused = answer.status_code >= 400
        return [_text(e) for e in errors if not (refused and isinstance(e, ResponseNotFound))]

    def ask(self, query, viewer):
        """Return the answer to a GraphQL query of a caller whose login is `viewer`."""
        return graphql.graphql_sync(_graphql(), query, {"viewer": {"login": viewer}}).formatted


class _Asked(WerkzeugOpenAPIRequest):
    """A request with GitHub's own address, which the description has."""

    host_url = ROOT

    def __init__(self, request, prefix):
        super().__init__(request)
        self._prefix = prefix

    def get_path(self, path):
        inside = path.startswith(f"{self._prefix}/")
        return path.removeprefix(self._prefix) if inside else "/elsewhere"


@functools.cache
def _rest():
    description = json.loads(extract.DESCRIPTION.read_text())
    return OpenAPI.from_dict({**description, "servers": [{"url": ROOT}]})


@functools.cache
def _graphql():
    return graphql.build_schema(extract.SCHEMA.read_text())


def _errors(iterate, *what):
    try:
        return list(iterate(*what))
    except OpenAPIError as error:
        return [error]


def _text(error):
    return ": ".join(str(part) for part in (error, error.__cause__) if part)
