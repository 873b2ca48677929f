"""A base class for moto's CloudFormation resource types, which need only make and remove."""

from __future__ import annotations

from typing import Any, ClassVar

from emulator.cloud import Scope

Properties = dict[str, Any]


def _present(value: Any) -> Any:
    """Remove AWS::NoValue from a value, which moto leaves in as None."""
    if isinstance(value, dict):
        return {key: _present(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_present(item) for item in value if item is not None]
    return value


class CreatedResource:
    """A resource that was made: the value of Ref, and the values of GetAtt by name."""

    def __init__(self, reference: str, **attributes: str) -> None:
        self.physical_resource_id = reference
        self._attributes = attributes

    def get_cfn_attribute(self, name: str) -> str:
        """Return the value for GetAtt."""
        return self._attributes[name]

    def is_created(self) -> bool:
        """Whether it exists: always, once it was made."""
        return True


class ResourceType:
    """The methods that moto calls; subclasses define `make` and `remove`."""

    TYPE: ClassVar[str]
    NAME: ClassVar[str] = ""  # the property that names it, if there is one
    ATTRIBUTES: ClassVar[frozenset[str]] = frozenset()  # those that GetAtt supports

    @classmethod
    def cloudformation_name_type(cls) -> str:
        """Return the property that names it."""
        return cls.NAME

    @classmethod
    def cloudformation_type(cls) -> str:
        """Return the type as written in templates."""
        return cls.TYPE

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Whether GetAtt supports an attribute."""
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
        """Remove it, unless the template retains it; moto itself handles only Retain."""
        if not str(cloudformation_json.get("DeletionPolicy", "")).startswith("Retain"):
            cls.remove(Scope(account_id, region_name), resource_name)

    @classmethod
    def make(cls, scope: Scope, name: str, asked: Properties) -> Any:
        """Make it and return an object that answers Ref and GetAtt."""
        raise NotImplementedError

    @classmethod
    def remove(cls, scope: Scope, reference: str) -> None:
        """Remove it."""
        raise NotImplementedError
