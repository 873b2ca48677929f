"""The plans that change what an endpoint serves: a deployment, and the way back from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from matlab_sagemaker import tags
from matlab_sagemaker.errors import MissingStepError, UnsafePlanError
from matlab_sagemaker.plan.record import Record
from matlab_sagemaker.plan.steps import Plan, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.resources import Deployment, Request


@dataclass(frozen=True)
class FoundEndpoint:
    """What AWS has of an endpoint, and of what it is to serve."""

    model: bool = False
    config: bool = False
    config_arn: str = ""  # of what it is to serve, where that is there
    config_name: str | None = None  # of the endpoint; None: there is no endpoint
    status: str | None = None
    arn: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)  # what its tags say, or what it has left
    changing: bool = False  # when it was first looked at; the tags are of that moment
    overtaken: bool = False  # the commit to be deployed is older than `newest`, as git tells

    @property
    def record(self) -> Record:
        """What the tags tell of the past."""
        return Record.of(self.facts)

    @property
    def way_back(self) -> str:
        """What a rollback brings; empty where nothing is known of it.

        A rollback that was interrupted goes on. A change that was under way when we came is the one
        to be undone: back to what served before it, even if it has failed meanwhile. Of an endpoint
        that is not there the record is what one left that was to be made anew.
        """
        record = self.record
        if self.config_name is None:
            return record.aim(None) or record.previous(None)
        undone = record.served[0] if self.changing and record.served else ""
        return record.aim(self.config_name) or undone or record.previous(self.config_name)

    @property
    def newest(self) -> str:
        """The newest commit that was deployed; empty where nothing is known of it."""
        return self.record.newest(self._serves)

    @property
    def left_to_newer(self) -> bool:
        """Whether a run that gives way leaves the endpoint to a commit that is newer than its own.

        What was deployed counts, and not what is on the branch: a newer commit may deploy nothing,
        such as a bot's, or one with [skip ci]. A rollback does not count either: what it brought is
        older on purpose, and a late run of what is older than the commit rolled back does not undo
        it; the next merge does. An endpoint that does not serve is left to nobody.
        """
        return self.overtaken and self._serves is not None

    @property
    def _serves(self) -> str | None:
        return self.config_name if self.status == "InService" else None

    def leaving(self, aim: str = "") -> Record:
        """Return the record to write before the endpoint is changed: only what serves counts."""
        record = self.record.leaving(self._serves)
        if not (aim and self.config_name):  # nothing to go back from: it is made as the aim
            return record
        return replace(record, rolling_back=(self.config_name, aim))


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


def plan_deployment(desired: Deployment, found: FoundEndpoint) -> Plan:
    """Return the steps that make the endpoint serve `desired`.

    Raises UnsafePlanError where the endpoint is not this project's, or where SageMaker would refuse
    after the model was made already.
    """
    require_own(desired.endpoint_name, desired.project, found)
    wanted = desired.config["EndpointConfigName"]
    keeps = found.overtaken or not desired.commit
    newest = found.newest if keeps else desired.commit  # when all is done
    if found.config_name == wanted and found.status == "InService":
        because = f"Endpoint {desired.endpoint_name} serves exactly this already"
        if newest == found.newest:
            return Plan(f"{because}: nothing to do.")
        noted = replace(found.record, deployed=(newest,))
        note = _write(desired.endpoint_name, found, noted)
        return Plan(f"{because}: its newest commit is noted.", note)
    record = found.leaving().deploying(newest, wanted)
    steps = []
    if not found.model:
        steps.append(Step("create_model", desired.model["ModelName"], desired.model))
    if not found.config:
        kept = tags.of(_kept(found, record))
        request = {**desired.config, "Tags": [*desired.config["Tags"], *kept]}
        steps.append(Step("create_endpoint_config", wanted, request))
    change = _change(desired.endpoint, found, record, desired.project)
    return Plan(_because(desired, found), (*steps, *change))


def _because(desired: Deployment, found: FoundEndpoint) -> str:
    if found.status is None:
        return f"There is no endpoint {desired.endpoint_name} yet."
    if found.status == "Failed":
        return f"Endpoint {desired.endpoint_name} has failed and serves nothing: it is made anew."
    return f"Endpoint {desired.endpoint_name} serves {found.config_name}."


def _change(
    request: Request, found: FoundEndpoint, record: Record, project: str
) -> tuple[Step, ...]:
    """Return the steps from what the endpoint serves to `request`; the record comes first."""
    name = request["EndpointName"]
    facts = {"project": project, **{key: text for key, text in record.facts.items() if text}}
    create = Step("create_endpoint", name, {**request, "Tags": tags.of(facts)})
    match found.status:
        case None:
            return (create,)
        case "InService" | "OutOfService":
            return (*_write(name, found, record), Step("update_endpoint", name, request))
        case "Failed":  # SageMaker lets a failed endpoint only be deleted
            delete = Step("delete_endpoint", name, {"EndpointName": name})
            return (*_keep(request, found, record), delete, create)
        case status:
            raise UnsafePlanError(
                f"Endpoint {name} is {status}; SageMaker lets nobody change it now.",
                why="Its last update failed, and so did the way back."
                if status == "UpdateRollbackFailed"
                else "",
                do=f"Look at it (`aws sagemaker describe-endpoint --endpoint-name {name}`), then "
                "delete it or ask AWS Support, and run again.",
            )


def _kept(found: FoundEndpoint, record: Record) -> dict[str, str]:
    """Return what is to be kept of an endpoint's record while there is no endpoint."""
    lost = found.status == "Failed" and any(record.facts.values())
    return record.facts if lost else {}


