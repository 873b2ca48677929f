"""Checks the AWS account: roles, bucket, images, secret, permissions. It only reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matlab_sagemaker.aws import bucket_rules, ecr, ecr_images, iam, s3, secrets
from matlab_sagemaker.checks import Check, fine, skipped, warned, wrong
from matlab_sagemaker.doctor import arns
from matlab_sagemaker.doctor import findings as doctor_findings
from matlab_sagemaker.doctor.permissions import IN_VPC
from matlab_sagemaker.doctor.roles import Principals
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import build_context
from matlab_sagemaker.project.content import GivenProject
from matlab_sagemaker.training import given, job

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.aws.signin import Target
    from matlab_sagemaker.doctor.arns import On
    from matlab_sagemaker.doctor.roles import Scope
    from matlab_sagemaker.project.build_context import BuildContext, Stage
    from matlab_sagemaker.project.content import AnyProject

# Each check, and the steps that need it.
USERS: Mapping[str, tuple[str, ...]] = {
    "training role": ("train", "try-handler"),
    "serving role": ("deploy",),
    "bucket": ("train", "try-handler", "deploy"),
    "bucket rules": ("deploy",),
    "training image": ("build-training-image", "train", "try-handler"),
    "inference image": ("compile-handler", "deploy"),
    "batch token": ("train", "try-handler"),
}


class AccountCheckup:
    """Checks a project's account for the steps that it is given."""

    def __init__(
        self, project: AnyProject, target: Target, steps: tuple[str, ...], scope: Scope
    ) -> None:
        self._project = project
        self._target = target
        self._aws = target.aws
        self._steps = steps
        self._scope = scope
        self._missing: set[On] = set()  # created by a step later
        self._secret = ""  # its ARN, if there is one

    def findings(self) -> list[Check]:
        """Run all checks; those on which the permissions depend come first."""
        looks = {
            "training role": self._training_role,
            "serving role": self._serving_role,
            "bucket": self._bucket,
            "bucket rules": self._bucket_rules,
            "training image": self._training_image,
            "inference image": self._inference_image,
            "batch token": self._token,
        }
        found = [
            doctor_findings.look(what, see, for_another=self._scope.for_another)
            if set(self._steps) & set(USERS[what])
            else skipped(what, f"not needed by {', '.join(self._steps)}")
            for what, see in looks.items()
        ]
        return found + self._permissions()

    def _training_role(self) -> Check:
        return self._role("training role", self._target.training_role)

    def _serving_role(self) -> Check:
        return self._role("serving role", self._target.serving_role)

    def _role(self, what: str, role: str) -> Check:
        iam.require_role(self._aws, role)
        if self._project.settings.aws.vpc is None:
            return fine(what, f"{role} exists")
        lacking = Principals(self._aws, self._scope, self._names()).lacking(role, IN_VPC)
        if lacking:
            return wrong(
                what,
                f"{role} needs more permissions for aws.vpc: {', '.join(lacking)}",
                "Update the stack of scripts/setup/aws.yml with VpcSubnets and VpcSecurityGroups, "
                "or add them to the role's policy (the kit's docs/aws-permissions.md).",
            )
        return fine(what, f"{role} exists and may use the VPC")

    @property
    def _maker(self) -> str:
        """The step that creates a missing bucket."""
        return "deploy" if isinstance(self._project, GivenProject) else "train"

    def _bucket(self) -> Check:
        bucket = self._target.bucket
        if not s3.bucket_exists(self._aws, bucket):
            self._missing.add("bucket")
            return fine("bucket", f"{bucket} does not exist yet; {self._maker} creates it")
        region = s3.region_of(self._aws, bucket)
        if region != self._aws.region:
            raise InputError(
                f"The bucket {bucket} is in {region}, but the jobs run in {self._aws.region}.",
                do=f"Set aws.bucket in sagemaker.yml to a bucket in {self._aws.region}.",
            )
        return fine("bucket", f"{bucket} exists and belongs to this account")

    def _bucket_rules(self) -> Check:
        """Check the bucket's policy and lifecycle rules, as deploy does."""
        bucket = self._target.bucket
        if not s3.bucket_exists(self._aws, bucket):
            return fine(
                "bucket rules",
                f"{bucket} does not exist yet; {self._maker} creates both",
            )
        place = job.seal(bucket, self._project.name)
        if isinstance(self._project, GivenProject):
            place = given.place(bucket, self._project.name)
        bucket_rules.require(self._aws, place)
        return fine("bucket rules", "nothing can be overwritten, and no model expires")

    def _training_image(self) -> Check:
        if isinstance(self._project, GivenProject):
            return skipped("training image", "not needed: sagemaker.yml names a model")
        if own := self._project.training.image:
            return self._own_training_image(ecr_images.require_own_training(self._aws, own))
        context = self._project.training_image
        return self._image("training image", context, "build-training-image")

    def _own_training_image(self, image: str) -> Check:
        there = f"{image} exists, and SageMaker accepts it"
        if why := ecr_images.why_not_derived(self._aws, image):
            return warned(
                "training image",
                f"{there}, but deploy does not accept it. {why}",
                ecr_images.DERIVE,
            )
        if lack := ecr_images.which_products_lack(self._aws, image, self._project.settings.matlab):
            return warned("training image", f"{there}. {lack}", ecr_images.HOLD_PRODUCTS)
        return fine("training image", there)

    def _inference_image(self) -> Check:
        context = self._project.inference_image
        return self._image("inference image", context, "compile-handler")

    def _image(self, what: str, context: BuildContext, maker: str) -> Check:
        stage: Stage = "candidate" if context.purpose == "training" else "release"
        repositories = build_context.REPOSITORIES[stage]
        for repository in repositories:
            ecr.require_rules(self._aws, repository)
        if maker in self._steps and not ecr.find(self._aws, repositories, context.tag):
            return skipped(what, f"not built yet; {maker} builds it")
        ecr.require_image(self._aws, context, maker, repositories)
        return fine(what, f"{context.tag} exists")

    def _token(self) -> Check:
        matlab = self._project.settings.matlab
        name = matlab.batch_token_secret
        if matlab.engine == "octave":
            return skipped("batch token", "not needed with the engine octave")
        if not name:
            return skipped("batch token", "sagemaker.yml has no matlab.batch_token_secret")
        found = secrets.find(self._aws, name)
        self._secret = found["ARN"]
        secrets.require_value(name, found)
        return fine("batch token", f"the secret {name} has a value")

    def _permissions(self) -> list[Check]:
        wanted = {
            step: doctor_findings.needed(step, self._missing, with_secret=bool(self._secret))
            for step in self._steps
        }
        return Principals(self._aws, self._scope, self._names()).findings(wanted)

    def _names(self) -> arns.ResourceNames:
        project, vpc = self._project, self._project.settings.aws.vpc
        return arns.ResourceNames(
            partition=self._aws.partition,
            region=self._aws.region,
            account=self._aws.account,
            project=project.name,
            endpoint=project.endpoint_name,
            bucket=self._target.bucket,
            training_role=self._target.training_role,
            serving_role=self._target.serving_role,
            secret=self._secret,
            subnets=",".join(vpc.subnets) if vpc else "",
            security_groups=",".join(vpc.security_groups) if vpc else "",
            **_asked_for(project),
        )


def _asked_for(project: AnyProject) -> dict[str, Any]:
    """Return the properties of the training job that IAM policies can limit, if there is one."""
    if isinstance(project, GivenProject):
        return {}
    training = project.training
    return {"instance_type": training.instance_type, "max_runtime": training.max_runtime}
