"""Errors that a user can act on, each kind with its exit code; docs/steps.md lists them.

Anything that is not a KitError is a bug and keeps its traceback.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where in the user's repository an error is: a path relative to its root, and a line."""

    file: str
    line: int | None = None


def visible(text: str) -> str:
    """Replace each character that could control a terminal by its escape sequence."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    # Control characters, format characters such as a change of direction, unpaired surrogates.
    controls = unicodedata.category(character) in ("Cc", "Cf", "Cs") and character not in "\n\t"
    return ascii(character)[1:-1] if controls else character


class KitError(Exception):
    """What happened, why, and what to do about it."""

    exit_code = 1
    title = "Failed"
    verdict = "failure"

    def __init__(self, what: str, why: str = "", do: str = "", place: Place | None = None) -> None:
        self.what, self.why, self.do = map(visible, (what, why, do))
        super().__init__("\n".join(part for part in (self.what, self.why, self.do) if part))
        self.place = place

    @property
    def kind(self) -> str:
        """The kind of error, in one word for programs, such as trainingFailed."""
        if self.verdict != KitError.verdict:
            return self.verdict
        name = type(self).__name__.removesuffix("Error")
        return name[0].lower() + name[1:]


class TrainingFailedError(KitError):
    """The training job failed, was stopped, or reached its time limit."""

    title = "Training failed"


class StillTrainingError(KitError):
    """The training job has not ended within `longest-wait`; it keeps running."""

    title = "Still training"


class RehearsalFailedError(KitError):
    """Training or handler failed on the author's machine, or did not give the expected result."""

    title = "Rehearsal failed"


class HandlerFailedError(KitError):
    """The handler, tried with the trained model, failed or gave an unexpected answer."""

    title = "Handler failed"


class PredictionFailedError(KitError):
    """The endpoint answered with an error."""

    title = "Prediction failed"


class DeploymentFailedError(KitError):
    """The endpoint did not come into service with the requested configuration, or rolled back."""

    title = "Deployment failed"


class SmokeTestFailedError(KitError):
    """The deployed model gave an unexpected answer; the endpoint was rolled back if possible."""

    title = "Smoke test failed"


class InputError(KitError):
    """An input, sagemaker.yml or a file that it names is wrong. Nothing was sent."""

    exit_code = 2
    title = "Bad input"


class UnwrittenError(KitError):
    """The step's log or one of the runner's files cannot be written; the step's work is done."""

    exit_code = 2
    title = "Not written"


class MissingStepError(KitError):
    """An earlier step has not been run for these files, or there is no such endpoint."""

    exit_code = 3
    title = "An earlier step is missing"


class UnsafePlanError(KitError):
    """The plan would disturb something that is running, or use what others have written."""

    exit_code = 4
    title = "Refused"


class AwsError(KitError):
    """AWS refused a request, or there are no credentials."""

    exit_code = 5
    title = "AWS refused"


class UnreachableError(AwsError):
    """AWS did not answer or was busy, or a proxy answered instead; it may work later."""

    title = "AWS is out of reach"


class SignInError(AwsError):
    """The run could not assume its role."""

    title = "Not signed in to AWS"


class NotAllowedError(AwsError):
    """No permission to check this."""


class DeniedError(AwsError):
    """The current role or user does not have the permission; another may."""


class ImageError(KitError):
    """An image could not be built, pushed or run, or SageMaker would not accept it."""

    exit_code = 6
    title = "Image failed"


class DockerMissingError(ImageError):
    """No Docker engine answers."""

    exit_code = 7
    title = "No Docker"


class BuildxMissingError(ImageError):
    """Docker has no buildx."""

    exit_code = 8
    title = "No buildx"


class DiskFullError(ImageError):
    """There is not enough disk space for the image."""

    exit_code = 9
    title = "Disk full"


class RegistryError(ImageError):
    """The registry did not accept the whole image."""

    exit_code = 10
    title = "Push failed"


class RegistryLoginError(RegistryError):
    """The registry refused the login, or the login does not have the permission."""

    exit_code = 11
    title = "Registry refused"


class LicenceError(ImageError):
    """MATLAB did not start because it has no licence."""

    exit_code = 12
    title = "No licence"


class MatlabMissingError(ImageError):
    """MATLAB is needed, but this machine does not have it, or has another release."""

    exit_code = 15
    title = "No MATLAB"


class NotJudgedError(KitError):
    """The code cannot be checked here: MATLAB, a toolbox, Octave or the data are missing."""

    exit_code = 15
    title = "Not judged"


class UnknownProductError(ImageError):
    """mpm does not know a product of this name."""

    exit_code = 13
    title = "Unknown product"


class UnknownReleaseError(ImageError):
    """There is no such MATLAB release."""

    exit_code = 14
    title = "Unknown release"


class GitHubError(KitError):
    """GitHub refused a request or could not be reached."""

    exit_code = 16
    title = "GitHub refused"


class OverwriteError(KitError):
    """`init` would overwrite a file that differs; nothing was written."""

    exit_code = 17
    title = "Not overwritten"


class NotReadyError(KitError):
    """`doctor`, or `deploy` before it changed anything, found a problem."""

    exit_code = 18
    title = "Not ready"


class GateError(KitError):
    """The model breaks a rule of `gate` or `champion`; `deploy` changed nothing.

    If you change the rules, the job is not trained again.
    """

    exit_code = 19
    title = "Not good enough"


class InterruptedRunError(KitError):
    """The run was cancelled.

    A training job that it has started is stopped; a deployment continues on AWS.
    """

    exit_code = 130
    title = "Cancelled"
    verdict = "cancelled"
