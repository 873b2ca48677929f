"""Doctor's looks at the account: role, bucket, images, secret, permissions. It only reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matlab_sagemaker import arns, diagnosis, trust
from matlab_sagemaker.aws import registry, repositories, roles, secrets, storage
from matlab_sagemaker.diagnosis import Finding, fine, skipped
from matlab_sagemaker.errors import InputError, MissingStepError
from matlab_sagemaker.principals import Principals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.arns import On
    from matlab_sagemaker.contexts import Context
    from matlab_sagemaker.opening import Opened
    from matlab_sagemaker.principals import Asked

# What is looked at, and the steps for which it is.
USERS: Mapping[str, tuple[str, ...]] = {
    "execution role": ("train", "deploy"),
    "bucket": ("train",),
    "training image": ("build-training-image", "train"),
    "inference image": ("compile-handler", "deploy"),
    "batch token": ("train",),
}


class Account:
    """The account of a project, as some of the steps need it."""

    def __init__(self, opened: Opened, steps: tuple[str, ...], asked: Asked) -> None:
        self._opened = opened
        self._aws = opened.aws
        self._steps = steps
        self._asked = asked
        self._missing: set[On] = set()  # what a step will make
        self._secret = ""  # its ARN, where there is one

    def findings(self) -> list[Finding]:
        """Return what was found; first what the permissions depend on."""
        looks = {
            "execution role": self._role,
            "bucket": self._bucket,
            "training image": self._training_image,
            "inference image": self._inference_image,
            "batch token": self._token,
        }
        found = [
            diagnosis.look(what, see, for_another=self._asked.for_another)
            if set(self._steps) & set(USERS[what])
            else skipped(what, f"not needed by {', '.join(self._steps)}")
            for what, see in looks.items()
        ]
        return found + self._permissions()

    def _role(self) -> Finding:
        role = self._opened.where.role
        return trust.of_sagemaker("execution role", role, roles.trust(self._aws, role))

    def _bucket(self) -> Finding:
        bucket = self._opened.where.bucket
        if not storage.bucket_exists(self._aws, bucket):
            self._missing.add("bucket")
            return fine("bucket", f"{bucket} is not there yet: train makes it")
        region = storage.region_of(self._aws, bucket)
        if region != self._aws.region:
            raise InputError(
                f"The bucket {bucket} is in {region}, and the jobs run in {self._aws.region}.",
                do="Name a bucket of that Region with aws.bucket in sagemaker.yml.",
            )
        return fine("bucket", f"{bucket} is there, and ours")

    def _training_image(self) -> Finding:
        context = self._opened.training_context()
        return self._image("training image", context, "build-training-image")

    def _inference_image(self) -> Finding:
        context = self._opened.inference_context()
        return self._image("inference image", context, "compile-handler")

    def _image(self, what: On, context: Context, maker: str) -> Finding:
        if repositories.find(self._aws, context.repository) is None:
            self._missing.add(what)
        elif registry.find(self._aws, context.repository, context.tag):
            return fine(what, f"{context.repository}:{context.tag} is there")
        if maker in self._steps:
            return skipped(what, f"not built yet: {maker} makes it")
        raise MissingStepError(
            f"There is no {context.repository}:{context.tag}.", do=f"Run {maker} first."
        )

    def _token(self) -> Finding:
        matlab = self._opened.loaded.project.matlab
        name = matlab.batch_token_secret
        if matlab.engine == "octave":
            return skipped("batch token", "not needed by the engine octave")
        if not name:
            return skipped("batch token", "sagemaker.yml names no matlab.batch_token_secret")
        found = secrets.find(self._aws, name)
        self._secret = found["ARN"]
        secrets.require_value(name, found)
        return fine("batch token", f"the secret {name} holds a value")

    def _permissions(self) -> list[Finding]:
        wanted = {
            step: diagnosis.needed(step, self._missing, with_secret=bool(self._secret))
            for step in self._steps
        }
        return Principals(self._aws, self._asked, self._names()).findings(wanted)

    def _names(self) -> arns.Names:
        project = self._opened.loaded.project
        return arns.Names(
            partition=self._aws.partition,
            region=self._aws.region,
            account=self._aws.account,
            project=project.name,
            endpoint=project.endpoint_name,
            bucket=self._opened.where.bucket,
            role=self._opened.where.role,
            secret=self._secret,
        )
