"""A training job and a deployment as a project describes them."""

from matlab_sagemaker.hosting import deployment
from matlab_sagemaker.training import job

JOB = job.TrainingJob(
    project="pump",
    image_key="c" * 64,
    function="trainModel",
    hyperparameters={"Depth": "3"},
    channels=(job.Channel(name="training", uri="s3://b/p/", content={"a.csv": "1"}),),
    products=("MATLAB",),
    instance_type="ml.m5.large",
    instance_count=1,
    volume_gb=30,
    metrics={"accuracy": "accuracy: (.*)"},
    max_runtime=3600,
    role="arn:aws:iam::123456789012:role/sagemaker-training",
    output="s3://b/jobs/pump",
    seal="s3://b/sealed/pump",
)
DEPLOYMENT = deployment.Deployment(
    project="pump",
    endpoint_name="pump",
    image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/matlab-sagemaker/release@sha256:"
    + "a" * 64,
    model_data="s3://b/sealed/pump/pump-1/1/model.tar.gz",
    training_job="pump-1",
    role="arn:aws:iam::123456789012:role/sagemaker-serving",
    instance_type="ml.m5.large",
    instance_count=1,
)
IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/matlab-sagemaker/release@sha256:" + "b" * 64
