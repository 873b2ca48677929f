"""The claims in one of GitHub's identity tokens, about the job that it was issued to. Pure.

Source: https://docs.github.com/actions/reference/security/oidc
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any


def read(token: str) -> dict[str, Any]:
    """Decode a token's claims, without checking its signature, as AWS does; empty if unreadable."""
    try:
        payload = token.split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def subjects(said: dict[str, Any]) -> list[str]:
    """Return both forms of a token's `sub`: GitHub's older one, and the one with IDs.

    A trust policy has to name the form that the repository's tokens have: the one with IDs for
    repositories that were created, renamed or transferred after July 2026.
    """
    sub = re.fullmatch(r"repo:[^:]+:(.+)", str(said.get("sub", "")))
    owner, _, name = str(said.get("repository", "")).partition("/")
    if not (sub and name):
        return [str(said["sub"])] if "sub" in said else []
    forms = [f"repo:{owner}/{name}:{sub[1]}"]
    ids = said.get("repository_owner_id"), said.get("repository_id")
    if all(ids):
        forms.append(f"repo:{owner}@{ids[0]}/{name}@{ids[1]}:{sub[1]}")
    return forms
