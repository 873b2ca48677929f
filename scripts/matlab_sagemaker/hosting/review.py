"""Preview a deployment: find and show what it would change, and write nothing.

Reads only what a pull request's role may read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matlab_sagemaker.github import markdown
from matlab_sagemaker.github.facts import PlanFacts
from matlab_sagemaker.hosting import candidate, champion, change, endpoints, plan, preview, report
from matlab_sagemaker.training import gate

if TYPE_CHECKING:
    from matlab_sagemaker.aws.signin import DeploymentInputs, Target
    from matlab_sagemaker.github.run import Run
    from matlab_sagemaker.hosting.deployment import Deployment
    from matlab_sagemaker.hosting.plan import FoundEndpoint
    from matlab_sagemaker.project.content import AnyProject
    from matlab_sagemaker.training.deployable_model import DeployableModel


def dry_run(
    run: Run, project: AnyProject, target: Target, inputs: DeploymentInputs
) -> tuple[str, dict[str, Any]]:
    """Preview the deployment; the result is summary and outputs.

    Does not wait for a change of the endpoint in progress. In a pull request no deployed commit
    counts as newer, because the merge creates its own. Raises UnsafePlanError if the endpoint
    belongs to another project.
    """
    own, only, in_request = inputs.image, inputs.unless_newer, run.repository.pull_request
    if project.settings.inference is None and not own:
        return _nothing(run, project)
    desired, served, images = candidate.find(run, project, target, own)
    found = endpoints.find_now(target.aws, desired.endpoint_name)
    plan.require_own(desired.endpoint_name, desired.project, found)
    late = not in_request and change.is_overtaken(
        run, found, inputs.config.parent, unless_newer=only
    )
    if only and found.left_to_newer(overtaken=late):
        return change.leave_to_newer(run, target, project, found)
    serves = champion.find(project, target, found, with_job=True)
    judged = champion.judge(project, served, serves) if served.data else gate.NONE
    newest = None if in_request else found.newest_after(desired.commit, overtaken=late)
    shown = preview.preview(desired, found, serves, newest, images)
    run.log(shown.text)
    reviewed = preview.Review(shown=shown, judged=judged, serves=serves)
    run.facts.append(lambda: reviewed.facts)
    return report.review(target.aws, desired, reviewed)


def _nothing(run: Run, project: AnyProject) -> tuple[str, dict[str, Any]]:
    """Report the same for a project without a handler, which is no error in a dry run."""
    text = f"{project.file} has no section inference: nothing is deployed."
    run.facts.append(lambda: {"plan": PlanFacts(endpoint="", changes=False, text=text)})
    run.log(text)
    names = ("endpoint-name", "endpoint-config", "model-name", "model-data", "training-job")
    nothing = dict.fromkeys((*names, "endpoint-url", "left-to", "request"), "")
    outputs = {**nothing, "changed": False, **preview.NOT_REVIEWED}
    return f"### Plan: nothing is deployed\n\n{markdown.prose(text)}\n", outputs


def review(
    project: AnyProject,
    target: Target,
    desired: Deployment,
    served: DeployableModel,
    found: FoundEndpoint,
    *,
    overtaken: bool,
) -> preview.Review:
    """Find what making `desired` would change, and judge its model.

    The current configuration is looked up only if it differs from `desired`.
    """
    same = desired.is_known and found.serves(desired.config["EndpointConfigName"])
    serves = preview.configuration(desired) if same else champion.find(project, target, found)
    newest = found.newest_after(desired.commit, overtaken=overtaken)
    return preview.Review(
        shown=preview.preview(desired, found, serves, newest),
        judged=champion.judge(project, served, serves),
        serves=serves,
    )