def _keep(request: Request, found: FoundEndpoint, record: Record) -> tuple[Step, ...]:
    """Return the step that keeps the record with the configuration that is to be served.

    One that is made for it has been made with the record.
    """
    kept = _kept(found, record)
    target = {"ResourceArn": found.config_arn, "Tags": tags.of(kept)}
    keep = Step("add_tags", request["EndpointConfigName"], target)
    return (keep,) if kept and found.config else ()


def plan_forgotten(keepers: Mapping[str, str]) -> Plan:
    """Return what is to be done when an endpoint made anew serves: it alone has the record now.

    Else one that somebody deletes much later would be made anew from what was kept until then, in
    the tags of the `keepers`, configurations with their ARNs.
    """
    blank = tags.of(Record().facts)
    requests = {name: {"ResourceArn": arn, "Tags": blank} for name, arn in keepers.items()}
    return Plan("", tuple(Step("add_tags", name, request) for name, request in requests.items()))


def _write(name: str, found: FoundEndpoint, record: Record) -> tuple[Step, ...]:
    """Return the step that writes the record, where it says anything new."""
    old, new = found.record.facts, record.facts
    changed = {key: text for key, text in new.items() if text != old[key]}
    request = {"ResourceArn": found.arn, "Tags": tags.of(changed)}
    return (Step("add_tags", name, request),) if changed else ()


def rollback_target(name: str, found: FoundEndpoint) -> str:
    """Return the configuration to go back to; raise a KitError where there is none."""
    if found.status is None and not found.way_back:
        raise MissingStepError(
            f"There is no endpoint {name}.",
            do="Run deploy first, or correct endpoint.name in sagemaker.yml.",
        )
    if not found.way_back:
        raise UnsafePlanError(
            f"Nothing is known that endpoint {name} served before {found.config_name}.",
            why="deploy records it in the endpoint's tags when it puts something new in its place.",
            do="To serve an older model, check out its commit and run deploy.",
        )
    return found.way_back


def plan_rollback(name: str, project: str, target: str, found: FoundEndpoint) -> Plan:
    """Return the steps back to `target`; `found` tells whether that and its model are there.

    Raises UnsafePlanError where they are not, where the endpoint is not this project's, or where
    SageMaker lets nobody change it.
    """
    require_own(name, project, found)
    if found.config_name == target and found.status == "InService":
        return Plan(f"Endpoint {name} serves {target}, where it was to go back: nothing to do.")
    if not (found.config and found.model):
        gone = f"The model of {target}" if found.config else f"The configuration {target}"
        raise UnsafePlanError(
            f"{gone} is not there any more; endpoint {name} cannot go back to it.",
            why=f"Somebody has deleted it; {found.config_name} is left in service."
            if found.status == "InService"
            else "Somebody has deleted it.",
            do="Check out the commit that was deployed then, and run deploy.",
        )
    request = {"EndpointName": name, "EndpointConfigName": target}
    steps = _change(request, found, found.leaving(target), project)
    if found.status is None:
        return Plan(f"Endpoint {name} was to be made anew with {target}, and is not there.", steps)
    return Plan(f"Endpoint {name} served {target} before {found.config_name}: going back.", steps)


def plan_rolled_back(name: str, found: FoundEndpoint, plan: Plan) -> Plan:
    """Return what is to be done when the endpoint has gone back: its mark is taken off."""
    if found.status is None or not (plan.steps or found.record.rolling_back):
        return Plan("")
    request = {"ResourceArn": found.arn, "Tags": tags.of({"rolling-back": ""})}
    return Plan("", (Step("add_tags", name, request),))
