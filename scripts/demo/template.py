"""The policies and repositories of scripts/setup/aws.yml, for the emulated account.

The emulator's CloudFormation could create the whole stack, but needs packages that the demo does
not have. Names are wildcards (`*`) here: the project and its buckets may have any name.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).resolve().parents[1] / "setup/aws.yml"
_VALUES = {
    "AWS::Partition": "aws",
    "AWS::Region": "*",
    "AWS::AccountId": "*",
    "NamePrefix": "*",
    "Bucket.Arn": "arn:aws:s3:::*",
    "BatchTokenSecret": "*",
}


class _Loader(yaml.SafeLoader):
    """Reads each of CloudFormation's short forms as a mapping from its name."""


def _short_form(loader: _Loader, name: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {f"!{name}": loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {f"!{name}": loader.construct_sequence(node, deep=True)}
    return {f"!{name}": None}


_Loader.add_multi_constructor("!", _short_form)


def policies(role: str) -> dict[str, Any]:
    """Read the policy documents of one of the template's roles, by name."""
    listed = _resources()[role]["Properties"]["Policies"]
    return {each["PolicyName"]: _resolved(each["PolicyDocument"]) for each in listed}


def repositories() -> list[dict[str, Any]]:
    """Read the properties of the image repositories."""
    found = _resources().values()
    return [each["Properties"] for each in found if each["Type"] == "AWS::ECR::Repository"]


def _resources() -> dict[str, Any]:
    template = yaml.load(_FILE.read_text(encoding="utf-8"), _Loader)  # noqa: S506 (a SafeLoader)
    return dict(template["Resources"])


def _resolved(node: Any) -> Any:
    """Replace !Sub, !Ref and !GetAtt by values; raises KeyError for an unknown name.

    !If always takes its last branch, because the demo sets no parameter that makes a condition
    true.
    """
    if isinstance(node, list):
        chosen = [each["!If"][-1] if "!If" in each else each for each in node]
        return [_resolved(each) for each in chosen if each != {"!Ref": "AWS::NoValue"}]
    if not isinstance(node, dict):
        return node
    if "!Sub" in node:
        return re.sub(r"\$\{([^}]+)\}", lambda found: _VALUES[found[1]], node["!Sub"])
    for form in ("!Ref", "!GetAtt"):
        if form in node:
            return _VALUES[node[form]]
    return {key: _resolved(value) for key, value in node.items()}
