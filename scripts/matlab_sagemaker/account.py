"""Doctor's looks at the account: role, bucket, images, secret, permissions. It only reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matlab_sagemaker import diagnosis, permissions
from matlab_sagemaker.aws import registry, repositories, roles, secrets, storage
from matlab_sagemaker.diagnosis import Finding, fine, skipped
from matlab_sagemaker.errors import InputError, KitError, MissingStepError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matlab_sagemaker.contexts import Context
    from matlab_sagemaker.opening import Opened
    from matlab_sagemaker.permissions import On, Permission

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

    def __init__(self, opened: Opened, steps: tuple[str, ...], principal: str) -> None:
        self._opened = opened
        self._aws = opened.aws
        self._steps = steps
        self._principal = principal  # ARN; empty: whoever asks
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
            diagnosis.look(what, see)
            if set(self._steps) & set(USERS[what])
            else skipped(what, f"not needed by {', '.join(self._steps)}")
            for what, see in looks.items()
        ]
        return found + self._permissions()

    def _role(self) -> Finding:
        role = self._opened.where.role
        return diagnosis.trusting("execution role", role, roles.trust(self._aws, role))

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
            return fine(what, f"not built yet: {maker} makes it")
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
        self._secret = secrets.require(self._aws, name)
        if not secrets.has_value(self._aws, name):
            raise MissingStepError(
                f"The secret {name} holds no value.",
                do="Put the batch token into it: aws secretsmanager put-secret-value "
                f"--secret-id {name} --secret-string file://token.txt",
            )
        return fine("batch token", f"the secret {name} holds a value")

    def _permissions(self) -> list[Finding]:
        """Return a finding a step; IAM is asked once about each kind of thing."""
        wanted = {
            step: diagnosis.needed(step, self._missing, with_secret=bool(self._secret))
            for step in self._steps
        }
        try:
            denied = self._denied([p for listed in wanted.values() for p in listed])
        except KitError as error:
            return [diagnosis.wrong("permissions", error)]
        return [diagnosis.allowed(step, listed, denied) for step, listed in wanted.items()]

    def _denied(self, wanted: Sequence[Permission]) -> set[tuple[str, On]]:
        aws = self._aws
        arn = roles.principal(aws, self._principal or roles.caller(aws))
        kinds: dict[On, set[str]] = {}
        for p in wanted:
            kinds.setdefault(p.on, set()).add(p.action)
        return {
            (action, on)
            for on, actions in kinds.items()
            for action in roles.denied(
                aws, arn, sorted(actions), permissions.resource(on, self._names())
            )
        }

    def _names(self) -> permissions.Names:
        project = self._opened.loaded.project
        return permissions.Names(
            partition=self._aws.partition,
            region=self._aws.region,
            account=self._aws.account,
            project=project.name,
            endpoint=project.endpoint_name,
            bucket=self._opened.where.bucket,
            role=self._opened.where.role,
            secret=self._secret,
        )
