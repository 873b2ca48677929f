"""Find what an endpoint serves, back to the training job; changes nothing."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.aws import tags
from matlab_sagemaker.hosting import endpoints
from matlab_sagemaker.hosting.plan import FoundTarget
from matlab_sagemaker.training import attempts, cards, job

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.aws.signin import Target
    from matlab_sagemaker.hosting.plan import OwnResources
    from matlab_sagemaker.training.job import Job

MISSING = "missing"


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """An endpoint configuration and its model; unknown or deleted parts are empty."""

    name: str
    model_name: str = ""
    has_model: bool = False
    image: str = ""
    model_data: str = ""
    training_job: str = ""
    commit: str = ""
    made: str = ""  # creation time, for people
    role: str = ""  # ARN
    instance_type: str = ""
    instance_count: int = 0
    vpc: Mapping[str, Any] | None = None
    job: Job | None = None  # that trained the model; None: not known, or deleted

    @property
    def metrics(self) -> dict[str, float]:
        """The metrics that the training job has sealed."""
        return dict(self.job.metrics) if self.job and self.job.is_sealed else {}

    @property
    def facts(self) -> dict[str, str]:
        """The step's outputs about it, by name."""
        return {
            "endpoint-config": self.name,
            "model-name": self.model_name,
            "model-data": self.model_data,
            "image": self.image,
            "training-job": self.training_job,
            "commit": self.commit,
        }


@dataclass(frozen=True, kw_only=True)
class EndpointStatus:
    """What an endpoint serves now, what it served before, and how its last change ended."""

    endpoint: str
    status: str  # EndpointStatus, or MISSING
    config_name: str = ""
    config: Configuration | None = None  # None: it was deleted
    previous_name: str = ""
    previous: Configuration | None = None
    reason: str = ""  # FailureReason of the last change
    ignores_gate: bool = False  # somebody deployed it although it fails the gate
    failed: tuple[str, ...] = ()  # configurations whose smoke test failed

    @property
    def facts(self) -> dict[str, Any]:
        """The step's outputs, by name."""
        back = self.previous if self.previous and self.previous.has_model else None
        return {
            "endpoint-name": self.endpoint,
            "endpoint-status": self.status,
            **(self.config or Configuration(name=self.config_name)).facts,
            "metrics": self.config.metrics if self.config else {},
            "previous-config": back.name if back else "",
            "failure-reason": self.reason,
            "gate-ignored": self.ignores_gate,
            "failed-configs": " ".join(self.failed),
        }


def find(aws: Aws, endpoint: str, seal: str) -> EndpointStatus:
    """Find what the endpoint serves now, whatever its status is.

    `seal` is the s3:// prefix of the cards of the project's jobs.
    """
    found = endpoints.find_now(aws, endpoint)
    if found.config_name is None or found.status is None:
        return EndpointStatus(endpoint=endpoint, status=MISSING)
    name = found.config_name
    previous = found.way_back
    look = _find_once(aws, seal)
    return EndpointStatus(
        endpoint=endpoint,
        status=found.status,
        config_name=name,
        config=_find(aws, name, look),
        previous_name=previous,
        previous=_find(aws, previous, look) if previous else None,
        reason=found.reason,
        ignores_gate=name in found.history.ignored,
        failed=found.history.failed,
    )


def find_configuration(aws: Aws, name: str, seal: str = "") -> Configuration | None:
    """Find an endpoint configuration with its first model; None if it does not exist.

    Without `seal`, the model's training job is not looked up.
    """
    return _find(aws, name, _find_once(aws, seal))


def _find(aws: Aws, name: str, look: Callable[[str], Job | None]) -> Configuration | None:
    details = endpoints.describe_config(aws, name)
    if details is None:
        return None
    facts = tags.read(aws, details["EndpointConfigArn"])
    variant = details["ProductionVariants"][0]
    model_name = variant.get("ModelName", "")
    model = endpoints.describe_model(aws, model_name) if model_name else None
    container = _container(model or {})
    training_job = facts.get("training-job", "")
    return Configuration(
        name=name,
        model_name=model_name,
        has_model=model is not None,
        image=container.get("Image", ""),
        model_data=container.get("ModelDataUrl", ""),
        training_job=training_job,
        commit=facts.get("commit", ""),
        made=endpoints.moment(details["CreationTime"]),
        role=(model or {}).get("ExecutionRoleArn", ""),
        instance_type=variant.get("InstanceType", ""),
        instance_count=variant.get("InitialInstanceCount", 0),
        vpc=(model or {}).get("VpcConfig"),
        job=look(training_job),
    )


def _find_once(aws: Aws, seal: str) -> Callable[[str], Job | None]:
    """Return a function that finds a training job, with its sealed results, by name.

    It asks AWS once for each name, and returns None if the job does not exist.
    """

    @functools.cache
    def look(name: str) -> Job | None:
        found = attempts.find_job(aws, name) if name and seal else None
        return cards.sealed(aws, seal, found) if found else None

    return look


def _container(model: dict[str, Any]) -> dict[str, Any]:
    """Return a model's first container; a model that the kit did not create may have several."""
    containers = [model.get("PrimaryContainer"), *model.get("Containers", [])]
    return next((container for container in containers if container), {})


def target_of(back: Configuration | None) -> FoundTarget:
    """Tell which parts of the configuration to restore exist."""
    return FoundTarget(config=back is not None, model=bool(back and back.has_model))


def goes_back(
    aws: Aws, leaves: str | None, back: Configuration, seal: str
) -> list[tuple[str, Configuration]]:
    """List the configurations of a rollback, each with its fate."""
    left = find_configuration(aws, leaves, seal) if leaves and leaves != back.name else None
    return [("serves again", back), *([("is left", left)] if left else [])]


def own_configurations(
    target: Target, project: str, own: OwnResources, serves: str | None
) -> list[tuple[str, Configuration]]:
    """List the configurations to delete, each with whether it serves now."""
    look = _find_once(target.aws, job.seal(target.bucket, project))
    return [
        (
            "serves now" if name == serves else "does not serve",
            Configuration(
                name=name,
                commit=facts.get("commit", ""),
                made=facts["made"],
                job=look(facts.get("training-job", "")),
            ),
        )
        for name, facts in own.configs.items()
    ]
