"""A plan: the changes to make in AWS, in order, and the reason for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from matlab_sagemaker.aws.model_store import NewModel
    from matlab_sagemaker.aws.s3 import Upload

ApiRequest = dict[str, Any]  # keyword arguments of one boto3 call, named as in the API
Call = Literal[
    "create_bucket", "upload", "store_model", "create_training_job", "create_model",
    "create_endpoint_config", "create_endpoint", "update_endpoint", "add_tags", "delete_endpoint",
    "delete_endpoint_config", "delete_model",
]  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One change to make in AWS."""

    call: Call
    name: str
    request: ApiRequest = field(default_factory=dict)
    upload: Upload | None = None
    model: NewModel | None = None


@dataclass(frozen=True)
class Plan:
    """The steps in order, empty if nothing has to change; `because` is the reason."""

    because: str
    steps: tuple[Step, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether it changes anything but tags."""
        return any(step.call != "add_tags" for step in self.steps)

    def as_markdown(self) -> str:
        """Format the plan for the job summary: one line for each step, one for all uploads."""
        return "\n".join([self.because, "", *(f"- `{line}`" for line in self._lines())])

    def _lines(self) -> list[str]:
        uploads = [step for step in self.steps if step.call == "upload"]
        others = [f"{step.call} {step.name}" for step in self.steps if step.call != "upload"]
        if not uploads:
            return others
        count = f"{len(uploads)} object{'s' if len(uploads) > 1 else ''}"
        at = next(
            (i for i, line in enumerate(others) if not line.startswith("create_bucket")),
            len(others),
        )
        return [*others[:at], f"upload {count}", *others[at:]]
