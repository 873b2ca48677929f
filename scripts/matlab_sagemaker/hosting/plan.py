"""The plans that change an endpoint: deployment, rollback, deletion. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from matlab_sagemaker.aws import tags
from matlab_sagemaker.aws.plan import Plan, Step
from matlab_sagemaker.errors import InputError, MissingStepError, UnsafePlanError
from matlab_sagemaker.hosting.history import History
from matlab_sagemaker.training import gate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.aws.plan import ApiRequest
    from matlab_sagemaker.hosting.deployment import Deployment
    from matlab_sagemaker.training.gate import Judgement


@dataclass(frozen=True)
class FoundEndpoint:
    """An endpoint as it is in SageMaker."""

    config_name: str | None = None  # None: there is no endpoint
    status: str | None = None
    arn: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)  # its tags
    changing: bool = False  # whether a change was in progress when its tags were read
    reason: str = ""  # FailureReason of the last change

    @property
    def history(self) -> History:
        """Its history, from the tags."""
        return History.of(self.facts)

    @property
    def way_back(self) -> str:
        """The configuration that a rollback would restore; empty: unknown.

        An interrupted rollback continues. If a change was in progress at first, the rollback undoes
        that change: it restores what served before it, even if the change has failed meanwhile.
        """
        history = self.history
        undone = history.previous(None) if self.changing else ""
        return history.aim(self.config_name) or undone or history.previous(self.config_name)

    @property
    def newest(self) -> str:
        """The newest deployed commit; empty: unknown."""
        return self.history.newest(self._serves)

    def newest_after(self, commit: str, *, overtaken: bool) -> str:
        """Find the newest deployed commit once `commit` is deployed; `overtaken`: it is older."""
        return self.newest if overtaken or not commit else commit

    def left_to_newer(self, *, overtaken: bool) -> bool:
        """Check whether a run that gives way must leave the endpoint to a newer commit.

        `overtaken`: the run's commit is older than `newest` in git's history.
        Only deployed commits count. Commits that deploy nothing, such as a bot's or one with
        [skip ci], do not block older merges. A rollback does not change `newest`: it restored an
        older model on purpose, and a late run of an older commit must not undo it; the next merge
        does. If the endpoint is not in service, no run gives way.
        """
        return overtaken and self._serves is not None

    def serves(self, config: str) -> bool:
        """Check whether the endpoint is in service with this configuration."""
        return self._serves == config

    @property
    def _serves(self) -> str | None:
        return self.config_name if self.status == "InService" else None

    def leaving(self, aim: str = "") -> History:
        """Return the history to write before a change; `aim`: where a rollback leads."""
        history = self.history.leaving(self._serves)
        if not (aim and self.config_name):
            return history
        return replace(history, rolling_back=(self.config_name, aim))


@dataclass(frozen=True)
class FoundTarget:
    """Which parts of the desired configuration exist in AWS."""

    config: bool = False
    model: bool = False


def require_own(name: str, project: str, found: FoundEndpoint) -> None:
    """Raise UnsafePlanError if the endpoint belongs to another project, so it is never changed."""
    owner = found.facts.get("project", "")
    if found.status is None or owner == project:
        return
    raise UnsafePlanError(
        f"Endpoint {name} does not belong to the project {project}.",
        why=f"Its tags name the project {owner}." if owner else "Its tags name no project.",
        do="Correct endpoint.name in sagemaker.yml. To hand the endpoint over to this project, "
        f"give it the tag {tags.PREFIX}project={project}.",
    )


SETTLED = ("InService", "OutOfService", "Failed", "UpdateRollbackFailed")
CHANGING = ("Creating", "Updating", "RollingBack")  # SystemUpdating is not a user's change


def plan_deployment(
    desired: Deployment,
    found: FoundEndpoint,
    target: FoundTarget,
    judged: Judgement = gate.NONE,
    *,
    overtaken: bool = False,
) -> Plan:
    """Plan the steps that make the endpoint serve `desired`; `target` is what exists of it.

    `overtaken`: a newer commit was deployed and stays the newest. Records whether the model fails
    the gate and is deployed anyway. A model that already serves passes the rules of champion only
    because it is compared with itself, so what is recorded of it stays.
    Raises UnsafePlanError if the endpoint belongs to another project, or if SageMaker would refuse
    the change, which it would do only after the model was created.
    """
    require_own(desired.endpoint_name, desired.project, found)
    wanted = desired.config["EndpointConfigName"]
    newest = found.newest_after(desired.commit, overtaken=overtaken)
    ignored = judged.error is not None
    if judged.serves_itself:
        ignored = found.config_name in found.history.ignored
    if found.serves(wanted):
        because = f"Endpoint {desired.endpoint_name} already serves exactly this"
        noted = found.history.trying(wanted).judged(wanted, ignored=ignored)
        if newest != found.newest:
            noted = replace(noted, deployed=(newest,))
        if note := write(desired.endpoint_name, found, noted):
            is_gate = noted.ignored != found.history.ignored
            what = "newest commit" if newest != found.newest else "gate" if is_gate else "new trial"
            return Plan(f"{because}: only recording its {what}.", note)
        return Plan(f"{because}: nothing to do.")
    history = found.leaving().deploying(newest, wanted).judged(wanted, ignored=ignored)
    steps = [*desired.writes]
    if not target.model:
        steps.append(Step("create_model", desired.model["ModelName"], desired.model))
    if not target.config:
        steps.append(Step("create_endpoint_config", wanted, desired.config))
    change = _change(desired.endpoint, found, history, desired.project, desired.tags)
    return Plan(_because(desired, found), (*steps, *change))


def _because(desired: Deployment, found: FoundEndpoint) -> str:
    if found.status is None:
        return f"There is no endpoint {desired.endpoint_name} yet."
    if found.status == "Failed":
        return f"Endpoint {desired.endpoint_name} has failed and serves nothing: recreating it."
    return f"Endpoint {desired.endpoint_name} serves {found.config_name}."


def _change(
    request: ApiRequest,
    found: FoundEndpoint,
    history: History,
    project: str,
    own: Mapping[str, str],
) -> tuple[Step, ...]:
    """Plan the steps to the UpdateEndpoint `request`; the history is written first.

    A new endpoint also gets the user's `own` tags.
    """
    name = request["EndpointName"]
    facts = {"project": project, **{key: text for key, text in history.facts.items() if text}}
    create = Step("create_endpoint", name, {**request, "Tags": tags.of(facts, own)})
    match found.status:
        case None:
            return (create,)
        case "InService" | "OutOfService":
            return (*write(name, found, history), Step("update_endpoint", name, request))
        case "Failed":  # SageMaker can only delete a failed endpoint
            return (Step("delete_endpoint", name, {"EndpointName": name}), create)
        case status:
            raise UnsafePlanError(
                f"Endpoint {name} is {status}; SageMaker does not allow changes in this state.",
                why="Its last update failed, and so did SageMaker's rollback."
                if status == "UpdateRollbackFailed"
                else "",
                do=f"Inspect it (`aws sagemaker describe-endpoint --endpoint-name {name}`), then "
                "delete it or ask AWS Support, and run again.",
            )


def write(name: str, found: FoundEndpoint, history: History) -> tuple[Step, ...]:
    """Plan the step that writes the history, if it has changed."""
    old, new = found.history.facts, history.facts
    changed = {key: text for key, text in new.items() if text != old[key]}
    request = {"ResourceArn": found.arn, "Tags": tags.of(changed)}
    return (Step("add_tags", name, request),) if changed else ()


def missing(name: str) -> MissingStepError:
    """Create the error for an endpoint that does not exist."""
    return MissingStepError(
        f"There is no endpoint {name}.",
        do="Run deploy first, or correct endpoint.name in sagemaker.yml.",
    )


def rollback_target(name: str, found: FoundEndpoint) -> str:
    """Find the configuration that a rollback restores; raise a KitError if there is none."""
    if found.status is None:
        raise missing(name)
    if not found.way_back:
        raise UnsafePlanError(
            f"Endpoint {name} has no record of what it served before {found.config_name}.",
            why="deploy writes this record to the endpoint's tags when it replaces a model.",
            do="To serve an older model, check out its commit and run deploy.",
        )
    return found.way_back


def plan_rollback(
    name: str,
    project: str,
    back: str,
    found: FoundEndpoint,
    target: FoundTarget,
    own: Mapping[str, str] | None = None,
) -> Plan:
    """Plan the steps that restore the configuration `back`; `target` is what exists of it.

    A recreated endpoint also gets the user's `own` tags.
    Raises UnsafePlanError if the configuration or its model does not exist, if the endpoint
    belongs to another project, or if SageMaker does not allow changes.
    """
    require_own(name, project, found)
    if found.serves(back):
        return Plan(f"Endpoint {name} already serves {back}, the rollback's target: nothing to do.")
    if not (target.config and target.model):
        gone = f"The model of {back}" if target.config else f"The configuration {back}"
        raise UnsafePlanError(
            f"{gone} no longer exists, so endpoint {name} cannot go back to it.",
            why=f"Somebody deleted it; {found.config_name} stays in service."
            if found.status == "InService"
            else "Somebody deleted it.",
            do="Check out the commit that was deployed then, and run deploy.",
        )
    request = {"EndpointName": name, "EndpointConfigName": back}
    steps = _change(request, found, found.leaving(back), project, own or {})
    return Plan(f"Endpoint {name} served {back} before {found.config_name}: going back.", steps)


def plan_rolled_back(name: str, found: FoundEndpoint, plan: Plan) -> Plan:
    """Plan what follows a completed rollback: remove its mark."""
    if not (plan.steps or found.history.rolling_back):
        return Plan("")
    request = {"ResourceArn": found.arn, "Tags": tags.of({"rolling-back": ""})}
    return Plan("", (Step("add_tags", name, request),))


@dataclass(frozen=True)
class OwnResources:
    """What the kit created for one endpoint: configurations with their facts, and models."""

    configs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    models: tuple[str, ...] = ()


def require_repeated(name: str, repeated: str) -> None:
    """Raise InputError unless the user repeated the endpoint's name."""
    if repeated != name:
        raise InputError(
            f"Input 'endpoint-name' is '{repeated}', but the endpoint is called '{name}'.",
            why="A deletion cannot be undone, so you must repeat the endpoint's name.",
            do=f"To delete that endpoint, set the input endpoint-name to {name} "
            f"(on a command line: --endpoint-name {name}).",
        )


def plan_deletion(name: str, project: str, found: FoundEndpoint, made: OwnResources) -> Plan:
    """Plan the steps that delete an endpoint and what was created for it.

    Raises UnsafePlanError if the endpoint belongs to another project, MissingStepError if nothing
    is left to delete.
    """
    require_own(name, project, found)
    steps = [Step("delete_endpoint", name, {"EndpointName": name})] if found.status else []
    steps += [
        Step("delete_endpoint_config", config, {"EndpointConfigName": config})
        for config in made.configs
    ]
    steps += [Step("delete_model", model, {"ModelName": model}) for model in made.models]
    if not steps:
        raise MissingStepError(
            f"There is no endpoint {name}, and nothing else that was created for it.",
            do="If it was deleted before, you are done; otherwise correct endpoint.name in "
            "sagemaker.yml.",
        )
    state = f"is {found.status}" if found.status else "is already gone"
    return Plan(f"Endpoint {name} {state}.", tuple(steps))
