"""Trains with the SDK's ModelTrainer, and describes the job by its name; prints JSON."""

import json
import os

from emulated import EmulatedSession
from sagemaker.core.helper.session_helper import Session
from sagemaker.core.resources import TrainingJob
from sagemaker.core.training.configs import Compute, InputData, OutputDataConfig, StoppingCondition
from sagemaker.train import ModelTrainer

session = Session(EmulatedSession(), default_bucket="bucket")
trainer = ModelTrainer(
    training_image=os.environ["IMAGE"],
    role=os.environ["ROLE"],
    sagemaker_session=session,
    base_job_name="sdk",
    hyperparameters={"program": os.environ["PROGRAM"]},
    compute=Compute(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=5),
    output_data_config=OutputDataConfig(s3_output_path="s3://bucket/sdk/out"),
    stopping_condition=StoppingCondition(max_runtime_in_seconds=60),
)
data = InputData(channel_name="training", data_source="s3://bucket/sdk/input/")
trainer.train(input_data_config=[data], wait=True, logs=False)
job = TrainingJob.get(trainer._latest_training_job.training_job_name)
answer = {
    "account": session.account_id(),
    "status": job.training_job_status,
    "model": job.model_artifacts.s3_model_artifacts,
}
print(json.dumps(answer))
