"""Desired and found make a plan: steps in the order to take them, refused when unsafe. Pure."""

from matlab_sagemaker.plan.deletion import FoundMade, plan_deletion
from matlab_sagemaker.plan.endpoints import (
    CHANGING,
    SETTLED,
    FoundEndpoint,
    plan_deployment,
    plan_forgotten,
    plan_rollback,
    plan_rolled_back,
    rollback_target,
)
from matlab_sagemaker.plan.record import Record
from matlab_sagemaker.plan.steps import Call, Plan, Step
from matlab_sagemaker.plan.training import FoundJob, FoundUploads, plan_attached, plan_training

__all__ = [
    "CHANGING",
    "SETTLED",
    "Call",
    "FoundEndpoint",
    "FoundJob",
    "FoundMade",
    "FoundUploads",
    "Plan",
    "Record",
    "Step",
    "plan_attached",
    "plan_deletion",
    "plan_deployment",
    "plan_forgotten",
    "plan_rollback",
    "plan_rolled_back",
    "plan_training",
    "rollback_target",
]
