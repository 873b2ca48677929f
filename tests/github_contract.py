"""What GitHub itself says of its API: requests and answers are checked against its descriptions.

The descriptions are extracts; github_openapi/extract.py tells of what.
"""

import json

import graphql
from openapi_core import OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.responses.exceptions import ResponseNotFound

from github_openapi import extract


class Contract:
    """GitHub's API at `root`, an address."""

    def __init__(self, root):
        description = json.loads(extract.DESCRIPTION.read_text())
        self._rest = OpenAPI.from_dict({**description, "servers": [{"url": root}]})
        self._graphql = graphql.build_schema(extract.SCHEMA.read_text())

    def faults_of_request(self, request):
        """Return what is wrong with a REST request."""
        return [_text(e) for e in _errors(self._rest.iter_request_errors, _asked(request))]

    def faults_of_answer(self, request, answer):
        """Return what is wrong with the answer to a REST request.

        The description does not name every refusal; one that it does not name has no form.
        """
        told = _asked(request), WerkzeugOpenAPIResponse(answer)
        errors = _errors(self._rest.iter_response_errors, *told)
        refused = answer.status_code >= 400
        return [_text(e) for e in errors if not (refused and isinstance(e, ResponseNotFound))]

    def ask(self, query, viewer):
        """Return the answer to a GraphQL query of a caller whose login is `viewer`."""
        return graphql.graphql_sync(self._graphql, query, {"viewer": {"login": viewer}}).formatted


def _asked(request):
    return WerkzeugOpenAPIRequest(request)


def _errors(iterate, *what):
    try:
        return list(iterate(*what))
    except OpenAPIError as error:
        return [error]


def _text(error):
    return ": ".join(str(part) for part in (error, error.__cause__) if part)
