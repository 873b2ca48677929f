"""An endpoint by the SDK's resources; prints what it answers as JSON."""

import json
import os

from sagemaker.core.resources import Endpoint, EndpointConfig, Model
from sagemaker.core.shapes import ContainerDefinition, ProductionVariant

container = ContainerDefinition(image=os.environ["IMAGE"], model_data_url=os.environ["MODEL"])
model = Model.create(
    model_name="sdk-model", primary_container=container, execution_role_arn=os.environ["ROLE"]
)
variant = ProductionVariant(
    variant_name="A", model_name="sdk-model", instance_type="ml.m5.large", initial_instance_count=1
)
config = EndpointConfig.create(endpoint_config_name="sdk-config", production_variants=[variant])
endpoint = Endpoint.create(endpoint_name="sdk-endpoint", endpoint_config_name="sdk-config")
endpoint.wait_for_status("InService", poll=1)
answer = endpoint.invoke(body=b"5.1,3.5", content_type="text/csv")
result = {"status": endpoint.endpoint_status, "answer": answer.body.read().decode()}
endpoint.delete()
config.delete()
model.delete()
print(json.dumps(result))
