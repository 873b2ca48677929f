"""What moto's CloudFormation asks of a type of resource, in two words: make and remove."""

from __future__ import annotations

from typing import Any, ClassVar

from emulator.cloud import Scope

Properties = dict[str, Any]


def _present(value: Any) -> Any:
    """Give a value without what is AWS::NoValue, which moto leaves in as None."""
    if isinstance(value, dict):
        return {key: _present(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_present(item) for item in value if item is not None]
    return value


class CreatedResource:
    """A resource that was made: what Ref gives, and what GetAtt gives by name."""

    def __init__(self, reference: str, **attributes: str) -> None:
        self.physical_resource_id = reference
        self._attributes = attributes

    def get_cfn_attribute(self, name: str) -> str:
        """Give what GetAtt asks for."""
        return self._attributes[name]

    def is_created(self) -> bool:
        """Tell whether it is there: as soon as it was made."""
        return True


class ResourceType:
    """What moto asks of a type; `make` and `remove` are what its resources are about."""

    TYPE: ClassVar[str]
    NAME: ClassVar[str] = ""  # the property that names it, where there is one
    ATTRIBUTES: ClassVar[frozenset[str]] = frozenset()  # that GetAtt knows

    @classmethod
    def cloudformation_name_type(cls) -> str:
        """Give the property that names it."""
        return cls.NAME

    @classmethod
    def cloudformation_type(cls) -> str:
        """Give the type as templates write it."""
        return cls.TYPE

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Tell whether GetAtt knows it."""
        return attr in cls.ATTRIBUTES

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> Any:
        """Make what a template describes."""
        asked = _present(cloudformation_json.get("Properties", {}))
        return cls.make(Scope(account_id, region_name), resource_name, asked)

    @classmethod
    def delete_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> None:
        """Remove it, unless the template retains it; moto itself knows Retain alone."""
        if not str(cloudformation_json.get("DeletionPolicy", "")).startswith("Retain"):
            cls.remove(Scope(account_id, region_name), resource_name)

    @classmethod
    def make(cls, scope: Scope, name: str, asked: Properties) -> Any:
        """Make it and give what Ref and GetAtt are asked of."""
        raise NotImplementedError

    @classmethod
    def remove(cls, scope: Scope, reference: str) -> None:
        """Remove it."""
        raise NotImplementedError
