"""The plans that change an endpoint: a deployment, the way back from it, its deletion. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from matlab_sagemaker.aws import tags
from matlab_sagemaker.aws.plan import Plan, Step
from matlab_sagemaker.errors import InputError, MissingStepError, UnsafePlanError
from matlab_sagemaker.hosting.history import History

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.aws.plan import ApiRequest
    from matlab_sagemaker.hosting.deployment import Deployment


@dataclass(frozen=True)
class FoundEndpoint:
    """An endpoint as SageMaker has it, once no change of it is under way."""

    config_name: str | None = None  # None: there is no endpoint
    status: str | None = None
    arn: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)  # what its tags say
    changing: bool = False  # when it was first looked at; the tags are of that moment

    @property
    def history(self) -> History:
        """What the tags tell of the past."""
        return History.of(self.facts)

    @property
    def way_back(self) -> str:
        """What a rollback brings; empty where nothing is known of it.

        A rollback that was interrupted goes on. A change that was under way when we came is the one
        to be undone: back to what served before it, even if it has failed meanwhile.
        """
        history = self.history
        undone = history.previous(None) if self.changing else ""
        return history.aim(self.config_name) or undone or history.previous(self.config_name)

    @property
    def newest(self) -> str:
        """The newest commit that was deployed; empty where nothing is known of it."""
        return self.history.newest(self._serves)

    def left_to_newer(self, *, overtaken: bool) -> bool:
        """Tell whether a run that gives way leaves the endpoint to a commit newer than its own.

        `overtaken`: its commit is older than `newest`, as git tells.
        What was deployed counts, and not what is on the branch: a newer commit may deploy nothing,
        such as a bot's, or one with [skip ci]. A rollback does not count either: what it brought is
        older on purpose, and a late run of what is older than the commit rolled back does not undo
        it; the next merge does. An endpoint that does not serve is left to nobody.
        """
        return overtaken and self._serves is not None

    def serves(self, config: str) -> bool:
        """Tell whether the endpoint is in service with this configuration."""
        return self._serves == config

    @property
    def _serves(self) -> str | None:
        return self.config_name if self.status == "InService" else None

    def leaving(self, aim: str = "") -> History:
        """Return the history to write before the endpoint is changed: only what serves counts."""
        history = self.history.leaving(self._serves)
        if not (aim and self.config_name):
            return history
        return replace(history, rolling_back=(self.config_name, aim))


@dataclass(frozen=True)
class FoundTarget:
    """What AWS has of the configuration that an endpoint is to serve."""

    config: bool = False
    model: bool = False


def require_own(name: str, project: str, found: FoundEndpoint) -> None:
    """Raise UnsafePlanError where the endpoint is not this project's: nobody else's is touched."""
    owner = found.facts.get("project", "")
    if found.status is None or owner == project:
        return
    raise UnsafePlanError(
        f"Endpoint {name} was not made for the project {project}.",
        why=f"Its tags name the project {owner}." if owner else "Its tags name no project.",
        do="Correct endpoint.name in sagemaker.yml; or, if it is to be this project's from now on, "
        f"hand it over: give it the tag {tags.PREFIX}project={project}.",
    )


SETTLED = ("InService", "OutOfService", "Failed", "UpdateRollbackFailed")
CHANGING = ("Creating", "Updating", "RollingBack")  # for someone; SystemUpdating is SageMaker's own


def plan_deployment(
    desired: Deployment,
    found: FoundEndpoint,
    target: FoundTarget,
    *,
    overtaken: bool = False,
    ignored: bool | None = False,
) -> Plan:
    """Return the steps that make the endpoint serve `desired`; `target` is what there is of it.

    `overtaken`: a newer commit has been deployed, and stays the newest. `ignored`: the model does
    not pass the gate, and somebody wants it deployed all the same; None: as of what serves now.
    Raises UnsafePlanError where the endpoint is not this project's, or where SageMaker would refuse
    after the model was made already.
    """
    require_own(desired.endpoint_name, desired.project, found)
    wanted = desired.config["EndpointConfigName"]
    keeps = overtaken or not desired.commit
    newest = found.newest if keeps else desired.commit  # when all is done
    if ignored is None:
        ignored = found.config_name in found.history.ignored
    if found.serves(wanted):
        because = f"Endpoint {desired.endpoint_name} serves exactly this already"
        noted = found.history.trying(wanted).judged(wanted, ignored=ignored)
        if newest != found.newest:
            noted = replace(noted, deployed=(newest,))
        if note := write(desired.endpoint_name, found, noted):
            judged = noted.ignored != found.history.ignored
            what = "newest commit" if newest != found.newest else "gate" if judged else "new trial"
            return Plan(f"{because}: its {what} is noted.", note)
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
        return f"Endpoint {desired.endpoint_name} has failed and serves nothing: it is made anew."
    return f"Endpoint {desired.endpoint_name} serves {found.config_name}."


def _change(
    request: ApiRequest,
    found: FoundEndpoint,
    history: History,
    project: str,
    own: Mapping[str, str],
) -> tuple[Step, ...]:
    """Return the steps from what the endpoint serves to `request`; the history comes first.

    A new endpoint gets the tags that are the user's `own` as well.
    """
    name = request["EndpointName"]
    facts = {"project": project, **{key: text for key, text in history.facts.items() if text}}
    create = Step("create_endpoint", name, {**request, "Tags": tags.of(facts, own)})
    match found.status:
        case None:
            return (create,)
        case "InService" | "OutOfService":
            return (*write(name, found, history), Step("update_endpoint", name, request))
        case "Failed":  # SageMaker lets a failed endpoint only be deleted
            return (Step("delete_endpoint", name, {"EndpointName": name}), create)
        case status:
            raise UnsafePlanError(
                f"Endpoint {name} is {status}; SageMaker lets nobody change it now.",
                why="Its last update failed, and so did the way back."
                if status == "UpdateRollbackFailed"
                else "",
                do=f"Look at it (`aws sagemaker describe-endpoint --endpoint-name {name}`), then "
                "delete it or ask AWS Support, and run again.",
            )


def write(name: str, found: FoundEndpoint, history: History) -> tuple[Step, ...]:
    """Return the step that writes the history, where it says anything new."""
    old, new = found.history.facts, history.facts
    changed = {key: text for key, text in new.items() if text != old[key]}
    request = {"ResourceArn": found.arn, "Tags": tags.of(changed)}
    return (Step("add_tags", name, request),) if changed else ()


def missing(name: str) -> MissingStepError:
    """Return the error for an endpoint that is not there."""
    return MissingStepError(
        f"There is no endpoint {name}.",
        do="Run deploy first, or correct endpoint.name in sagemaker.yml.",
    )


def rollback_target(name: str, found: FoundEndpoint) -> str:
    """Return the configuration to go back to; raise a KitError where there is none."""
    if found.status is None:
        raise missing(name)
    if not found.way_back:
        raise UnsafePlanError(
            f"Nothing is known that endpoint {name} served before {found.config_name}.",
            why="deploy records it in the endpoint's tags when it puts something new in its place.",
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
    """Return the steps to the configuration `back`; `target` is what there is of it.

    An endpoint that is made anew gets the tags that are the user's `own`.

    Raises UnsafePlanError where it or its model is not there, where the endpoint is not this
    project's, or where SageMaker lets nobody change it.
    """
    require_own(name, project, found)
    if found.serves(back):
        return Plan(f"Endpoint {name} serves {back}, where it was to go back: nothing to do.")
    if not (target.config and target.model):
        gone = f"The model of {back}" if target.config else f"The configuration {back}"
        raise UnsafePlanError(
            f"{gone} is not there any more; endpoint {name} cannot go back to it.",
            why=f"Somebody has deleted it; {found.config_name} is left in service."
            if found.status == "InService"
            else "Somebody has deleted it.",
            do="Check out the commit that was deployed then, and run deploy.",
        )
    request = {"EndpointName": name, "EndpointConfigName": back}
    steps = _change(request, found, found.leaving(back), project, own or {})
    return Plan(f"Endpoint {name} served {back} before {found.config_name}: going back.", steps)


def plan_rolled_back(name: str, found: FoundEndpoint, plan: Plan) -> Plan:
    """Return what is to be done when the endpoint has gone back: its mark is taken off."""
    if not (plan.steps or found.history.rolling_back):
        return Plan("")
    request = {"ResourceArn": found.arn, "Tags": tags.of({"rolling-back": ""})}
    return Plan("", (Step("add_tags", name, request),))


@dataclass(frozen=True)
class OwnResources:
    """What the kit has made for one endpoint, by name; what is known of configurations with it."""

    configs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    models: tuple[str, ...] = ()


def require_repeated(name: str, repeated: str) -> None:
    """Raise InputError unless the user has repeated the endpoint's name."""
    if repeated != name:
        raise InputError(
            f"Input 'endpoint-name' is '{repeated}', but the endpoint is called '{name}'.",
            why="It is asked for once more because what is deleted does not come back.",
            do="If that endpoint is to be deleted, give the input endpoint-name "
            f"(by hand: --endpoint-name {name}).",
        )


def plan_deletion(name: str, project: str, found: FoundEndpoint, made: OwnResources) -> Plan:
    """Return the steps that remove an endpoint and what was made for it.

    Raises UnsafePlanError where the endpoint is not this project's, MissingStepError where nothing
    is left of it.
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
            f"There is no endpoint {name}, and nothing else that was made for it.",
            do="If it has been deleted, all is done; else correct endpoint.name in sagemaker.yml.",
        )
    state = f"is {found.status}" if found.status else "is gone already"
    return Plan(f"Endpoint {name} {state}.", tuple(steps))
