"""Errors that a user can act on, each kind with its own exit code.

Anything that is not a KitError is a bug and keeps its traceback.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where in the user's repository an error lies: a path relative to its root, and a line."""

    file: str
    line: int | None = None


class KitError(Exception):
    """What happened, why, and what to do about it."""

    exit_code = 1
    title = "Failed"
    verdict = "failure"

    def __init__(self, what: str, why: str = "", do: str = "", place: Place | None = None) -> None:
        super().__init__("\n".join(part for part in (what, why, do) if part))
        self.what = what
        self.why = why
        self.do = do
        self.place = place


class TrainingFailedError(KitError):
    """The training job ended, but not as Completed."""

    title = "Training failed"


class StillTrainingError(KitError):
    """The training job has not ended in the time that a run may wait; it goes on."""

    title = "Still training"


class PredictionFailedError(KitError):
    """The endpoint answered with an error."""

    title = "Prediction failed"


class DeploymentFailedError(KitError):
    """The endpoint did not come into service with what was asked, or rolled back."""

    title = "Deployment failed"


class InputError(KitError):
    """An input or sagemaker.yml is wrong. Nothing was sent."""

    exit_code = 2
    title = "Bad input"


class MissingStepError(KitError):
    """An earlier step has not been run, so there is nothing to go on from."""

    exit_code = 3
    title = "An earlier step is missing"


class UnsafePlanError(KitError):
    """The plan would take down or disturb something that is running."""

    exit_code = 4
    title = "Refused"


class AwsError(KitError):
    """AWS refused a request or could not be reached."""

    exit_code = 5
    title = "AWS refused"


class SignInError(AwsError):
    """The role that the run was to assume was not given to it."""

    title = "Not signed in to AWS"


class NotAllowedError(AwsError):
    """AWS does not let us look; that says nothing of what we would have seen."""


class DeniedError(AwsError):
    """AWS does not allow it to the one who asks; another may have the right."""


class ImageError(KitError):
    """An image could not be built, pushed or run."""

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
    """There is no room for the image."""

    exit_code = 9
    title = "Disk full"


class RegistryError(ImageError):
    """The registry did not take the image."""

    exit_code = 10
    title = "Push failed"


class RegistryLoginError(RegistryError):
    """The registry refused who we are, or what we may."""

    exit_code = 11
    title = "Registry refused"


class LicenceError(ImageError):
    """MATLAB did not start for want of a licence."""

    exit_code = 12
    title = "No licence"


class MatlabMissingError(ImageError):
    """MATLAB is needed, and there is none on the machine, or one of another release."""

    exit_code = 15
    title = "No MATLAB"


class UnknownProductError(ImageError):
    """mpm knows no such product."""

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


class ReadOnlyTokenError(GitHubError):
    """The token may not write to the pull request."""


class OverwriteError(KitError):
    """A file of the user's stands where one would be written, and differs."""

    exit_code = 17
    title = "Not overwritten"


class NotReadyError(KitError):
    """Something that the steps need is missing or wrong."""

    exit_code = 18
    title = "Not ready"


class InterruptedRunError(KitError):
    """The run was cancelled while it was waiting."""

    exit_code = 130
    title = "Cancelled"
    verdict = "cancelled"
