"""Requests about models, endpoint configurations and endpoints for the emulator's tests."""

from __future__ import annotations

from helpers.kit.waiting import eventually

BUSY = ("Creating", "Updating", "RollingBack", "Deleting")


class Host:
    def __init__(self, aws, image):
        self.aws, self.image, self.endpoints = aws, image, []

    def model(self, program="", **container):
        name = self.aws.name("model")
        whole = {"Image": self.image, "Environment": {"PROGRAM": program}, **container}
        self.aws.sm.create_model(
            ModelName=name, ExecutionRoleArn=self.aws.role, PrimaryContainer=whole
        )
        return name

    def variant(self, program="", container=None, **changes):
        whole = {
            "VariantName": "AllTraffic",
            "InstanceType": "ml.m5.large",
            "InitialInstanceCount": 1,
            "InitialVariantWeight": 1,
            **changes,
        }
        return {**whole, "ModelName": self.model(program, **(container or {}))}

    def config(self, *variants):
        name = self.aws.name("config")
        self.aws.sm.create_endpoint_config(
            EndpointConfigName=name, ProductionVariants=list(variants)
        )
        return name

    def create(self, *variants):
        name = self.aws.name("endpoint")
        self.aws.sm.create_endpoint(EndpointName=name, EndpointConfigName=self.config(*variants))
        self.endpoints.append(name)
        return name

    def endpoint(self, *variants):
        name = self.create(*variants)
        settled = self.settled(name)
        assert settled["EndpointStatus"] == "InService", settled.get("FailureReason")
        return name

    def settled(self, name):
        def fact():
            described = self.aws.sm.describe_endpoint(EndpointName=name)
            return described if described["EndpointStatus"] not in BUSY else None

        return eventually(fact)

    def update(self, name, *variants, **words):
        config = self.config(*variants)
        self.aws.sm.update_endpoint(EndpointName=name, EndpointConfigName=config, **words)
        return config

    def ask(self, name, body=b"x", **words):
        answer = self.aws.runtime.invoke_endpoint(EndpointName=name, Body=body, **words)
        return answer["Body"].read()
