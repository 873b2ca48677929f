"""The SDK's version 2: fit, attach, deploy, update, predict, delete; prints JSON."""

import json
import os

import sagemaker
from emulated import EmulatedSession
from sagemaker.estimator import Estimator
from sagemaker.model import Model
from sagemaker.predictor import Predictor
from sagemaker.serializers import CSVSerializer

role = os.environ["ROLE"]
session = sagemaker.Session(EmulatedSession(), default_bucket="bucket")
fitted = Estimator(
    image_uri=os.environ["TRAINING_IMAGE"],
    role=role,
    instance_count=1,
    instance_type="ml.m5.large",
    hyperparameters={"program": os.environ["PROGRAM"]},
    output_path="s3://bucket/v2/out",
    base_job_name="v2",
    max_run=60,
    sagemaker_session=session,
)
fitted.fit({"training": "s3://bucket/sdk/input/"}, logs=False)
attached = Estimator.attach(fitted.latest_training_job.name, sagemaker_session=session)

model = Model(
    image_uri=os.environ["SERVING_IMAGE"],
    model_data=attached.model_data,
    role=role,
    name="v2-model",
    predictor_cls=Predictor,
    sagemaker_session=session,
)
predictor = model.deploy(1, "ml.m5.large", endpoint_name="v2-endpoint", serializer=CSVSerializer())
predictor.update_endpoint(initial_instance_count=1, instance_type="ml.m5.xlarge")
answer = predictor.predict([[5.1, 3.5]])
result = {
    "account": session.account_id(),
    "model": attached.model_data,
    "answer": answer.decode().strip(),
}
predictor.delete_model()
predictor.delete_endpoint()
print("\n" + json.dumps(result))  # after what the SDK prints while it waits
