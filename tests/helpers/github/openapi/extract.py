"""Extracts from GitHub's own descriptions what the fake of its API is checked against.

  npm pack @octokit/openapi@23.0.2 @octokit/graphql-schema@15.26.1     (both MIT, see LICENSE)
  python tests/helpers/github/openapi/extract.py generated/api.github.com.json schema.graphql

writes api.github.com.json and schema.graphql beside this file: the operations named here, and all
that they refer to, unchanged except for examples and GitHub's own extensions.
"""

import json
import sys
from pathlib import Path

import graphql

OPERATIONS = {
    "/repos/{owner}/{repo}/issues/{issue_number}/comments": ("get", "post"),
    "/repos/{owner}/{repo}/issues/comments/{comment_id}": ("patch", "delete"),
    "/repos/{owner}/{repo}/pulls/{pull_number}": ("get",),
    "/repos/{owner}/{repo}/branches": ("get",),
    "/repos/{owner}/{repo}/environments/{environment_name}": ("get",),
    "/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies": ("get",),
}
FIELDS = {"Query": ["viewer"], "User": ["login"]}
FILES = Path(__file__).parent
DESCRIPTION, SCHEMA = FILES / "api.github.com.json", FILES / "schema.graphql"
SOURCE = "npm package @octokit/openapi {version}: generated/api.github.com.json"


def rest(whole):
    """Return the part of an OpenAPI description that OPERATIONS need."""
    paths = {
        path: plain({method: whole["paths"][path][method] for method in methods})
        for path, methods in OPERATIONS.items()
    }
    source = whole["info"].get("x-source") or SOURCE.format(version=whole["info"]["version"])
    return {
        "openapi": whole["openapi"],
        "info": {**whole["info"], "x-source": source},
        "servers": whole["servers"],
        "paths": paths,
        "components": components(whole, paths),
    }


def components(whole, paths):
    """Return the components that `paths` refer to, and those that these refer to."""
    kept, waiting = {}, list(references(paths))
    while waiting:
        _, _, kind, name = waiting.pop().split("/")
        if name not in kept.get(kind, {}):
            part = plain(whole["components"][kind][name])
            kept.setdefault(kind, {})[name] = part
            waiting += references(part)
    return {kind: dict(sorted(parts.items())) for kind, parts in sorted(kept.items())}


def references(part):
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if key == "$ref":
            yield value
        elif isinstance(value, dict | list):
            yield from references(value)


def plain(part):
    """Return a part without examples of whole bodies and extensions."""
    if isinstance(part, list):
        return [plain(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {k: plain(v) for k, v in part.items() if k != "examples" and not k.startswith("x-")}


def query(sdl):
    """Return the part of a GraphQL schema that FIELDS name."""
    types = graphql.build_schema(sdl, assume_valid_sdl=True).type_map
    lines = ["# From the npm package @octokit/graphql-schema 15.26.1: schema.graphql"]
    for name, fields in FIELDS.items():
        told = [f"  {field}: {types[name].fields[field].type}" for field in fields]
        lines += [f"type {name} {{", *told, "}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    description, schema = map(Path, sys.argv[1:])
    text = json.dumps(rest(json.loads(description.read_text())), indent=1)
    DESCRIPTION.write_text(text + "\n")
    SCHEMA.write_text(query(schema.read_text()))
