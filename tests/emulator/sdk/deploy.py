"""Deploys, updates, queries and deletes an endpoint by the SDK's resources; prints JSON."""

import json
import os

from sagemaker.core.resources import Endpoint, EndpointConfig, Model
from sagemaker.core.shapes import ContainerDefinition, ProductionVariant


def config(name, instance_type):
    variant = ProductionVariant(
        variant_name="A",
        model_name="sdk-model",
        instance_type=instance_type,
        initial_instance_count=1,
    )
    return EndpointConfig.create(endpoint_config_name=name, production_variants=[variant])


container = ContainerDefinition(image=os.environ["IMAGE"], model_data_url=os.environ["MODEL"])
model = Model.create(
    model_name="sdk-model", primary_container=container, execution_role_arn=os.environ["ROLE"]
)
first, second = config("sdk-config", "ml.m5.large"), config("sdk-config-2", "ml.m5.xlarge")
endpoint = Endpoint.create(endpoint_name="sdk-endpoint", endpoint_config_name="sdk-config")
endpoint.wait_for_status("InService", poll=1)
endpoint.endpoint_config_name = "sdk-config-2"
endpoint.update()
endpoint.wait_for_status("InService", poll=1)
answer = endpoint.invoke(body=b"5.1,3.5", content_type="text/csv")
result = {
    "status": endpoint.endpoint_status,
    "config": endpoint.endpoint_config_name,
    "answer": answer.body.read().decode(),
}
for made in (endpoint, first, second, model):
    made.delete()
print(json.dumps(result))
